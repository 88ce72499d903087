"""``pharos replay`` of a session file, and ``pharos session list`` of what came of it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

import deploy
from deploy.cli import ledger, replay, session
from deploy.errors import EmptyRangeError, UnknownCityError

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("_log_put_back")]

CITY = Path(deploy.__file__).parent / "cities" / "trondheim.yaml"
FILE = """\
session_ID;Garage_ID;User_ID;Shared_ID;Start_plugin;End_plugout;El_kWh
1;AdO3;AdO3-4;NA;21.12.2018 10:20;21.12.2018 10:23;0,3
2;AdO3;Share-2;Shared-2;21.12.2018 10:24;NA;0,87
3;AdO3;Share-9;Shared-2;31.03.2019 02:30;31.03.2019 04:00;1,5
4;Nowhere;x;NA;21.12.2018 10:20;21.12.2018 10:23;0,3
"""
LISTED = ("session", "list", "--city", "trondheim", "--from", "2018-12-21", "--to", "2018-12-22", "--json")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sessions.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def run(url: str, *arguments: str) -> Result:
    app = typer.Typer()
    for command in (replay, ledger, session):
        command.register(app)
    return CliRunner().invoke(app, arguments, env={"PHAROS_DATABASE_URL": url})


def test_a_file_of_sessions_is_loaded_counted_and_listed(database_url: str, file: Path) -> None:
    arguments = ("replay", "--city", str(CITY), "--mapping", "trondheim-sessions", "--json", str(file))
    loaded = run(database_url, *arguments)
    assert json.loads(loaded.stdout) == {"received": 4, "stored": 2, "duplicate": 0, "conflict": 0, "quarantined": 2}
    assert json.loads(run(database_url, *arguments).stdout)["duplicate"] == 4
    (account,) = json.loads(run(database_url, "ledger", "--json").stdout)
    assert (account["source"], account["received"], account["balanced"]) == ("replay:trondheim-sessions", 8, True)

    first, second = json.loads(run(database_url, *LISTED).stdout)
    assert (first["device"], first["begin"], first["energy_kwh"]) == ("ado3-private", "2018-12-21T09:20:00Z", 0.3)
    assert (second["device"], second["end"], second["flags"]) == ("ado3-shared-2", None, ["missing_plug_out"])
    assert "missing_plug_out" in run(database_url, *LISTED[:-1]).stdout
    assert len(json.loads(run(database_url, *LISTED, "--flag", "missing_plug_out").stdout)) == 1


def test_a_day_is_one_of_the_city(database_url: str, file: Path) -> None:
    run(database_url, "replay", "--city", str(CITY), "--mapping", "trondheim-sessions", str(file))
    begun = "2018-12-21T09:20:00Z"
    ending_there = ("session", "list", "--json", "--from", "2018-12-21", "--to", begun)
    beginning_there = ("session", "list", "--json", "--from", begun, "--to", "2018-12-22")
    assert [len(json.loads(run(database_url, *asked).stdout)) for asked in (ending_there, beginning_there)] == [0, 2]


def test_a_range_of_sessions_that_ends_before_it_begins_is_refused(database_url: str, file: Path) -> None:
    run(database_url, "replay", "--city", str(CITY), "--mapping", "trondheim-sessions", str(file))
    ended = run(database_url, "session", "list", "--from", "2018-12-22", "--to", "2018-12-21")
    assert isinstance(ended.exception, EmptyRangeError)


def test_sessions_of_a_city_that_nobody_registered_are_refused(database_url: str) -> None:
    assert isinstance(run(database_url, *LISTED).exception, UnknownCityError)
