"""Buildings and their city, from readings to figures: rooms, loads, weather, what is public, and what was invested."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

import pytest

from ingest.model.calendar import Period, floor, following
from ingest.model.time import DAY, HOUR, from_micros, to_micros
from kpi_engine.figures import store as figures
from kpi_engine.indicators import INDICATORS
from processors.storage.database import Connection, connect
from tests.computed import few_indicators
from tests.kpi_engine.conftest import keep_days_of_sites
from tests.kpi_engine.running_town import RunningTown
from tests.processors.stored_readings import store
from tests.towns import device, electricity_meter, fact, heat_meter, sending, town

pytestmark = pytest.mark.integration

ZONE: Final = "Europe/Copenhagen"
FRIDAY: Final = to_micros(datetime(2026, 10, 22, 22, tzinfo=UTC))  # 23 October; Sunday 25 October has 25 hours
SUNDAY: Final = FRIDAY + 2 * DAY
NOW: Final = FRIDAY + 4 * DAY
LOOKED_AT: Final = {name for name in INDICATORS if name.startswith("building_")} | {
    "city_electricity_per_capita",
    "city_final_energy",
    "city_final_energy_per_capita",
    "city_heat_per_capita",
    "cooling_degree_days",
    "heat_delivered",
    "heating_degree_days",
    "heating_degree_days_base_17",
    "investment_payback",
    "outdoor_mean_temperature",
    "public_building_energy_per_area",
}
SITES: Final = {
    "school": {
        "vertical": "buildings",
        "facts": [
            fact("floor_area", 1000, "m2"),
            fact("public_share", 1),
            fact("investment", 100_000, "EUR", valid_from="2026-01-01"),
            fact("annual_saving", 12_500, "EUR"),
        ],
    },
    "block": {"vertical": "buildings", "facts": [fact("floor_area", 500, "m2"), fact("public_share", 0)]},
}
CITY: Final = town(
    device("weather", "weather_station", sending("outdoor_temperature", max_gap="PT1H", filling="PT1H"), site="roof"),
    electricity_meter(name="main", site="school"),
    heat_meter(name="radiators", site="block"),
    device("north", "indoor_climate_sensor", "indoor_temperature", "relative_humidity", site="school"),
    device("south", "indoor_climate_sensor", "indoor_temperature", site="school"),
    name="harbour",
    sites=SITES,
    primary_energy={"factors": "en-iso-52000-1", "version": "2017"},
    facts=[
        fact("population", 50),
        fact("metered_population", 20),
        fact("reference_degree_days_base_17", 2900, "K.d"),
        fact("weather_independent_share", 20, "percent"),
    ],
)


class Town(RunningTown):
    """A town whose readings are stored, rolled up and computed as the running roles do."""

    def __init__(self, connection: Connection, own: Connection) -> None:
        super().__init__(connection, own, CITY, NOW)

    def counts(self, name: str, quantity: str, hours: Sequence[float]) -> None:
        """Store a register that is read at every hour from Friday on."""
        readings = [0.0]
        for amount in hours:
            readings.append(readings[-1] + amount)
        self.shows(name, quantity, readings)

    def shows(self, name: str, quantity: str, values: Sequence[float | None], start: int = FRIDAY) -> None:
        """Store what was read at every hour from Friday on, or from ``start``."""
        series = self.series(name, quantity)
        read = [(series, start + place * HOUR, value) for place, value in enumerate(values) if value is not None]
        store(self._connection, read)

    def figure(self, kpi: str, begin: int, site: str | None = None, period: str = "day") -> figures.StoredFigure:
        """Return the figure of the period that begins then."""
        within = from_micros(begin), from_micros(begin + 1)
        with self._connection.transaction():
            (found,) = figures.values(self._connection, kpi, "harbour", site, period, *within)
        return found


@pytest.fixture
def harbour(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    keep_days_of_sites(monkeypatch)
    with (
        few_indicators(LOOKED_AT),
        connect(database_url, "test") as connection,
        connect(database_url, "test") as own,
    ):
        yield Town(connection, own)


def hourly_means(values: Sequence[float]) -> list[float]:
    """Return the mean of every hour of what runs linearly between hourly readings."""
    return [(one + other) / 2 for one, other in pairwise(values)]


def test_a_day_of_25_hours_has_the_degree_days_of_all_of_them(harbour: Town) -> None:
    course = [4.0 + 0.1 * place + (place % 7) for place in range(75)]
    harbour.shows("weather", "outdoor_temperature", course)
    harbour.settle()
    found = harbour.figure("heating_degree_days", SUNDAY)
    sunday = hourly_means(course)[48:73]

    assert found.value == pytest.approx(18.0 - sum(sunday) / 25)
    assert (found.status, found.coverage, found.reason) == ("final", 1.0, None)
    assert harbour.figure("heating_degree_days_base_17", SUNDAY).value == pytest.approx(17.0 - sum(sunday) / 25)
    assert harbour.figure("cooling_degree_days", SUNDAY).value == 0.0


def test_a_silent_station_widens_the_bounds_and_is_told(harbour: Town) -> None:
    course: list[float | None] = [4.0] * 76
    course[54] = None  # so that two hours are not known
    harbour.shows("weather", "outdoor_temperature", course)
    harbour.settle()
    found = harbour.figure("heating_degree_days", SUNDAY)

    assert found.value == pytest.approx(14.0)
    assert (found.lower, found.upper) == pytest.approx((14.0 - 10 / 25, 14.0 + 10 / 25))
    assert found.coverage == pytest.approx(23 / 25)
    assert "1 of 1 days the outdoor temperature is not known for every hour" in str(found.reason)


def test_comfort_is_of_occupied_hours_of_all_rooms_and_a_late_reading_is_heard(harbour: Town) -> None:
    warm = [30.0 if 9 <= place <= 12 else 22.0 for place in range(25)]
    harbour.shows("north", "indoor_temperature", warm)
    harbour.shows("south", "indoor_temperature", [22.0] * 25)
    harbour.settle()
    found, alone = (harbour.figure("building_comfort_hours", FRIDAY, site) for site in (None, "school"))
    means = hourly_means(warm)[7:18]
    outside = sum(mean > 26.0 for mean in means)

    assert found.value == pytest.approx(100 * (22 - outside) / 22)
    assert (alone.value, found.status) == (found.value, "final")
    assert harbour.figure("building_overheating_degree_hours", FRIDAY).value == pytest.approx(
        sum(max(mean - 26.0, 0.0) for mean in means) / 2
    )
    assert harbour.figure("building_comfort_hours", FRIDAY + DAY).reason == "no hour of this period is occupied"

    harbour.shows("south", "indoor_temperature", [*[22.0] * 9, 30.0, 30.0, *[22.0] * 14])
    harbour.settle()
    again = harbour.figure("building_comfort_hours", FRIDAY)
    assert again.value is not None
    assert found.value is not None
    assert again.value < found.value
    assert again.revision == 2
    assert harbour.not_reproduced() == []


def test_adaptive_comfort_follows_the_weather_of_the_week_before_whenever_that_is_heard(harbour: Town) -> None:
    """A week of 20 degC outdoors makes 21.4 to 28.4 degC comfortable; one of 24 degC 22.72 to 29.72 degC."""
    for room in ("north", "south"):
        harbour.shows(room, "indoor_temperature", [22.0] * 25)
    harbour.shows("north", "relative_humidity", [50.0] * 25)
    harbour.shows("weather", "outdoor_temperature", [20.0] * (8 * 24 + 1), FRIDAY - 7 * DAY)
    harbour.settle()
    found = harbour.figure("building_adaptive_comfort_hours", FRIDAY, "school")
    assert (found.value, found.lower, found.upper, found.status) == (100.0, 100.0, 100.0, "final")
    assert harbour.figure("building_adaptive_comfort_category_i", FRIDAY, "school").value == 0.0
    # in October 22 degC is a vote from -0.2 to 0.3 in any humidity, so the room without a sensor of it counts as well
    assert harbour.figure("building_predicted_comfort_hours", FRIDAY, "school").value == 100.0
    dissatisfied = harbour.figure("building_predicted_dissatisfied", FRIDAY, "school")
    assert dissatisfied.lower is not None
    assert dissatisfied.upper is not None
    assert 5.0 <= dissatisfied.lower < dissatisfied.upper < 9.0

    harbour.shows("weather", "outdoor_temperature", [28.0] * (7 * 24), FRIDAY - 7 * DAY + HOUR // 2)
    harbour.settle()
    warmer = harbour.figure("building_adaptive_comfort_hours", FRIDAY, "school")
    assert (warmer.value, warmer.revision) == (0.0, 2)
    assert "outdoor_mean_temperature" in str(warmer.cause_detail)
    assert harbour.not_reproduced() == []


def test_a_load_has_its_peak_its_base_and_its_factor(harbour: Town) -> None:
    load = [1.0 + (place * 5) % 12 for place in range(24)]
    harbour.counts("main", "electricity_energy", load)
    harbour.settle()
    ranked = sorted(load)

    assert harbour.figure("building_peak_load", FRIDAY, "school").value == pytest.approx(max(load))
    assert harbour.figure("building_load_factor", FRIDAY).value == pytest.approx(100 * sum(load) / 24 / max(load))
    assert harbour.figure("building_base_load", FRIDAY).value == pytest.approx(
        ranked[1] + 0.15 * (ranked[2] - ranked[1])  # 0.05 x 23 hours lie at place 1.15
    )
    assert harbour.not_reproduced() == []


def test_what_is_public_what_is_per_head_and_what_was_invested(harbour: Town) -> None:
    harbour.counts("main", "electricity_energy", [2.0] * 24)
    harbour.counts("radiators", "heat_energy", [10.0] * 24)
    harbour.settle()

    assert harbour.figure("public_building_energy_per_area", FRIDAY).value == pytest.approx(48.0 / 1000)
    assert harbour.figure("building_heat_per_area", FRIDAY, "block").value == pytest.approx(240.0 / 500)
    assert harbour.figure("building_primary_energy", FRIDAY, "school").value == pytest.approx(48.0 * 2.3 / 1000)
    assert harbour.figure("building_primary_energy", FRIDAY).value == pytest.approx((48.0 * 2.3 + 240.0 * 1.3) / 1500)
    assert harbour.figure("city_electricity_per_capita", FRIDAY).value == pytest.approx(48.0 / 50)
    assert harbour.figure("city_heat_per_capita", FRIDAY).value == pytest.approx(240.0 * 0.0036 / 20)
    assert harbour.figure("city_final_energy_per_capita", FRIDAY).value == pytest.approx(288.0 * 0.0036 / 50)
    year = floor(FRIDAY, Period.YEAR, ZONE)
    assert harbour.figure("investment_payback", year, "school", "year").value == 8.0
    assert harbour.figure("investment_payback", year, None, "year").value == 8.0
    assert harbour.not_reproduced() == []


def test_a_year_that_has_not_ended_has_no_heat_in_normal_weather(harbour: Town) -> None:
    harbour.counts("radiators", "heat_energy", [10.0] * 24)
    harbour.shows("weather", "outdoor_temperature", [4.0] * 25)
    harbour.settle()
    year = floor(FRIDAY, Period.YEAR, ZONE)
    found = harbour.figure("building_heat_weather_normalised", year, None, "year")

    assert (found.value, found.status) == (None, "insufficient")
    assert found.reason == "the year has not ended, and no part of it stands for it"
    assert following(year, Period.YEAR, ZONE) > NOW
    assert harbour.not_reproduced() == []
