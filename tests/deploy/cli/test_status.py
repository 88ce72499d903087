"""``pharos status``: one screen, one sentence for each cause."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry
from typer.testing import CliRunner

from deploy.causes import Unreadiness
from deploy.cli import app
from deploy.cli.status import register
from deploy.embedded import ports
from deploy.errors import SettingsError
from deploy.internal import serve
from deploy.progress import Progress, Waiting
from deploy.report import Report
from deploy.settings import Address

MEANS = "readings are not being stored"


@pytest.fixture
def causes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Unreadiness]:
    told = Unreadiness(clock=lambda: datetime(2026, 11, 29, 9, 24, 10, tzinfo=UTC))
    here = Address("127.0.0.1", ports.choose())
    report = Report(MEANS, told, Progress([], [Waiting("unacknowledged message", lambda: 41.0)]), lambda: ["loading"])
    monkeypatch.setenv("PHAROS_ROLES", f"ingest={here}")
    with closing(serve(here, report, CollectorRegistry())):
        yield told


def invoke(*arguments: str) -> tuple[int, str]:
    register(app)
    result = CliRunner().invoke(app, ["status", *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_while_everything_moves_that_is_all_it_says(causes: Unreadiness) -> None:
    del causes
    code, told = invoke()
    assert code == 0
    assert told.startswith("Everything moves.\nloading\n")
    assert "unacknowledged message: 41 s" in told


def test_what_does_not_move_is_said_in_a_sentence_first(causes: Unreadiness) -> None:
    causes.set("broker", "ingest lost the broker")
    code, told = invoke()
    assert code == 1
    assert told.startswith("readings are not being stored since 09:24:10Z: ingest lost the broker\n")


def test_programs_are_told_the_same_as_json(causes: Unreadiness) -> None:
    causes.set("broker", "ingest lost the broker")
    code, told = invoke("--json")
    document = json.loads(told)
    assert code == 1
    assert document["not_moving"] == ["readings are not being stored since 09:24:10Z: ingest lost the broker"]
    assert document["notes"] == ["loading"]
    (ingest,) = document["roles"]
    assert ingest["oldest"] == {"unacknowledged message": 41.0}
    assert ingest["troubles"][0]["since"] == "2026-11-29T09:24:10+00:00"


def test_where_no_role_is_known_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHAROS_DATA", "/nowhere")
    monkeypatch.delenv("PHAROS_ROLES", raising=False)
    with pytest.raises(SettingsError, match="PHAROS_ROLES: not set"):
        invoke()
