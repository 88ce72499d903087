"""``pharos city apply`` says what a file would take out of figures, and does that only when told to."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import city, replay
from deploy.roles.start_files import StartFiles
from ingest.errors import MappingError
from ingest.model.city.city_file import load, parse
from ingest.model.observation import RawMessage
from processors.intake.stream import Stream
from processors.storage.database import Connection
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import load as registered
from processors.storage.registry.registry import sync
from tests.processors.test_revisions import CITY, MAPPING, METER, NOON, TOPIC
from tests.towns import town

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("_log_put_back")]

Run = Callable[..., Result]
RENAMED, REPLACED = town({**METER, "name": "main-meter", "native_id": "meter"}), town({**METER, "name": "main-meter"})


@pytest.fixture
def connection(connection: Connection) -> Connection:
    catalogue = sync(connection, [parse(CITY, "harbour.yaml")])
    payload = f'{{"time": {NOON // 1000}, "values": {{"electricity_energy": 3.9}}}}'
    Stream(Sink(connection, catalogue, "mqtt"), catalogue).accept([RawMessage(TOPIC, payload.encode(), 2**51)])
    return connection


@pytest.fixture
def run(database_url: str, connection: Connection) -> Run:
    del connection
    app = typer.Typer()
    city.register(app)
    replay.register(app)
    return lambda *arguments: CliRunner().invoke(app, arguments, env={"PHAROS_DATABASE_URL": database_url})


def _names(connection: Connection) -> list[str]:
    return [device.name for device in registered(connection).devices.values()]


def _file(folder: Path, text: str) -> str:
    (folder / "harbour.yaml").write_text(text)
    return str(folder / "harbour.yaml")


def test_a_rename_is_told_and_done(run: Run, connection: Connection, tmp_path: Path) -> None:
    told = run("city", "apply", _file(tmp_path, RENAMED))
    assert told.exit_code == 0
    assert told.stdout == (
        "harbour: meter is called main-meter from now on; its readings and figures stay its own\n"
        "harbour is registered with 1 devices\n"
    )
    assert _names(connection) == ["main-meter"]


def test_what_takes_the_past_out_of_figures_is_not_done_before_it_was_told(
    run: Run, connection: Connection, tmp_path: Path
) -> None:
    path = _file(tmp_path, REPLACED)
    told = run("city", "apply", path)
    assert told.exit_code == 1
    assert "harbour: meter leaves, and with it the past of 1 series" in told.stderr
    assert "if main-meter is the same device, give it native_id: meter" in told.stderr
    assert "Nothing was changed" in told.stderr
    assert _names(connection) == ["meter"]
    refused = run("city", "apply", path, "--json")
    assert refused.exit_code == 1
    (one,) = json.loads(refused.stdout)
    assert one["losses"][0].startswith("meter leaves, and with it the past of 1 series")
    assert (one["city"], one["devices"], one["applied"]) == ("harbour", 1, False)
    assert _names(connection) == ["meter"]
    (done,) = json.loads(run("city", "apply", "--yes", path, "--json").stdout)
    assert done["applied"] is True
    assert _names(connection) == ["main-meter"]


def test_what_is_registered_is_listed_shown_and_compared(run: Run, tmp_path: Path) -> None:
    (listed,) = json.loads(run("city", "list", "--json").stdout)
    assert (listed["city"], listed["devices"]) == ("harbour", 1)
    assert "harbour" in run("city", "list").stdout
    shown = run("city", "show", "harbour")
    assert run("city", "diff", _file(tmp_path, shown.stdout)).stdout == "What is registered says the same.\n"
    differing = run("city", "diff", _file(tmp_path, RENAMED))
    assert differing.exit_code == 1
    assert "+- name: main-meter" in differing.stdout
    assert "meter is called main-meter from now on" in differing.stdout
    document = run("city", "show", "harbour", "--json")
    assert json.loads(document.stdout)["devices"][0]["name"] == "meter"
    (same,) = json.loads(run("city", "diff", _file(tmp_path, document.stdout), "--json").stdout)
    assert same == {"city": "harbour", "news": [], "losses": [], "lines": []}
    told = run("city", "diff", _file(tmp_path, RENAMED), "--json")
    assert told.exit_code == 1
    (other,) = json.loads(told.stdout)
    assert "+- name: main-meter" in other["lines"]
    assert "meter is called main-meter from now on" in other["news"][0]
    unknown = run("city", "show", "harbor")
    assert unknown.exit_code == 1
    assert unknown.stderr == "harbor: expected a registered city: harbour\n"


def test_a_city_is_taken_out_of_use_after_today_and_its_readings_stay(run: Run, connection: Connection) -> None:
    told = run("city", "remove", "harbour")
    assert told.exit_code == 1
    assert "1 devices are valid up to and with" in told.stdout
    assert "Nothing was changed" in told.stderr
    before = connection.execute("select count(*) from observation").fetchone()
    foreseen = json.loads(run("city", "remove", "harbour", "--json").stdout)
    assert (foreseen["devices"], foreseen["removed"]) == (1, False)
    done = json.loads(run("city", "remove", "harbour", "--yes", "--json").stdout)
    assert done == {**foreseen, "removed": True}
    assert connection.execute("select count(*) from observation").fetchone() == before
    (device,) = registered(connection).devices.values()
    (ends,) = connection.execute("select valid_to from device").fetchone() or (None,)
    assert str(ends - timedelta(days=1)) in told.stdout
    assert device.name == "meter"


def test_history_is_not_loaded_with_a_file_that_takes_the_past_out_of_figures(
    run: Run, connection: Connection, tmp_path: Path
) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    (tmp_path / "data.csv").write_text("time,kwh\n2026-11-21T13:00:00Z,1\n")
    files = ("--mapping", str(tmp_path / "mapping.yaml"), str(tmp_path / "data.csv"))
    refused = run("replay", "--city", _file(tmp_path, REPLACED), *files)
    assert isinstance(refused.exception, MappingError)
    assert "meter leaves" in str(refused.exception)
    assert _names(connection) == ["meter"]


def test_a_revision_is_given_with_the_files(run: Run, connection: Connection, tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    for value, revision in ((1.1, "2026-11-24T00:00:00Z"), (7.0, "5")):
        (tmp_path / "data.csv").write_text(f"time,kwh\n2026-11-21T12:00:00Z,{value}\n")
        files = ("--mapping", str(tmp_path / "mapping.yaml"), str(tmp_path / "data.csv"))
        assert run("replay", "--city", "harbour", "--revision", revision, *files).exit_code == 0
    assert connection.execute("select value from observation").fetchall() == [(1.1,)]
    assert run("replay", "--city", "harbour", "--revision", "soon", *files).exit_code == 2


def test_a_role_is_not_started_into_an_older_file_that_devices_would_leave(
    connection: Connection, tmp_path: Path
) -> None:
    StartFiles([load(Path(_file(tmp_path, REPLACED)))]).register(connection)
    assert _names(connection) == ["meter"]
    StartFiles([load(Path(_file(tmp_path, RENAMED)))]).register(connection)
    assert _names(connection) == ["main-meter"]
