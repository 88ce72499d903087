"""What indicators read beside their meters, from readings to figures: hours side by side, time by state, facts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import pytest

from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros
from kpi_engine.figures import store as figures
from processors.storage.database import Connection, connect
from tests.kpi_engine.running_town import RunningTown
from tests.processors.stored_readings import store
from tests.towns import charging_point, electricity_meter, fact, meter, town

pytestmark = pytest.mark.integration

ZONE: Final = "Europe/Copenhagen"
START: Final = to_micros(datetime(2026, 3, 9, 23, tzinfo=UTC))  # 10 March in Copenhagen
NOW: Final = START + 3 * DAY
CITY: Final = town(
    electricity_meter(name="main"),
    electricity_meter(name="feed", direction="production"),
    meter("photovoltaic_inverter", "electricity_energy", name="roof", direction="production"),
    charging_point("connector_status"),
    name="harbour",
    facts=[fact("population", 200)],
)
STATES: Final = QUANTITIES["connector_status"].states
TAKEN: Final = [2.0] * 8 + [0.0] * 8 + [3.0] * 8  # kWh by hour of the day
FED: Final = [0.0] * 10 + [2.5] * 4 + [0.0] * 10
ROOF: Final = [0.0] * 8 + [1.0, 2.0] + [4.0] * 4 + [2.0, 1.0] + [0.0] * 8


class Harbour(RunningTown):
    """A harbour whose readings are stored, rolled up and computed as the running roles do."""

    def __init__(self, connection: Connection, own: Connection, city: str = CITY) -> None:
        super().__init__(connection, own, city, NOW)

    def counts(self, device: str, hours: Sequence[float], start: int = START, register: float = 0.0) -> None:
        """Store a register that is read at every hour from ``start`` on."""
        series, readings = self.series(device, "electricity_energy"), [(start, register)]
        for place, amount in enumerate(hours, start=1):
            readings.append((start + place * HOUR, readings[-1][1] + amount))
        store(self._connection, [(series, time, value) for time, value in readings])

    def stands(self, states: Mapping[int, str]) -> None:
        """Store the status of the charging point at some instants."""
        series = self.series("point", "connector_status")
        store(self._connection, [(series, at, float(STATES.index(state))) for at, state in states.items()])

    def figure(self, kpi: str, begin: int = START) -> figures.StoredFigure | None:
        """Return the city's figure of the day that begins then."""
        within = from_micros(begin), from_micros(begin + 1)
        with self._connection.transaction():
            found = figures.values(self._connection, kpi, "harbour", None, "day", *within)
        return found[0] if found else None

    def kept_days(self) -> int:
        """Return how many days of hours are kept."""
        with self._connection.transaction():
            return len(self._connection.execute("select digest from kpi_group_day").fetchall())


@pytest.fixture
def harbour(database_url: str) -> Iterator[Harbour]:
    with connect(database_url, "test") as connection, connect(database_url, "test") as own:
        yield Harbour(connection, own)


def test_photovoltaics_are_matched_hour_by_hour_from_readings_to_figures(harbour: Harbour) -> None:
    for device, hours in (("main", TAKEN), ("feed", FED), ("roof", ROOF)):
        harbour.counts(device, hours)
    harbour.settle()
    consumed, sufficient = harbour.figure("pv_self_consumption"), harbour.figure("pv_self_sufficiency")
    used = sum(min(pv, taken + pv - fed) for taken, fed, pv in zip(TAKEN, FED, ROOF, strict=True))

    assert consumed is not None
    assert consumed.value == pytest.approx(100 * used / sum(ROOF))
    assert consumed.status == "final"
    assert sufficient is not None
    assert sufficient.value == pytest.approx(100 * used / (sum(TAKEN) + sum(ROOF) - sum(FED)))
    renewable = harbour.figure("city_renewable_share")
    assert renewable is not None
    assert renewable.value == pytest.approx(sufficient.value)  # no heat is metered here


def test_every_figure_can_be_computed_again_from_its_lineage(harbour: Harbour) -> None:
    for device, hours in (("main", TAKEN), ("feed", FED), ("roof", ROOF)):
        harbour.counts(device, hours)
    harbour.stands({START + place * HOUR: "Charging" if place % 3 else "Available" for place in range(25)})
    harbour.settle()

    assert harbour.not_reproduced() == []


def test_a_late_reading_changes_its_day_though_days_are_kept(harbour: Harbour) -> None:
    for device, hours in (("main", TAKEN), ("feed", FED), ("roof", ROOF)):
        harbour.counts(device, hours * 2)
    harbour.settle()
    before = harbour.figure("pv_self_consumption", START + DAY)
    assert harbour.kept_days() > 0

    harbour.counts("feed", [0.5 * amount for amount in FED], START + DAY, register=sum(FED))
    harbour.settle()
    after = harbour.figure("pv_self_consumption", START + DAY)

    assert before is not None
    assert after is not None
    assert after.revision == before.revision + 1
    assert after.value is not None
    assert before.value is not None
    assert after.value > before.value
    assert after.cause == "late data"


def test_time_by_state_is_a_share_of_the_time_and_its_late_readings_are_heard(harbour: Harbour) -> None:
    every = {START + place * 10 * MINUTE: "Available" for place in range(24 * 6 + 1)}
    charging = {at: "Charging" for at in every if START + 6 * HOUR <= at < START + 12 * HOUR}
    harbour.stands(every | charging)
    harbour.settle()
    first = harbour.figure("ev_time_utilisation")
    assert first is not None
    assert (first.value, first.coverage, first.status) == (25.0, 1.0, "final")

    harbour.stands({START + 12 * HOUR: "Finishing"})
    harbour.settle()
    second = harbour.figure("ev_time_utilisation")
    assert second is not None
    assert second.value == pytest.approx(100 * (6 + 1 / 6) / 24)
    assert second.revision == 2


def test_without_a_meter_of_what_is_fed_in_nobody_claims_to_know_what_is_used(database_url: str) -> None:
    roof = meter("photovoltaic_inverter", "electricity_energy", name="roof", direction="production")
    with connect(database_url, "test") as connection, connect(database_url, "test") as own:
        harbour = Harbour(connection, own, town(electricity_meter(name="main"), roof, name="harbour"))
        for device, hours in (("main", TAKEN), ("roof", ROOF)):
            harbour.counts(device, hours)
        harbour.settle()
        found = harbour.figure("pv_self_consumption")

    assert found is not None
    assert found.value is None
    assert found.reason == "nobody meters what is fed into the grid, so what is used is not known"
