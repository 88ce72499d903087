"""``pharos correct`` on a real database: what it says, what it refuses, and that it can be taken back."""

import json
from collections.abc import Callable
from itertools import chain

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import correct
from deploy.errors import CorrectionError, UnknownCityError
from ingest.errors import UnitError
from ingest.model.city.city_file import parse
from ingest.model.observation import RawMessage
from processors.intake.stream import Stream
from processors.storage.database import connect
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from tests.processors.test_revisions import CITY, NOON, TOPIC

pytestmark = pytest.mark.integration

Run = Callable[..., Result]
WHO = ("--author", "A. Larsen", "--reason", "read on site")


@pytest.fixture
def store() -> str:
    return "postgresql"


@pytest.fixture
def run(database_url: str) -> Run:
    with connect(database_url, "test") as connection:
        connection.autocommit = True
        catalogue = sync(connection, [parse(CITY, "harbour.yaml")])
        payload = json.dumps(
            [{"time": NOON // 1000 + hour * 3_600_000, "values": {"electricity_energy": 3.9}} for hour in range(3)]
        )
        Stream(Sink(connection, catalogue, "mqtt"), catalogue).accept([RawMessage(TOPIC, payload.encode(), 2**51)])
    app = typer.Typer()
    correct.register(app)
    environment = {"PHAROS_DATABASE_URL": database_url}
    return lambda *arguments: CliRunner().invoke(app, ["correct", *arguments], env=environment)


def _series(**changed: str) -> list[str]:
    chosen = {"--city": "harbour", "--device": "meter", "--quantity": "electricity_energy", "--value": "1.1"}
    return list(chain.from_iterable((chosen | {f"--{name}": value for name, value in changed.items()}).items()))


def _values(database_url: str) -> list[float]:
    with connect(database_url, "test") as connection:
        return [value for (value,) in connection.execute("select value from observation order by time")]


def test_one_reading_is_corrected_listed_and_the_correction_withdrawn(run: Run, database_url: str) -> None:
    told = run(*_series(at="2026-11-21T13:00:00+01:00"), *WHO)
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith(
        "Correction 1: 1 reading of meter, electricity_energy: 1.1 kWh instead of 3.9 kWh. What was reported stays"
    )
    assert _values(database_url) == [1.1, 3.9, 3.9]
    (one,) = json.loads(run("list", "--city", "harbour", "--json").stdout)
    assert (one["device"], one["value"], one["author"], one["withdrawn_at"]) == ("meter", 1.1, "A. Larsen", None)
    assert "read on site" in run("--list", "--city", "harbour").stdout
    taken_back = run("withdraw", "1", "--author", "B. Holm", "--reason", "next door", "--json")
    assert json.loads(taken_back.stdout) == {"correction": 1, "withdrawn": True}
    assert _values(database_url) == [3.9, 3.9, 3.9]
    assert "B. Holm: next door" in run("list").stdout


def test_the_readings_of_a_span_are_corrected_in_the_unit_that_is_given(run: Run, database_url: str) -> None:
    told = run(
        *_series(value="1200", unit="Wh"), "--from", "2026-11-21T12:30:00Z", "--to", "2026-11-21T20:00:00Z", *WHO
    )
    assert "2 readings" in told.stdout
    assert _values(database_url) == [3.9, 1.2, 1.2]


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (_series(city="tartu"), CorrectionError, "no city is called 'tartu'; registered are harbour"),
        (_series(device="pump"), CorrectionError, "harbour declares no device 'pump'"),
        (_series(quantity="volume"), CorrectionError, "meter reports no 'volume'; it reports electricity_energy"),
        (_series(value="1e12"), CorrectionError, "not plausible for electricity_energy"),
        (_series(unit="degC"), UnitError, "degC"),
    ],
)
def test_what_cannot_be_corrected_is_refused_in_words_and_nothing_changes(
    run: Run, database_url: str, arguments: list[str], error: type[Exception], sentence: str
) -> None:
    refused = run(*arguments, "--at", "2026-11-21T12:00:00Z", *WHO)
    assert isinstance(refused.exception, error)
    assert sentence in str(refused.exception)
    assert _values(database_url) == [3.9, 3.9, 3.9]


def test_a_span_without_readings_is_refused(run: Run) -> None:
    refused = run(*_series(), "--from", "2026-11-22T12:30:00Z", "--to", "2026-11-23T00:00:00Z", *WHO)
    assert "no reading of electricity_energy in that span" in str(refused.exception)


@pytest.mark.parametrize(
    "arguments",
    [
        [*_series(), "--at", "2026-11-21T12:00:00", *WHO],
        [*_series(), "--at", "2026-11-21T12:00:00Z", "--from", "2026-11-21T12:00:00Z", *WHO],
        [*_series(), "--from", "2026-11-21T12:00:00Z", *WHO],
        [*_series(), "--at", "2026-11-21T12:00:00Z", "--author", "A. Larsen"],
    ],
)
def test_what_is_not_told_whole_is_a_fault_of_usage(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_what_does_not_hold_cannot_be_withdrawn_and_an_unknown_city_is_named(run: Run) -> None:
    refused = run("withdraw", "7", "--author", "B. Holm", "--reason", "none")
    assert "there is no correction 7 that holds" in str(refused.exception)
    assert isinstance(run("list", "--city", "tartu").exception, UnknownCityError)
