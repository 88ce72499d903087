"""``pharos household`` on a real database: what is erased is named, asked about, gone, and told of ever after."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import household
from deploy.errors import UnknownCityError
from ingest.model.city.city_file import parse
from ingest.model.observation import RawMessage
from ingest.model.time import HOUR, to_micros
from kpi_engine.errors import ErasureError
from processors.intake.stream import Stream
from processors.storage.database import connect
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

Run = Callable[..., Result]
HOMES: Final = ("left", "right")
ROW: Final = town(
    heat_meter(name="meter-left", site="left", valid_to="2026-04-01"),
    heat_meter(name="meter-right", site="right"),
    name="row",
    sites={home: {"households": 1} for home in HOMES},
    privacy={"minimum_households": 2},
)
MARCH: Final = to_micros(datetime(2026, 3, 3, tzinfo=UTC))
WHO: Final = ("--author", "Data protection officer", "--reason", "asked for it")


@pytest.fixture
def run(database_url: str) -> Run:
    """Return the command on a city where each of two homes has three readings."""
    with connect(database_url, "test") as connection:
        connection.autocommit = True
        catalogue = sync(connection, [parse(ROW, "row.yaml")])
        stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue)
        for home in HOMES:
            samples = [
                {"time": (MARCH + hour * HOUR) // 1000, "values": {"heat_energy": 1.0 + hour}} for hour in range(3)
            ]
            topic = f"pharos/v1/row/meter-{home}/telemetry"
            stream.accept([RawMessage(topic, json.dumps(samples).encode(), MARCH + 3 * HOUR)])
    app = typer.Typer()
    household.register(app)
    app.command("other")(lambda: None)  # typer leaves out the name of a single command
    environment = {"PHAROS_DATABASE_URL": database_url}
    return lambda *arguments, answer="": CliRunner().invoke(
        app, ["household", *arguments], env=environment, input=answer
    )


def _kept(database_url: str) -> dict[str, int]:
    """Return how many readings are kept of each meter."""
    with connect(database_url, "test") as connection:
        return dict(
            connection.execute(
                "select device.name, count(*) from observation join series using (series_id) "
                "join device using (device_id) group by device.name"
            ).fetchall()
        )


def test_a_home_is_erased_once_the_question_is_answered_and_the_other_stays(run: Run, database_url: str) -> None:
    refused = run("erase", "row", "--site", "left", *WHO, answer="n\n")
    assert refused.exit_code == 1
    assert "Erase all readings of meter-left for ever?" in refused.output
    assert _kept(database_url) == {"meter-left": 3, "meter-right": 3}

    done = run("erase", "row", "--site", "left", *WHO, answer="y\n")
    assert done.exit_code == 0, done.output
    assert "Erased, as number 1: " in done.output
    assert "of meter-left" in done.output
    assert "Backups are not reached." in done.output
    assert _kept(database_url) == {"meter-right": 3}


def test_what_was_erased_is_listed_with_who_and_why(run: Run) -> None:
    assert run("erasures").output == "Nothing was erased.\n"
    erased = json.loads(run("erase", "row", "--device", "meter-left", "--yes", "--json", *WHO).stdout)
    assert (erased["erasure_id"], erased["devices"], erased["own_figures"]) == (1, ["meter-left"], 0)
    assert "row, 1 series, Data protection officer: asked for it" in run("erasures").output
    (one,) = json.loads(run("erasures", "--city", "row", "--json").output)
    assert (one["city"], one["author"], one["reason"]) == ("row", "Data protection officer", "asked for it")


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (("row", "--site", "right"), ErasureError, "meter-right has not ended: expected valid_to"),
        (("row", "--site", "middle"), ErasureError, "there is no device at 'middle' in row; nothing was erased"),
        (("elsewhere", "--site", "left"), UnknownCityError, "elsewhere"),
    ],
)
def test_what_cannot_be_erased_says_why_and_nothing_is(
    run: Run, database_url: str, asked: tuple[str, ...], error: type[Exception], said: str
) -> None:
    result = run("erase", *asked, "--yes", *WHO)
    assert isinstance(result.exception, error)
    assert said in str(result.exception)
    assert _kept(database_url) == {"meter-left": 3, "meter-right": 3}
