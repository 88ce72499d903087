"""Alarms of a database reach people by mail, webhook and Apprise: at least once; who is away holds up nobody."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from aiosmtpd.controller import Controller
from typer import Typer
from typer.testing import CliRunner, Result

from deploy.cli.notify import register as COMMAND  # noqa: N812 - the fixture app asks for this name
from deploy.embedded import ports
from deploy.errors import NotificationError
from deploy.notifications import declaration
from deploy.notifications.notifier import Notifier
from kpi_engine.alarms import journal, store
from kpi_engine.alarms.handling import Handler
from kpi_engine.alarms.journal import AlarmFilter
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from tests import towns
from tests.deploy.letterbox import Letterbox
from tests.deploy.notifications.posted import Posted

__all__ = ["COMMAND"]
pytestmark = pytest.mark.integration

RAISED: Final = datetime(2026, 11, 10, 6, 30, tzinfo=UTC)
METERS: Final = 25


@pytest.fixture
def town(database_url: str) -> Iterator[Connection]:
    """Return a database with a town of some meters, which were silent since a morning."""
    meters = [towns.heat_meter("heat_energy", name=f"meter-{number:02}") for number in range(METERS)]
    with connect(database_url, "test") as connection:
        catalogue = sync(connection, [towns.city(*meters, name="town")])
        devices = [entry.device_id for entry in catalogue.devices.values()]
        every: Callable[[object], list[object]] = lambda one: [one] * METERS  # noqa: E731 - of one row each
        facts = {"devices": devices, "values": every(9.0), "thresholds": every(3.0), "details": every("heard nothing")}
        connection.execute(
            store.SQL["alarm_raise"],
            {"rule": "silence", "severity": "major", "unit": "", "times": every(RAISED)} | facts,
        )
        connection.commit()
        yield connection


class Clock:
    """The time of a test."""

    def __init__(self) -> None:
        self.now = RAISED + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.now


def declared(folder: Path, mail_port: int, posted: Posted) -> Path:
    (folder / "secret").write_text("of the control room\n")
    (folder / "services").write_text(f"json://{posted.url.replace('alarms', 'apprise')}\n")
    path = folder / "notifications.yaml"
    path.write_text(
        f"""
receivers:
  shift: {{mail: [shift@example.org]}}
  control-room: {{webhook: {{url: "http://{posted.url}", secret_file: {folder}/secret}}}}
  team: {{apprise_file: {folder}/services}}
routes: [{{receiver: shift}}, {{receiver: control-room}}, {{receiver: team, least: critical}}]
mail_server: {{host: 127.0.0.1, port: {mail_port}, security: none, sender: pharos@example.org}}
console: https://pharos.example.org/
"""
    )
    return path


@pytest.fixture
def file(tmp_path: Path, mail_server: Controller, posted: Posted) -> Path:
    return declared(tmp_path, mail_server.port, posted)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notifier(file: Path, clock: Clock) -> Notifier:
    return Notifier(declaration.load(file), clock)


def test_a_silent_morning_is_one_message_to_each_and_its_end_another(  # noqa: PLR0917 - fixtures
    town: Connection,
    notifier: Notifier,
    clock: Clock,
    mail_server: Controller,
    letterbox: Letterbox,
    posted: Posted,
    tmp_path: Path,
) -> None:
    mail_server.start()
    assert notifier.step(town) == 2
    assert notifier.step(town) == 0
    (letter,) = letterbox.letters
    assert letter["Subject"] == f"[major] town: Device silent, {METERS} devices"
    text = letter.get_content()
    assert "- Meter" not in text.replace("- meter", "")
    assert "since 2026-11-10 07:30 CET: heard nothing" in text
    assert "and 5 more." in text
    assert "pharos alarms ack 1" in text
    assert "https://pharos.example.org/" in text

    (body,), (headers,) = posted.bodies, posted.headers
    document: dict[str, Any] = json.loads(body)
    assert (document["occasion"], len(document["alarms"])) == ("raised", METERS)
    assert document["alarms"][0]["raised_at"] == "2026-11-10T06:30:00.000Z"
    secret = (tmp_path / "secret").read_bytes().strip()
    assert headers["pharos-signature"] == f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"

    town.execute("update alarm set cleared_at = %s", [RAISED + timedelta(hours=1)])
    town.commit()
    clock.now += timedelta(hours=1)
    assert (notifier.step(town), notifier.step(town)) == (2, 0)
    assert letterbox.letters[1]["Subject"] == f"[major] town: Cleared: Device silent, {METERS} devices"


def test_whoever_is_away_is_told_later_and_holds_up_nobody(  # noqa: PLR0917 - fixtures
    town: Connection, notifier: Notifier, clock: Clock, mail_server: Controller, letterbox: Letterbox, posted: Posted
) -> None:
    posted.status = 503
    assert notifier.step(town) == 0
    assert [note.partition(":")[0] for note in notifier.notes()] == ["control-room", "shift"]
    assert "127.0.0.1 answers 503" in notifier.notes()[0]
    posted.status = 200
    mail_server.start()
    assert notifier.step(town) == 0, "nobody is asked again at once"
    clock.now += timedelta(minutes=1)
    assert notifier.step(town) == 2
    assert notifier.notes() == []
    assert len(letterbox.letters) == 1
    assert posted.headers[0]["idempotency-key"] == posted.headers[1]["idempotency-key"]


def test_a_notifier_that_dies_before_it_wrote_down_what_it_told_tells_it_again(
    town: Connection,
    notifier: Notifier,
    posted: Posted,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object) -> None:
        raise psycopg.OperationalError("the server went away")

    with monkeypatch.context() as dying:
        dying.setattr("deploy.notifications.record.write", die)
        with pytest.raises(psycopg.OperationalError):
            notifier.step(town)
    town.rollback()
    assert notifier.step(town) == 1
    assert posted.headers[0]["idempotency-key"] == posted.headers[1]["idempotency-key"]


def test_what_somebody_saw_in_the_meantime_is_told_to_nobody(
    town: Connection, notifier: Notifier, posted: Posted
) -> None:
    for alarm in journal.read(town, AlarmFilter(), 100):
        Handler(town, "somebody", RAISED).acknowledge([alarm.alarm_id])
    town.commit()
    assert notifier.step(town) == 0
    assert posted.bodies == []


@pytest.fixture
def notify(app: Typer, database_url: str) -> Callable[..., Result]:
    return lambda *arguments: CliRunner().invoke(app, ["notify", *arguments], env={"PHAROS_DATABASE_URL": database_url})


def test_a_trial_reaches_mail_webhook_and_apprise(
    notify: Callable[..., Result], file: Path, mail_server: Controller, letterbox: Letterbox, posted: Posted
) -> None:
    mail_server.start()
    for receiver in ("shift", "control-room", "team"):
        result = notify("test", str(file), receiver)
        assert result.exception is None, repr(result.exception)
        assert result.output == f"{receiver} was sent a trial, and it was taken.\n"
    assert [letter["Subject"] for letter in letterbox.letters] == ["Pharos: a trial"]
    assert [json.loads(body).get("occasion") for body in posted.bodies] == ["trial", None]
    assert json.loads(posted.bodies[1])["title"] == "Pharos: a trial"
    posted.status = 500
    for receiver in ("control-room", "team", "nobody"):
        assert isinstance(notify("test", str(file), receiver).exception, NotificationError)


def test_who_was_told_is_listed(
    town: Connection, notify: Callable[..., Result], file: Path, mail_server: Controller
) -> None:
    mail_server.start()
    assert town.closed is False
    assert notify("run", str(file), "--once").exit_code == 0
    told = json.loads(notify("sent", "--json").output)
    assert sorted((one["receiver"], one["rule"], one["alarms"]) for one in told) == [
        ("control-room", "silence", METERS),
        ("shift", "silence", METERS),
    ]
    assert "Device silent" in notify("sent").output


def test_a_receiver_that_cannot_be_told_is_an_error_of_a_single_round(
    town: Connection, notify: Callable[..., Result], tmp_path: Path, posted: Posted
) -> None:
    assert town.closed is False
    result = notify("run", str(declared(tmp_path, ports.choose(), posted)), "--once")
    assert isinstance(result.exception, NotificationError)
    assert "shift: 127.0.0.1" in str(result.exception)
    assert len(posted.bodies) == 1
