"""``pharos db``, ``ledger`` and ``quarantine`` on a real database."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

import deploy
from deploy.cli import city, db, kpi, ledger, quarantine
from deploy.errors import UnknownCityError
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.city import city_file
from ingest.model.observation import RawMessage
from processors.errors import UnitChangeError
from processors.intake.stream import Stream
from processors.storage.database import connect
from processors.storage.readings.quarantine import expire
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import load, sync

pytestmark = pytest.mark.integration

CITIES = Path(deploy.__file__).parent / "cities"
Run = Callable[..., Result]


def _runner(url: str) -> Run:
    app = typer.Typer()
    for command in (city, db, kpi, ledger, quarantine):
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


def test_a_city_that_nobody_registered_is_refused_and_the_known_ones_are_named(run: Run, database_url: str) -> None:
    with connect(database_url, "test") as connection:
        sync(connection, [city_file.load(CITIES / "demo.yaml"), city_file.load(CITIES / "heat-meter-660.yaml")])
    span = ("--from", "2026-01-01", "--to", "2026-02-01")
    for command in (
        ("ledger", "--city", "demo"),
        ("quarantine", "list", "--city", "demo"),
        ("kpi", "values", "heat_delivered", "--city", "demo", *span),
        ("kpi", "recompute", "--city", "demo", *span),
    ):
        refused = run(*command)
        assert isinstance(refused.exception, UnknownCityError), command
        assert str(refused.exception) == ("no city is called 'demo'; registered are denmark-sample, sonderborg-demo")
    assert json.loads(run("ledger", "--city", "sonderborg-demo", "--json").stdout) == []


def test_refused_messages_are_listed_the_latest_first(run: Run) -> None:
    found = json.loads(run("quarantine", "list", "--json").stdout)
    assert [(one["payload"], one["encoding"], one["occurrences"]) for one in found] == [
        ("rubbish", "utf-8", 2),
        ("ff00", "hex", 1),
    ]
    assert json.loads(run("quarantine", "list", "--reason", "implausible", "--json").stdout) == []
    shown = run("quarantine", "list", "--limit", "1")
    assert "bad_topic" in shown.stdout  # what is said on a topic of nobody is not read as a native message
    cursor = shown.stderr.split("--cursor ")[1].strip()
    (rest,) = json.loads(run("quarantine", "list", "--cursor", cursor, "--json").stdout)
    assert rest["payload"] == "ff00"
    assert json.loads(run("quarantine", "list", "--to", "1970-01-01T00:00:00Z", "--json").stdout) == []


def test_refused_messages_are_taken_once_more_by_number_or_by_choice(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "configure", lambda _role: None)
    number = json.loads(run("quarantine", "list", "--json").stdout)[0]["quarantine_id"]
    taken = json.loads(run("quarantine", "replay", str(number), "--json").stdout)
    assert taken == {"messages": 0, "unchanged": 1, "stored": 0, "duplicate": 0, "conflict": 0, "quarantined": 0}
    assert "2 messages would be refused for the same reasons" in run("quarantine", "replay", "--all").stdout
    assert "no refused message 999999" in run("quarantine", "replay", "999999").stderr
    assert run("quarantine", "replay").exit_code == 2


def test_one_refused_message_is_shown_whole(run: Run) -> None:
    number = json.loads(run("quarantine", "list", "--json").stdout)[0]["quarantine_id"]
    assert "payload: rubbish" in run("quarantine", "show", str(number)).stdout
    absent = run("quarantine", "show", "999999")
    assert absent.exit_code == 1
    assert "no refused message 999999" in absent.stderr


def test_an_expired_payload_is_said_to_be(run: Run, database_url: str) -> None:
    with connect(database_url, "test") as connection:
        expire(connection, datetime.now(UTC))
    listed = json.loads(run("quarantine", "list", "--json").stdout)
    assert [(one["payload"], one["encoding"], one["occurrences"]) for one in listed] == [
        (None, "expired", 2),
        (None, "expired", 1),
    ]
    assert "payload: expired" in run("quarantine", "show", str(listed[0]["quarantine_id"])).stdout


def test_a_city_file_is_applied_and_a_unit_of_stored_readings_is_not_changed(
    run: Run, database_url: str, tmp_path: Path
) -> None:
    text = (CITIES / "demo.yaml").read_text()
    path = tmp_path / "demo.yaml"
    path.write_text(text)
    applied = run("city", "apply", str(path))
    assert (applied.exit_code, applied.stdout) == (0, "sonderborg-demo is registered with 18 devices\n")
    with connect(database_url, "test") as connection:
        catalogue = load(connection)
        meter = next(one for one in catalogue.devices.values() if "heat_energy" in one.series)
        address = next(key for key, one in catalogue.devices.items() if one is meter)
        payload = b'{"time": 1700000000000, "values": {"heat_energy": 1}}'
        stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue)
        stream.accept([RawMessage("pharos/v1/{}/{}/telemetry".format(*address), payload, 1_700_000_001_000_000)])
    document = catalogue.cities["sonderborg-demo"].model_dump(mode="json")
    for series in (one for device in document["devices"] for one in device["series"]):
        series["unit"] = "GJ" if series["quantity"] == "heat_energy" else series["unit"]
    path.write_text(json.dumps(document))
    refused = run("city", "apply", str(path))
    assert isinstance(refused.exception, UnitChangeError)
    assert f"{meter.name}, heat_energy, unit: its readings from 2023-11-14T22:13:20Z" in str(refused.exception)
