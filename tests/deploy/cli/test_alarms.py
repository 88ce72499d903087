"""``pharos alarms`` from outside: what is open, and who has seen it."""

import json

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import alarms
from deploy.errors import UnknownCityError
from ingest.model.city.city_file import parse
from ingest.model.time import MINUTE
from kpi_engine.alarms.watcher import Watcher
from kpi_engine.errors import AlarmError
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

CITY = town(heat_meter(every="PT10M"), name="town")
NOW = 1_790_000_000_000_000


@pytest.fixture(autouse=True)
def _silent_meter(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHAROS_DATABASE_URL", database_url)
    with connect(database_url, "test") as connection:
        sync(connection, [parse(CITY, "town.yaml")])
        connection.commit()
        watcher = Watcher(connection)
        for minute in range(7):
            watcher.step(NOW + minute * MINUTE)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(alarms._group, arguments)


def test_open_alarms_are_listed() -> None:
    (alarm,) = json.loads(run("list", "--json").stdout)
    assert (alarm["city"], alarm["device"], alarm["rule"], alarm["cleared_at"]) == ("town", "meter", "silence", None)
    shown = run("list", "--city", "town", "--device", "meter", "--rule", "silence", "--all").stdout
    assert "nothing was heard on time" in shown
    assert json.loads(run("list", "--rule", "low_delta_t", "--json").stdout) == []


def test_an_alarm_is_acknowledged_by_whom_it_says() -> None:
    number = json.loads(run("list", "--json").stdout)[0]["alarm_id"]
    assert "acknowledged by Night shift" in run("ack", str(number), "--by", "Night shift").stdout
    assert json.loads(run("ack", str(number), "--json").stdout)["acknowledged_by"] == "Night shift"
    assert "Night shift" in run("list").stdout


def test_what_does_not_exist_is_refused() -> None:
    assert isinstance(run("ack", "999").exception, AlarmError)
    assert isinstance(run("list", "--city", "atlantis").exception, UnknownCityError)
