"""A street of four lamps over the night the clocks change, from readings to figures, against sums made here."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import fsum
from typing import Final

import pytest
from astral import Observer
from astral.sun import elevation

from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros
from kpi_engine.figures import store as figures
from processors.storage.database import Connection, connect
from tests.kpi_engine.running_town import RunningTown
from tests.processors.stored_readings import store
from tests.towns import fact, meter, town

pytestmark = pytest.mark.integration

PLACE: Final = Observer(54.917, 9.783)
STEP: Final = 30 * MINUTE
START: Final = to_micros(datetime(2026, 3, 26, 23, tzinfo=UTC))  # 27 March in Copenhagen
END: Final = to_micros(datetime(2026, 3, 31, 22, tzinfo=UTC))  # 1 April; the 29th has 23 hours
SATURDAY: Final = START + DAY
FAILS: Final = to_micros(datetime(2026, 3, 28, 21, tzinfo=UTC))
REPAIRED: Final = to_micros(datetime(2026, 3, 30, 12, tzinfo=UTC))
LAMPS: Final = ("dimmed", "failing", "by-day", "plain")
RATED, STANDBY, CABINET = 0.06, 0.0005, 0.01  # kW
QUANTITIES: Final = ("electricity_energy", "burning_hours", "dimming_level", "electricity_power")
SITE: Final = {
    "facts": [
        fact("rated_power", RATED, "kW"),
        fact("street_length", 250, "m"),
        fact("lit_area", 1000, "m2"),
        fact("illuminance", 15, "lx"),
        fact("system_power", 2, "kW"),
    ]
}


def harbour(lamps: Sequence[str]) -> str:
    """Return the city file of a street with these lamps behind one cabinet, since 27 March."""
    here = {"site": "street", "valid_from": "2026-03-27"}
    return town(
        meter("lighting_cabinet", "electricity_energy", name="cabinet", **here),
        *(meter("luminaire", *QUANTITIES, name=name, submeter_of="cabinet", **here) for name in lamps),
        name="harbour",
        facts=[fact("latitude", PLACE.latitude, "deg"), fact("longitude", PLACE.longitude, "deg")],
        sites={"street": SITE},
    )


def height(time: int) -> float:
    return elevation(PLACE, from_micros(time), with_refraction=False)


STAMPS: Final = range(START, END + STEP, STEP)
DOWN: Final = {time: height(time) < -3.4 for time in STAMPS}
HOURS: Final = range(START, END, HOUR)
NIGHT: Final = [hour for hour in HOURS if max(map(height, range(hour, hour + HOUR + 1, 5 * MINUTE))) < -6.0]
SUNNY: Final = [hour for hour in HOURS if min(map(height, range(hour, hour + HOUR + 1, 5 * MINUTE))) > 5.0]


def level(lamp: str, time: int) -> float:
    """Return what a lamp is told and does [percent]: one is half dimmed, one burns on Saturday, one fails."""
    if lamp == "failing" and FAILS <= time < REPAIRED:
        return 0.0
    if lamp == "by-day" and SATURDAY <= time < SATURDAY + DAY:
        return 100.0
    return (50.0 if lamp == "dimmed" else 100.0) if DOWN[time] else 0.0


def power(lamp: str, time: int) -> float:
    return RATED * level(lamp, time) / 100 + STANDBY


BURNT: Final = {lamp: sum(level(lamp, time) > 0 for time in STAMPS[:-1]) / 2 for lamp in LAMPS}
ENERGY: Final = {lamp: fsum(power(lamp, time) for time in STAMPS[:-1]) / 2 for lamp in LAMPS}
LASTED: Final = (END - START) / HOUR


class Street(RunningTown):
    """A street whose readings are stored, rolled up and computed as the running roles do."""

    def __init__(self, connection: Connection, own: Connection, lamps: Sequence[str] = LAMPS) -> None:
        super().__init__(connection, own, harbour(lamps), END + DAY)

    def tells(self, lamp: str, start: int = START, end: int = END + STEP) -> None:
        """Store the readings of a lamp of [start, end), as it would have sent them."""
        energy = hours = 0.0
        series = {one: self._catalogue.devices["harbour", lamp].series[one].series_id for one in QUANTITIES}
        readings = []
        for time in STAMPS:
            if start <= time < end:
                values = (energy, hours, level(lamp, time), power(lamp, time))
                readings += [(series[one], time, value) for one, value in zip(QUANTITIES, values, strict=True)]
            energy, hours = energy + power(lamp, time) / 2, hours + (level(lamp, time) > 0) / 2
        store(self._connection, readings)

    def cabinet(self) -> None:
        """Store the register of the cabinet at both ends: lamps, and its own controls."""
        series = self._catalogue.devices["harbour", "cabinet"].series["electricity_energy"].series_id
        store(self._connection, [(series, START, 0.0), (series, END, fsum(ENERGY.values()) + CABINET * LASTED)])

    def figure(self, kpi: str, site: str | None = "street") -> figures.StoredFigure:
        """Return the figure of March."""
        with self._connection.transaction():
            found = figures.values(
                self._connection, kpi, "harbour", site, "month", from_micros(START - 30 * DAY), from_micros(START)
            )
        return found[0]

    def value(self, kpi: str, site: str | None = "street") -> float | None:
        """Return the value of March."""
        return self.figure(kpi, site).value


@pytest.fixture(scope="module")
def street(module_database_url: str) -> Iterator[Street]:
    """Return the street after March, that tests only look at."""
    with connect(module_database_url, "test") as connection, connect(module_database_url, "test") as own:
        found = Street(connection, own)
        for lamp in LAMPS:
            found.tells(lamp)
        found.cabinet()
        found.settle()
        yield found


def test_every_figure_can_be_computed_again_from_its_lineage(street: Street) -> None:
    assert street.not_reproduced() == []


def test_the_energy_of_the_cabinet_is_divided_by_what_the_city_file_states(street: Street) -> None:
    energy = fsum(ENERGY.values()) + CABINET * LASTED
    share = LASTED / (31 * 24 - 1)  # the cabinet, and so the street, stood for a part of March
    assert street.value("lighting_energy_per_km") == pytest.approx(energy / (0.25 * share), rel=1e-6)
    assert street.value("lighting_annual_energy_indicator") == pytest.approx(energy / (1000 * share), rel=1e-6)
    assert street.value("lighting_power_density") == pytest.approx(2000 / 15000)
    assert street.value("lighting_power_density", None) == pytest.approx(2000 / 15000)


def test_burning_hours_are_held_against_the_sun_of_the_days_on_which_lamps_stood(street: Street) -> None:
    down = fsum(height(time) < -3.4 for time in range(START, END, MINUTE)) / 60
    found = street.figure("lighting_burning_hours_deviation")
    assert found.value == pytest.approx(100 * (fsum(BURNT.values()) / (4 * down) - 1), abs=0.3)
    assert found.status == "final"


def test_dimming_saves_what_luminaires_did_not_take(street: Street) -> None:
    full, levels = RATED * fsum(BURNT.values()), [level(lamp, time) for lamp in LAMPS for time in STAMPS[:-1]]
    assert street.value("lighting_dimming_saving") == pytest.approx(100 * (1 - fsum(ENERGY.values()) / full), rel=1e-6)
    assert street.value("lighting_mean_dimming_level") == pytest.approx(fsum(levels) / 2 / fsum(BURNT.values()))


def test_lamps_are_lit_or_dark_in_hours_of_night_and_of_day(street: Street) -> None:
    dark = sum(FAILS <= hour < REPAIRED for hour in NIGHT)
    burning = sum(SATURDAY <= hour < SATURDAY + DAY for hour in SUNNY)
    share = 4 * LASTED / (31 * 24 - 1)  # of March, as luminaires
    assert (dark, burning, len(NIGHT)) == (16, 11, 44)
    assert street.value("lighting_availability") == pytest.approx(100 * (1 - dark / (4 * len(NIGHT))))
    assert street.value("lighting_dark_hours") == pytest.approx(dark / share)
    assert street.value("lighting_day_burning_hours") == pytest.approx(burning / share)
    assert street.value("lighting_availability", None) == street.value("lighting_availability")


def test_a_lamp_that_fails_is_one_of_four_and_is_repaired_when_it_is_seen_lit(street: Street) -> None:
    first = min(hour for hour in NIGHT if hour >= FAILS)
    again = min(hour for hour in NIGHT if hour >= REPAIRED)
    found = street.figure("lighting_time_to_repair")
    assert street.value("lighting_failure_rate") == 25.0
    assert (found.value, found.status, found.reason) == ((again - first) / HOUR, "final", None)


def test_a_lamp_that_is_silent_for_a_night_widens_the_bounds_until_its_readings_come(database_url: str) -> None:
    silent = to_micros(datetime(2026, 3, 29, 12, tzinfo=UTC)), to_micros(datetime(2026, 3, 30, 12, tzinfo=UTC))
    with connect(database_url, "test") as connection, connect(database_url, "test") as own:
        street = Street(connection, own, ("failing", "plain"))
        street.tells("failing")
        street.tells("plain", end=silent[0])
        street.tells("plain", silent[1])
        street.settle()
        before = {kpi: street.figure(kpi) for kpi in ("lighting_availability", "lighting_failure_rate")}
        street.tells("plain", *silent)
        street.settle()
        after = {kpi: street.figure(kpi) for kpi in before}

    dark, unknown = (
        sum(FAILS <= hour < REPAIRED for hour in NIGHT),
        sum(silent[0] <= hour < silent[1] for hour in NIGHT),
    )
    assert before["lighting_availability"].lower == pytest.approx(100 * (1 - (dark + unknown) / (2 * len(NIGHT))))
    assert before["lighting_availability"].upper == pytest.approx(100 * (1 - dark / (2 * len(NIGHT))))
    assert before["lighting_availability"].coverage == pytest.approx(1 - unknown / (2 * len(NIGHT)))
    assert (before["lighting_failure_rate"].lower, before["lighting_failure_rate"].upper) == (50.0, 100.0)
    assert before["lighting_failure_rate"].reason == "between 50 and 100; plain: whether it failed is not known"
    assert after["lighting_availability"].value == before["lighting_availability"].upper
    assert after["lighting_availability"].revision == before["lighting_availability"].revision + 1
    assert after["lighting_failure_rate"].value == 50.0
