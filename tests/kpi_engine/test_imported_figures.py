"""Figures of what nobody meters, from imported statistics to figures: municipalities, costs, bills beside meters."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest

from ingest.model.time import DAY, from_micros, to_micros
from kpi_engine.figures import store as figures
from kpi_engine.statistics import store as statistics
from kpi_engine.statistics.given import GivenValue
from processors.storage.database import Connection, connect
from tests.kpi_engine.running_town import RunningTown
from tests.processors.stored_readings import store
from tests.statistics import given
from tests.towns import electricity_meter, fact, heat_meter, sending, town

pytestmark = pytest.mark.integration

FIRST: Final = to_micros(datetime(2025, 12, 19, 23, tzinfo=UTC))  # 20 December in Copenhagen
NOW: Final = FIRST + 16 * DAY
YEAR: Final = to_micros(datetime(2024, 12, 31, 23, tzinfo=UTC))
DECEMBER: Final = to_micros(datetime(2025, 11, 30, 23, tzinfo=UTC))
OF_2025: Final = ("2025-01-01", "2026-01-01")
COSTS: Final = {
    "heat_cost": 30_000,
    "electricity_cost": 12_000,
    "fuel_cost": 0,
    "operation_cost": 8_000,
    "capital_cost": 25_000,
}


class Harbour(RunningTown):
    """A town with a school, whose heat meter came on 20 December."""

    def __init__(self, connection: Connection, own: Connection) -> None:
        super().__init__(connection, own, harbour_of(), NOW)

    def imports(self, *values: GivenValue) -> None:
        """Import statistics."""
        placed = [(f"t.csv: row {row}", one) for row, one in enumerate(values, start=2)]
        self._connection.commit()
        statistics.give(self._connection, self._catalogue.cities, placed, lambda: NOW)
        self._connection.commit()
        self.settle()

    def figure(self, kpi: str, begin: int, period: str, site: str | None = None) -> figures.StoredFigure:
        """Return the figure of the period that begins then."""
        with self._connection.transaction():
            within = from_micros(begin), from_micros(begin + 1)
            (found,) = figures.values(self._connection, kpi, "harbour", site, period, *within)
        return found


def harbour_of(rule: str = "meters_first") -> str:
    """Return the city file."""
    return town(
        heat_meter(sending("heat_energy", max_gap="P2D"), name="radiators", site="school"),
        electricity_meter(name="main", site="school"),
        name="harbour",
        sites={"school": {"vertical": "buildings"}},
        facts=[fact("population", 50_000)],
        policies={"bills_and_meters": rule},
    )


@pytest.fixture
def harbour(database_url: str) -> Iterator[Harbour]:
    with connect(database_url, "test") as connection, connect(database_url, "test") as own:
        found = Harbour(connection, own)
        series = found.series("radiators", "heat_energy")
        store(connection, [(series, FIRST + day * DAY, 8.0 * day) for day in range(17)])
        found.settle()
        yield found


def test_what_is_imported_becomes_figures_and_a_better_value_moves_them(harbour: Harbour) -> None:
    """A bill of 190 kWh speaks of December up to the 20th; meters counted 8 kWh on each of its last 12 days."""
    of_city = [
        given(name, value, *OF_2025, city="harbour", site=None, unit=unit)
        for name, value, unit in (
            ("final_energy_reported", 1250, "GWh"),
            ("renewable_energy_reported", 300, "GWh"),
            ("total_emissions_reported", 300_000, "t"),
        )
    ]
    of_school = [given(name, cost, *OF_2025, city="harbour", site="school", unit="EUR") for name, cost in COSTS.items()]
    bill = given("heat_bill", 190, "2025-12-01", "2025-12-20", city="harbour", site="school")
    light = given("electricity_bill", 310, "2025-12-01", "2026-01-01", city="harbour", site="school")
    harbour.imports(*of_city, *of_school, bill, light)

    assert harbour.figure("municipal_renewable_share", YEAR, "year").value == pytest.approx(24.0)
    assert harbour.figure("municipal_final_energy_per_capita", YEAR, "year").value == pytest.approx(90.0)
    assert harbour.figure("municipal_emissions_per_capita", YEAR, "year").value == pytest.approx(6.0)
    assert harbour.figure("total_annual_cost", YEAR, "year", "school").value == pytest.approx(75_000.0)
    used = harbour.figure("heat_metered_or_billed", DECEMBER, "month", "school")
    assert used.value == pytest.approx(190 + 12 * 8)
    assert used.status == "final"
    assert used.reason == "by bills on 19 of 31 days"
    by_bill = harbour.figure("electricity_metered_or_billed", DECEMBER, "month", "school")
    assert (by_bill.value, by_bill.reason) == (310.0, "by bills on 31 of 31 days")
    lacking = harbour.figure("heat_metered_or_billed", YEAR, "year", "school")
    assert lacking.value is None
    assert "neither meters nor a heat_bill on the days 2025-01-01 to 2025-12-01" in str(lacking.reason)
    assert harbour.not_reproduced() == []

    harbour.imports(given("heat_bill", 209, "2025-12-01", "2025-12-20", city="harbour", site="school", revision=1))
    moved = harbour.figure("heat_metered_or_billed", DECEMBER, "month", "school")
    assert moved.value == pytest.approx(209 + 12 * 8)
    assert moved.revision == 2

    harbour.declare(harbour_of("refuse"))
    harbour.imports(given("heat_bill", 50, "2025-12-20", "2025-12-26", city="harbour", site="school"))
    refused = harbour.figure("heat_metered_or_billed", DECEMBER, "month", "school")
    assert refused.value is None
    assert "both speak of the days 2025-12-20 to 2025-12-26" in str(refused.reason)
