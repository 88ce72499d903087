"""Kept figures are computed again from the readings up; what was altered is named, with the figures that it touches."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import kpi
from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros
from processors.storage.database import Connection, connect
from tests.computed import contents, few_indicators
from tests.kpi_engine.running_town import RunningTown
from tests.processors.stored_readings import store
from tests.towns import electricity_meter, fact, heat_meter, meter, town

pytestmark = pytest.mark.integration

START: Final = to_micros(datetime(2026, 3, 9, 23, tzinfo=UTC))  # 10 March in Copenhagen
DAYS: Final = 4
ALTERED: Final = START + DAY + 12 * HOUR  # in the second day, on the hour
CITY: Final = town(
    electricity_meter(name="main"),
    electricity_meter(name="feed", direction="production"),
    meter("photovoltaic_inverter", "electricity_energy", name="roof", direction="production"),
    heat_meter(name="radiators"),
    name="harbour",
    facts=[fact("population", 200)],
)
COMPUTED: Final = ("pv_self_consumption", "heat_delivered", "electricity_delivered", "heat_peak_load")
KEPT: Final = (
    "select * from figure",
    "select * from figure_log",
    "select * from rollup_row",
    "select * from observation",
)


@dataclass
class Harbour:
    """A harbour with four days of quarter-hourly readings, rolled up and computed."""

    url: str
    connection: Connection
    town: RunningTown

    def alter(self, device: str, quantity: str, time: int, by: float) -> None:
        """Alter a stored reading behind the product's back."""
        changed = self.connection.execute(
            "update observation set value = value + %s where series_id = %s and time = %s",
            (by, self.town.series(device, quantity), from_micros(time)),
        )
        assert changed.rowcount == 1
        self.connection.commit()

    def verify(self, *arguments: str) -> tuple[int, dict[str, Any], str]:
        """Run the command; returns its exit code, its document and its error."""
        app = typer.Typer()
        kpi.register(app)
        run = CliRunner().invoke(app, ["kpi", "verify", *arguments, "--json"], env={"PHAROS_DATABASE_URL": self.url})
        assert run.stdout, run.exception
        return run.exit_code, json.loads(run.stdout), "" if run.exit_code == 0 else str(run.exception)

    def kept(self) -> list[tuple[Any, ...]]:
        """Return digests of all that is kept."""
        return [contents(self.connection, query) for query in KEPT]


@pytest.fixture
def harbour(database_url: str) -> Iterator[Harbour]:
    with (
        few_indicators(COMPUTED),
        connect(database_url, "test") as connection,
        connect(database_url, "test") as own,
    ):
        running = RunningTown(connection, own, CITY, START + DAYS * DAY)
        for device, quantity, per_hour in (
            ("main", "electricity_energy", 2.0),
            ("feed", "electricity_energy", 0.5),
            ("roof", "electricity_energy", 1.0),
            ("radiators", "heat_energy", 8.0),
        ):
            quarters = range(DAYS * 96 + 1)
            store(
                connection,
                [(running.series(device, quantity), START + n * 15 * MINUTE, per_hour * n / 4) for n in quarters],
            )
        running.settle()
        yield Harbour(database_url, connection, running)


def test_figures_whose_readings_stand_come_out_again_and_nothing_is_written(harbour: Harbour) -> None:
    before = harbour.kept()
    code, found, error = harbour.verify()

    assert (code, error) == (0, "")
    assert found["holds"] is True
    assert found["figures"] > 3 * DAYS
    assert found["verdicts"] == {"reproduces": found["figures"]}
    assert found["hours_of_series"] >= 4 * 24 * DAYS
    assert harbour.kept() == before


def test_an_altered_reading_is_named_with_the_figures_that_it_touches(harbour: Harbour) -> None:
    harbour.alter("radiators", "heat_energy", ALTERED, 1.0)
    before = harbour.kept()
    code, found, error = harbour.verify("--city", "harbour")

    assert code == 1
    assert "do not come out again; readings or rollups of 1 stretches of series were altered" in error
    [stretch] = found["alterations"]
    assert (stretch["device"], stretch["quantity"], stretch["buckets"]) == ("radiators", "heat_energy", 2)
    assert stretch["readings"][0] == {"time": from_micros(ALTERED).isoformat().replace("+00:00", "Z"), "value": 289.0}
    failed = {(one["kpi"], one["label"]) for one in found["failures"]}
    assert {kpi for kpi, _ in failed} == {"heat_peak_load"}  # what the day counted is the same: only the peak moved
    assert ("heat_peak_load", "2026-03-11") in failed
    assert {one["verdict"] for one in found["failures"]} == {"readings differ"}
    assert all("heat_energy of radiators" in one["why"] for one in found["failures"])
    assert harbour.kept() == before


def test_an_altered_reading_at_midnight_moves_two_days_and_tells_what_they_would_be(harbour: Harbour) -> None:
    harbour.alter("radiators", "heat_energy", START + DAY, 1.0)
    _, found, _ = harbour.verify("heat_delivered", "--city", "harbour")

    days = {one["label"]: (one["value"], one["computed"]) for one in found["failures"]}
    assert days == {"2026-03-10": (192.0, 193.0), "2026-03-11": (192.0, 191.0)}
    assert found["verdicts"]["reproduces"] == found["figures"] - 2


def test_a_value_or_rollup_that_was_altered_is_told_apart_from_a_reading(harbour: Harbour) -> None:
    with harbour.connection.transaction():
        harbour.connection.execute(
            "update figure set value = value + 1 where value_id in (select value_id from kpi_value"
            " where kpi = 'heat_delivered' and period = 'day' and site_id is null and period_start = %s)",
            (from_micros(START),),
        )
        harbour.connection.execute(
            "update rollup_day set total = total + 1 where series_id = %s and bucket = %s",
            (harbour.town.series("main", "electricity_energy"), from_micros(START + DAY)),
        )
    code, found, _ = harbour.verify()

    told = {(one["kpi"], one["label"]): one for one in found["failures"]}
    assert code == 1
    assert told["heat_delivered", "2026-03-10"]["verdict"] == "value differs"
    assert told["heat_delivered", "2026-03-10"]["computed"] == 192.0
    assert {(one["device"], one["period"]) for one in found["alterations"]} == {("main", "day")}


def test_readings_that_wait_for_the_rollup_are_no_alteration(harbour: Harbour) -> None:
    late = START + (DAYS - 1) * DAY + 12 * HOUR + 7 * MINUTE
    store(harbour.connection, [(harbour.town.series("radiators", "heat_energy"), late, 8.0 * 84.2)])
    code, found, _ = harbour.verify()

    assert (code, found["alterations"], found["failed"]) == (0, [], 0)
    assert found["hours_waiting"] > 0  # and are not said to be computed again


def test_readings_that_wait_hide_no_altered_reading_of_other_days(harbour: Harbour) -> None:
    radiators, before = harbour.town.series("radiators", "heat_energy"), START - 40 * DAY
    store(harbour.connection, [(radiators, before + DAY, -8990.0)])
    harbour.town.settle()
    store(harbour.connection, [(radiators, before, -9000.0)])  # as while a past is loaded, the newest first
    harbour.alter("radiators", "heat_energy", ALTERED, 1.0)
    code, found, _ = harbour.verify("--city", "harbour")

    assert code == 1
    [stretch] = found["alterations"]
    assert (stretch["device"], stretch["buckets"]) == ("radiators", 2)
    assert found["hours_of_series"] > 0
    assert found["hours_waiting"] > 0


def test_what_no_city_file_declares_any_more_is_said_to_have_no_definition(harbour: Harbour) -> None:
    harbour.town.declare(town(electricity_meter(name="main"), name="harbour"))
    harbour.town.settle()
    code, found, _ = harbour.verify("heat_delivered")

    assert code == 1, found
    assert {one["verdict"] for one in found["failures"]} == {"no definition"}


def test_superseded_figures_come_out_of_what_is_kept_with_them(harbour: Harbour) -> None:
    store(harbour.connection, [(harbour.town.series("radiators", "heat_energy"), START + DAY, 8.0 * 24 + 1.0)])
    harbour.town.settle()
    now = harbour.verify("heat_delivered")[1]["figures"]
    code, found, _ = harbour.verify("heat_delivered", "--revisions")

    assert code == 0
    assert found["figures"] > now
    assert found["verdicts"] == {"reproduces": found["figures"]}
