"""What runs and does not move is told once, a role that hangs is ended, and a broker that stores nothing restarted."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from prometheus_client import CollectorRegistry

from deploy import disk
from deploy.causes import STARTING, Unreadiness
from deploy.embedded import ports
from deploy.embedded.broker import Broker
from deploy.embedded.canary import Canary
from deploy.embedded.caretaker import Caretaker, Patience, Wards
from deploy.embedded.role_process import RoleProcess
from deploy.internal import Listener, serve
from deploy.report import Report
from deploy.settings import Address
from tests.conftest import RunningBroker

pytestmark = pytest.mark.process

MEANS = "readings are not being stored"
AT_ONCE = Patience(every=0.05, telling=0, naming=0, killing=0, losing=3600, starting=0, storing=0, restarting=0)
PATIENCE_SECONDS = 180.0


class FakeProcess:
    """A role's process whose end is written down."""

    name = "ingest"
    exit_code = None
    started = 0.0
    kills = 0
    share: float | None = None
    """Of a core, what it computes; None where the system does not tell."""

    @property
    def cpu_seconds(self) -> float | None:
        """How long it has computed."""
        return None if self.share is None else self.share * time.monotonic()

    def kill(self) -> None:
        """End it."""
        self.kills += 1


class FakeBroker:
    """A broker that is not there, or does not answer."""

    name = "NATS server"
    canary_secret = "of nobody"  # noqa: S105 - nobody is there
    stops = 0

    def __init__(self) -> None:
        self.inner = Address("127.0.0.1", ports.choose())

    def stop(self) -> None:
        """Stop it."""
        self.stops += 1


class Stage:
    """A role that listens, and a caretaker that looks after it."""

    def __init__(self, folder: Path, patience: Patience = AT_ONCE) -> None:
        self.causes, self.news, self.looks = Unreadiness(), list[str](), 0
        self.process, self.broker = FakeProcess(), FakeBroker()
        self.address = Address("127.0.0.1", ports.choose())
        self.listener: Listener | None = serve(self.address, Report(MEANS, self.causes), CollectorRegistry())
        wards = Wards([cast(RoleProcess, self.process)], self._roles, cast(Broker, self.broker), folder)
        self.caretaker = Caretaker(wards, self.news.append, patience)

    def close(self) -> None:
        """End the caretaker and the role."""
        self.caretaker.close()
        self.hang()

    def _roles(self) -> dict[str, Address]:
        self.looks += 1
        return {"ingest": self.address}

    def until(self, condition: Callable[[], object]) -> None:
        """Attend until ``condition`` holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, self.news
            self.caretaker.attend()
            time.sleep(0.02)

    def hang(self) -> None:
        """Let the role answer no more."""
        if self.listener:
            self.listener.close()
            self.listener = None


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with closing(Stage(tmp_path)) as one:
        yield one


def test_a_cause_is_told_once_whatever_is_said_of_it_and_so_is_its_end(stage: Stage) -> None:
    stage.causes.set("broker", "trying again in 0.2 s")
    stage.until(lambda: stage.news)
    stage.causes.set("broker", "trying again in 0.4 s")
    stage.causes.set("registry", "city files are not seen")
    stage.causes.clear("broker")
    stage.until(lambda: len(stage.news) >= 3)
    stage.causes.clear("registry")
    stage.until(lambda: stage.news[-1] == "everything moves again")
    assert stage.news[0].startswith(f"NOT MOVING: {MEANS} since ")
    assert sorted(stage.news[1:3]) == ["NOT MOVING: city files are not seen", f"over: {MEANS}"]


@pytest.mark.parametrize(("starting", "told"), [(3600, []), (0, [f"NOT MOVING: {MEANS}"])])
def test_what_a_role_has_not_reached_yet_is_no_news_while_it_starts(
    tmp_path: Path, starting: float, told: list[str]
) -> None:
    with closing(Stage(tmp_path, replace(AT_ONCE, starting=starting))) as stage:
        stage.process.started = time.monotonic()
        stage.causes.set("database", STARTING)
        stage.until(lambda: stage.looks > 3)
        assert [one.partition(" since ")[0] for one in stage.news] == told
        stage.causes.set("database", "it does not answer")
        stage.until(lambda: stage.news)


def test_a_role_that_answered_once_and_then_hangs_is_ended(stage: Stage) -> None:
    stage.causes.set("broker", "it is away")
    stage.until(lambda: stage.news)  # it has answered
    stage.hang()
    stage.until(lambda: stage.process.kills)
    assert "ingest has not answered for 0 s: it hangs. Ending it" in stage.news


@pytest.mark.parametrize("share", [0.0, 0.9])
def test_a_role_that_stands_still_or_turns_in_a_circle_is_ended(stage: Stage, share: float) -> None:
    stage.process.share = share
    stage.causes.set("broker", "it is away")
    stage.until(lambda: stage.news)
    stage.hang()
    stage.until(lambda: stage.process.kills)


def test_a_role_that_only_computes_slowly_is_told_once_and_left_until_it_stands_still(stage: Stage) -> None:
    stage.process.share = 0.1
    stage.causes.set("broker", "it is away")
    stage.until(lambda: stage.news)
    stage.hang()
    stage.until(lambda: "ingest has not answered for 0 s, but it works" in "\n".join(stage.news))
    for _ in range(10):
        stage.caretaker.attend()
    assert stage.process.kills == 0
    assert sum("but it works" in one for one in stage.news) == 1
    stage.process.share = 0.0
    stage.until(lambda: stage.process.kills)


def test_a_role_that_has_not_answered_since_its_start_is_left_to_start(stage: Stage) -> None:
    stage.hang()
    stage.process.started = time.monotonic()
    stage.until(lambda: any("ingest does not answer" in one for one in stage.news))
    assert stage.process.kills == 0


def test_a_broker_that_acknowledges_nothing_is_restarted_once_the_disk_has_room(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = ["the disk has 0 MiB left"]
    monkeypatch.setattr(disk, "shortage", lambda _: room[0] if room else None)
    monkeypatch.setattr(Canary, "silence", property(lambda _: 60.0))
    stage.caretaker.attend()
    assert stage.broker.stops == 0
    assert stage.caretaker.causes()["broker"].sentence.startswith(
        "the broker stores nothing of what is published since "
    )
    room.clear()
    stage.until(lambda: stage.broker.stops)
    assert "NATS server does not store what is published, although the disk has room" in "\n".join(stage.news)


@pytest.mark.integration
def test_a_canary_comes_back_from_a_broker_that_stores(broker: RunningBroker) -> None:
    returned, deadline = 0, time.monotonic() + PATIENCE_SECONDS
    with closing(Canary(broker.server.inner, broker.server.canary_secret)) as canary:
        while returned < 3:
            assert time.monotonic() < deadline, "no canary came back"
            canary.publish()
            time.sleep(0.1)
            returned += not canary.is_waiting
