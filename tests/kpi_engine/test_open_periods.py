"""Periods that are not over: provisional, as far as they are known, closed by time alone, and silence that is said."""

from typing import TYPE_CHECKING

import pytest

from ingest.model.time import from_micros
from tests.kpi_engine.conftest import at, fill

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered",)


def test_open_periods_are_provisional_and_reach_to_the_horizon(district: "District") -> None:
    district.now = at("2026-04-09T12:30")
    fill(district)

    year = district.value("heat_delivered", "a", "year", "2026-01-01T00:00")
    day = district.value("heat_delivered", "a", "day", "2026-04-09T00:00")
    assert year is not None
    assert day is not None
    assert (year.value, year.status) == (None, "insufficient")
    assert (day.value, day.status) == (24.0, "provisional")
    assert day.through == from_micros(at("2026-04-09T12:00"))


def test_an_open_figure_reaches_as_far_as_all_its_meters_are_known(district: "District") -> None:
    fill(district)
    district.counts("meter-a", "heat_energy", "2026-04-10T00:00", "2026-04-20T00:00", 2.0)
    district.counts("meter-b", "heat_energy", "2026-04-10T00:00", "2026-04-19T12:00", 2.0)
    district.now = at("2026-04-20T00:20")
    district.settle()

    city = district.value("heat_delivered", None, "month", "2026-04-01T00:00")
    assert city is not None
    assert city.through == from_micros(at("2026-04-19T12:00"))
    assert (city.value, city.status) == (2 * 2.0 * 18.5 * 24, "provisional")
    assert city.coverage == pytest.approx(18.5 / 19)
    assert (city.reason or "").startswith("known until 2026-04-19T10:00:00Z: meter-b: no reading at or after")


def test_an_open_figure_whose_meter_lags_too_far_behind_is_none(district: "District") -> None:
    fill(district)
    district.counts("meter-a", "heat_energy", "2026-04-10T00:00", "2026-04-20T00:00", 2.0)
    district.now = at("2026-04-20T00:20")
    district.settle()

    city = district.value("heat_delivered", None, "month", "2026-04-01T00:00")
    assert city is not None
    assert (city.value, city.status) == (None, "insufficient")
    # half of what meter-b counted is not known: its mean and the double of it differ by a quarter of the city's heat
    assert (city.lower, city.upper) == (1344.0, 2304.0)
    assert (city.reason or "").startswith("between 1,344 and 2,304; meter-b: no reading at or after")


def test_time_alone_closes_a_period(district: "District") -> None:
    district.now = at("2026-04-09T23:20")
    fill(district)
    district.now = at("2026-04-10T00:20")
    district.settle()

    day = district.value("heat_delivered", "a", "day", "2026-04-09T00:00")
    assert day is not None
    assert (day.value, day.status, day.revision) == (48.0, "final", 2)
    assert ("heat_delivered", "a", "day", "2026-04-09", "period closed") in district.recomputed(district.now)
    assert ("heat_delivered", "a", "month", "2026-04-01", "new hour") in district.recomputed(district.now)


def test_a_silent_meter_keeps_getting_figures_that_say_so(district: "District") -> None:
    fill(district, end="2026-03-20T00:00")

    day = district.value("heat_delivered", "a", "day", "2026-04-01T00:00")
    assert day is not None
    assert (day.value, day.coverage) == (None, 0.0)
    # nobody else tells what it counts: at most what it could before, twice the fastest of its hours
    assert (day.lower, day.upper) == (0.0, 24 * 4.0)
    assert day.reason == "between 0 and 96; meter-a: no reading from 2026-03-31T22:00:00Z to 2026-04-01T22:00:00Z"
    assert district.value("heat_delivered", "a", "day", "2026-02-28T00:00") is None, "before its first reading"
