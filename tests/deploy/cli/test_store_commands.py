"""``pharos db``, ``ledger`` and ``quarantine`` on a real database."""

import json
from collections.abc import Callable

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import db, ledger, quarantine
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.observation import RawMessage
from processors.storage.database import connect
from processors.storage.sink import Sink
from processors.stream import Stream

pytestmark = pytest.mark.integration

Run = Callable[..., Result]


def _runner(url: str) -> Run:
    app = typer.Typer()
    for command in (db, ledger, quarantine):
        command.register(app)
    return lambda *arguments: CliRunner().invoke(app, arguments, env={"PHAROS_DATABASE_URL": url})


@pytest.fixture
def run(database_url: str) -> Run:
    nowhere = Catalogue([], Ids({}, {}))
    with connect(database_url, "test") as connection:
        stream = Stream(Sink(connection, nowhere, "mqtt"), nowhere)
        stream.accept([RawMessage("x", b"\xff\x00", 1), RawMessage("x", b"rubbish", 2), RawMessage("x", b"rubbish", 3)])
    return _runner(database_url)


def test_migrate_brings_an_empty_database_to_the_current_schema(empty_database_url: str) -> None:
    run = _runner(empty_database_url)
    assert run("db", "status").exit_code == 1
    assert "applied 0001_schema" in run("db", "migrate").stdout
    assert "Nothing to do" in run("db", "migrate").stdout
    status = run("db", "status", "--json")
    assert status.exit_code == 0
    assert json.loads(status.stdout)[0]["name"] == "0001_schema"


def test_the_ledger_is_shown_and_balances(run: Run) -> None:
    shown = run("ledger", "--json")
    assert shown.exit_code == 0
    (account,) = json.loads(shown.stdout)
    del account["updated_at"]
    outcomes = {"received": 3, "stored": 0, "duplicate": 1, "conflict": 0, "quarantined": 2}
    assert account == {"city": "", "source": "mqtt", "balanced": True, **outcomes}
    assert "(unknown)" in run("ledger").stdout
    assert json.loads(run("ledger", "--city", "elsewhere", "--json").stdout) == []


def test_refused_messages_are_listed_the_latest_first(run: Run) -> None:
    found = json.loads(run("quarantine", "list", "--json").stdout)
    assert [(one["payload"], one["encoding"], one["occurrences"]) for one in found] == [
        ("rubbish", "utf-8", 2),
        ("ff00", "hex", 1),
    ]
    assert json.loads(run("quarantine", "list", "--reason", "implausible", "--json").stdout) == []
    assert "undecodable" in run("quarantine", "list", "--limit", "1").stdout


def test_one_refused_message_is_shown_whole(run: Run) -> None:
    number = json.loads(run("quarantine", "list", "--json").stdout)[0]["quarantine_id"]
    assert "payload: rubbish" in run("quarantine", "show", str(number)).stdout
    absent = run("quarantine", "show", "999999")
    assert absent.exit_code == 1
    assert "no refused message 999999" in absent.stderr
