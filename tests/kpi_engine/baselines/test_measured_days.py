"""Days of a baseline as they are read from the store: sums of meters, and temperatures by the hours of civil days."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from kpi_engine.baselines.declared import find
from kpi_engine.baselines.measured_days import read_days
from processors.storage.registry import registry
from tests.kpi_engine.conftest import district_of
from tests.towns import device, heat_meter, town

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

FIRST, LAST = date(2026, 3, 28), date(2026, 3, 31)  # the second of three days has 23 hours
SPAN: Final = ("2026-03-28T00:00", "2026-03-31T00:00")
HOURS: Final = np.array([24.0, 23.0, 24.0])


def declared(**energy: object) -> dict[str, object]:
    return {
        "name": "heat",
        "option": "B",
        "boundary": "both meters",
        "energy": energy,
        "temperature": {"device": "weather", "quantity": "outdoor_temperature"},
        "baseline_from": "2025-01-01",
        "baseline_to": "2026-01-01",
        "reporting_from": "2026-02-01",
    }


@pytest.fixture
def houses(database_url: str) -> Iterator["District"]:
    """Return a town with a meter in each of two houses, and a baseline of both."""
    series = [{"device": name, "quantity": "heat_energy"} for name in ("meter", "annex")]
    billed = declared(series=series) | {"name": "bills", "method": "caltrack-2.0-billing"}
    text = town(
        heat_meter(name="meter", site="school"),
        heat_meter(name="annex", site="annex"),
        device("weather", "weather_station", "outdoor_temperature", site="roof"),
        name="town",
        sites={"school": {"baselines": [declared(series=series), billed]}, "annex": {}, "roof": {}},
    )
    with district_of(database_url, text) as found:
        yield found


def test_meters_are_added_up_and_one_that_is_silent_takes_the_day(houses: "District") -> None:
    houses.counts("meter", "heat_energy", *SPAN, 2.0)
    houses.counts("annex", "heat_energy", SPAN[0], "2026-03-30T00:00", 0.5)
    houses.gauges("weather", "outdoor_temperature", *SPAN, 4.0)
    days, due = read_days(
        houses.connection, find(registry.load(houses.connection), "town", "school", "heat"), FIRST, LAST
    )

    assert days.energy[:2] == pytest.approx(2.5 * HOURS[:2])
    assert days.lower[:2] == pytest.approx(days.energy[:2])
    assert np.isnan(days.energy[2])
    assert "annex" in days.reason(int(days.day[2]))
    assert due == 0


def test_the_temperature_of_a_day_is_that_of_its_own_hours(houses: "District") -> None:
    houses.gauges("weather", "outdoor_temperature", SPAN[0], "2026-03-29T00:00", -3.0)
    houses.gauges("weather", "outdoor_temperature", "2026-03-29T00:00", "2026-03-30T00:00", 7.0)
    houses.gauges("weather", "outdoor_temperature", "2026-03-30T04:00", "2026-03-31T00:00", 9.0)
    days, _ = read_days(
        houses.connection, find(registry.load(houses.connection), "town", "school", "heat"), FIRST, LAST
    )

    assert days.temperature[:2] == pytest.approx([-3.0, 7.0])
    # Four missing hours between 7 and 9 degC are interpolated.
    assert days.temperature[2] == pytest.approx((7.4 + 7.8 + 8.2 + 8.6 + 20 * 9.0) / 24)
    assert np.isnan(days.energy).all()


def test_of_bills_each_day_has_the_mean_of_its_month_and_a_cut_month_none(houses: "District") -> None:
    for meter, per_hour in (("meter", 2.0), ("annex", 0.5)):
        houses.counts(meter, "heat_energy", "2026-02-01T00:00", "2026-04-01T00:00", per_hour)
    houses.gauges("weather", "outdoor_temperature", "2026-02-01T00:00", "2026-04-01T00:00", 4.0)
    declared_bills = find(registry.load(houses.connection), "town", "school", "bills")
    days, _ = read_days(houses.connection, declared_bills, date(2026, 2, 15), date(2026, 4, 1))

    assert np.isnan(days.energy[:14]).all()  # of February, which the days cut
    assert days.reasons[int(days.day[0])] == "bills are told by civil months, and 2026-02 is cut"
    assert days.energy[14:] == pytest.approx(np.full(31, 2.5 * 743 / 31))  # March has a day of 23 hours
    assert days.temperature == pytest.approx(np.full(45, 4.0))
