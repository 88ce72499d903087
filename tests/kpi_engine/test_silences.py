"""Silences in figures, from readings on: a sum over the day does not mind them, emissions by the hour do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.time import to_micros
from kpi_engine.engine.engine import Engine
from kpi_engine.figures import store
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests import towns
from tests.computed import compute, few_indicators
from tests.kpi_engine.conftest import keep_days_of_sites
from tests.processors.stored_readings import drain
from tests.towns import heat_meter, sending

pytestmark = pytest.mark.integration

FACTOR = sending("heat_emission_factor", max_gap="PT1H")
CITY = towns.town(
    towns.meter("heat_plant", FACTOR, name="plant", site="works", every="PT10M", direction="production"),
    heat_meter(every="PT15M"),
    name="town",
    factor_series={"heat": {"device": "plant", "quantity": "heat_emission_factor"}},
)
MIDNIGHT = datetime(2026, 3, 9, 23, tzinfo=UTC)  # of 10 March in Copenhagen


@dataclass
class Town:
    """A town whose meter counts 1 kWh an hour and whose heat has a factor of 0.25 kg/kWh, where somebody reads them."""

    connection: Connection
    catalogue: Catalogue

    def reads(self, quantity: str, *minutes: range) -> None:
        """Store readings at minutes after midnight."""
        (series,) = (one.series_id for one in self.catalogue.series.values() if one.quantity == quantity)
        rows = [
            (series, MIDNIGHT + timedelta(minutes=minute), 0.25 if quantity == "heat_emission_factor" else minute / 60)
            for every in minutes
            for minute in every
        ]
        times = [time for _, time, _ in rows]
        self.connection.execute("select ensure_partitions(%s, %s)", (min(times), max(times)))
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "insert into observation (series_id, time, value, received_at, source_id, quality)"
                " values (%s, %s, %s, now(), 1, 0)",
                rows,
            )
        self.connection.execute(
            "insert into observation_mark (series_id, from_time, to_time) values (%s, %s, %s)",
            (series, min(times), max(times)),
        )

    def figure(self, kpi: str) -> store.StoredFigure:
        """Return the figure of 10 March at the house, once everything is computed."""
        drain(RollupWorker(RollupStore(self.connection), lambda: self.catalogue))
        with few_indicators(["heat_delivered", "heat_emissions_hourly"]):
            compute(Engine(self.connection), to_micros(MIDNIGHT + timedelta(days=3)))
        (found,) = store.values(self.connection, kpi, "town", "house", "day", MIDNIGHT, MIDNIGHT + timedelta(hours=1))
        return found


@pytest.fixture
def town(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    keep_days_of_sites(monkeypatch)
    with connect(database_url, "test") as connection:
        connection.autocommit = True
        yield Town(connection, sync(connection, [parse(CITY, "town.yaml")]))


DAY = range(0, 24 * 60 + 1, 10)
TEN_SILENT_HOURS = range(0, 8 * 60 + 1, 15), range(18 * 60, 24 * 60 + 1, 15)


def test_ten_silent_hours_leave_the_sum_of_the_day_final_and_its_inputs_tell_them(town: Town) -> None:
    town.reads("heat_energy", *TEN_SILENT_HOURS)
    figure = town.figure("heat_delivered")
    assert figure.value == pytest.approx(24.0)
    assert (figure.coverage, figure.status) == (1.0, "final")
    assert (figure.estimated_share, figure.reason) == (0.0, None)
    kept = town.connection.execute(
        "select value_id from kpi_value where kpi = 'heat_delivered' and period = 'day'"
        " and period_start = %s and superseded_at is null",
        [MIDNIGHT],
    ).fetchall()
    assert kept
    for (value_id,) in kept:
        behind = store.lineage(town.connection, value_id)
        assert behind is not None
        meter = behind.inputs["energy_kwh"][0]
        assert (meter["estimated_seconds"], meter["longest_gap_seconds"]) == (36_000.0, 36_000.0)


def test_ten_silent_hours_leave_emissions_final_where_every_hour_has_the_same_factor(town: Town) -> None:
    """Bounds decide, and the place in time of the energy moves nothing: it was provisional for its share alone."""
    town.reads("heat_energy", *TEN_SILENT_HOURS)
    town.reads("heat_emission_factor", DAY)
    figure = town.figure("heat_emissions_hourly")
    assert figure.value == pytest.approx(6.0)
    assert figure.lower == pytest.approx(6.0)
    assert figure.upper == pytest.approx(6.0)
    assert (figure.coverage, figure.status, figure.reason) == (1.0, "final", None)
    assert figure.estimated_share == pytest.approx(10 / 24)


def test_a_silence_over_midnight_is_an_estimate_of_the_day(town: Town) -> None:
    town.reads("heat_energy", range(-180, -179), range(90, 24 * 60 + 1, 15))
    figure = town.figure("heat_delivered")
    assert figure.value == pytest.approx(24.0)
    assert figure.status == "provisional"
    assert figure.estimated_share == pytest.approx(1.5 / 24)


def test_an_hour_of_whose_factor_ten_minutes_are_known_takes_that_of_other_hours(town: Town) -> None:
    """An hour without a factor has a substitute, which is said; a day has no other day, so any of its hours may be."""
    town.reads("heat_energy", range(0, 24 * 60 + 1, 15))
    town.reads("heat_emission_factor", range(0, 250, 10), range(360, 24 * 60 + 1, 10))
    figure = town.figure("heat_emissions_hourly")
    assert figure.value == pytest.approx(6.0)
    assert figure.status == "final"
    assert figure.coverage == pytest.approx(22 / 24)
    assert figure.reason == (
        "2 of 24 hours have energy but no factor that is known for 90% of the hour: they take that of the same hour of "
        "other days"
    )


def test_an_hour_of_whose_factor_nine_tenths_are_known_has_one(town: Town) -> None:
    town.reads("heat_energy", range(0, 24 * 60 + 1, 15))
    town.reads("heat_emission_factor", range(6, 24 * 60 + 1, 2))
    figure = town.figure("heat_emissions_hourly")
    assert figure.value == pytest.approx(6.0)
    assert figure.status == "final"
