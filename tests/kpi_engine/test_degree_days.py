"""Degree days by their rules, the normal year, and the days that weather stations tell of."""

from collections.abc import Callable
from datetime import date
from functools import partial
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import day_start
from ingest.model.time import HOUR
from kpi_engine.families.outdoor_days import daily
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.degree_day_sums import Floats, cooling, heating, normalised
from kpi_engine.formulas.degree_days import DEGREE_DAYS, DayTemperature, DegreeDays
from kpi_engine.formulas.gauge_hours import bounded_gauge
from kpi_engine.ports.hours import HourColumn, HourTable, hour_edges

Summed = Callable[[Floats, Floats, Floats], Bounded]

EUROSTAT_HEATING, EUROSTAT_COOLING, BASE_17, CBS_18 = (
    partial(heating, DEGREE_DAYS["eurostat"]),
    partial(cooling, DEGREE_DAYS["eurostat"]),
    partial(heating, DEGREE_DAYS["graddage"]),
    partial(heating, DEGREE_DAYS["cbs"]),
)
RULES = (EUROSTAT_HEATING, EUROSTAT_COOLING, BASE_17, CBS_18)


def exact(summed: Summed, *means: float) -> float | None:
    days = np.array(means)
    return summed(days, days, days).value


@pytest.mark.parametrize(
    ("summed", "mean", "expected"),
    [
        (EUROSTAT_HEATING, 12.0, 6.0),
        (EUROSTAT_HEATING, 15.0, 3.0),
        (EUROSTAT_HEATING, 15.1, 0.0),
        (EUROSTAT_HEATING, 16.0, 0.0),
        (EUROSTAT_COOLING, 26.0, 5.0),
        (EUROSTAT_COOLING, 23.9, 0.0),
        (CBS_18, 10.0, 8.0),
        (CBS_18, -4.0, 22.0),
        (CBS_18, 20.0, 0.0),
    ],
)
def test_a_day_counts_by_its_rule(summed: Summed, mean: float, expected: float) -> None:
    """The numbers are those of the KPI reference, section 6."""
    assert exact(summed, mean) == pytest.approx(expected)


def test_a_year_that_warms_evenly_has_the_degree_days_of_the_reference() -> None:
    """T = 50 + 30 i / 8760 degF, base 65 degF: 1368.43 of cooling and 1369.05 of heating (KPI reference, section 6)."""
    means = (50.0 + 30.0 * np.arange(8760) / 8760).reshape(365, 24).mean(axis=1)
    base = DegreeDays("base-65-degf", "1", "", "", DayTemperature.MEAN, heating_base=65.0, cooling_base=65.0)
    assert exact(partial(heating, base), *means) == pytest.approx(1369.05, abs=0.01)
    assert exact(partial(cooling, base), *means) == pytest.approx(1368.43, abs=0.01)


@given(st.sampled_from(RULES), st.lists(st.tuples(st.floats(-40, 40), st.floats(0, 20), st.floats(0, 1)), min_size=1))
def test_the_bounds_hold_whatever_the_days_were(summed: Summed, days: list[tuple[float, float, float]]) -> None:
    low = np.array([one for one, _, _ in days])
    width = np.array([one for _, one, _ in days])
    share = np.array([one for _, _, one in days])
    found = summed(low + width / 2, low, low + width)
    truth = exact(summed, *(low + share * width))
    assert truth is not None
    assert found.lower - 1e-6 <= truth <= found.upper + 1e-6


def test_only_the_dependent_part_of_heat_is_normalised() -> None:
    found = normalised(Bounded.exact(100.0), 0.2, 100.0, Bounded.exact(80.0))
    assert (found.value, found.lower, found.upper) == pytest.approx((120.0, 120.0, 120.0))
    wide = normalised(Bounded(100.0, 90.0, 110.0), 0.2, 100.0, Bounded(80.0, 64.0, 100.0))
    assert (wide.lower, wide.upper) == pytest.approx((90.0, 110.0 * 1.45))


def test_without_a_cold_day_nothing_can_be_normalised() -> None:
    assert normalised(Bounded.exact(100.0), 0.2, 100.0, Bounded.exact(0.0)) == Bounded(None, -inf, inf)


def test_a_short_silence_lies_near_its_neighbours_and_a_long_one_anywhere() -> None:
    hours = bounded_gauge(np.array([10.0, nan, nan, 13.0, *[nan] * 7, 10.0, nan]), "outdoor_temperature")
    assert hours.value[:4] == pytest.approx([10.0, 11.0, 12.0, 13.0])
    assert (hours.lower[1], hours.upper[1]) == (5.0, 18.0)
    assert np.isnan(hours.value[4:11]).all()
    assert (hours.lower[4], hours.upper[4], hours.lower[12], hours.upper[12]) == (-60.0, 60.0, -60.0, 60.0)


def test_days_are_those_of_the_clock_and_the_one_that_goes_on_is_left_out() -> None:
    """25 October 2026 has 25 hours in Copenhagen."""
    zone = "Europe/Copenhagen"
    start = day_start(date(2026, 10, 24), zone)
    edges = hour_edges(start, start + 60 * HOUR, zone)
    found = daily(_table(edges, zone, np.arange(60.0)))
    assert found["mean_degc"] == pytest.approx((np.arange(24).mean(), np.arange(24, 49).mean()))
    assert (found["known_share"], found["incomplete_days"], found["lower_degc"]) == (1.0, 0, ())


def test_a_day_with_a_silence_is_told_and_has_bounds() -> None:
    zone = "Europe/Copenhagen"
    start = day_start(date(2026, 3, 10), zone)
    values = np.full(48, 4.0)
    values[30] = nan
    found = daily(_table(hour_edges(start, start + 48 * HOUR, zone), zone, values))
    assert found["mean_degc"] == (4.0, 4.0)
    assert found["lower_degc"] == pytest.approx((4.0, 4.0 - 5 / 24))
    assert found["incomplete_days"] == 1


def _table(edges: np.ndarray[tuple[int], np.dtype[np.int64]], zone: str, values: Floats) -> HourTable:
    return HourTable(edges, zone, {"outdoors": HourColumn(values, values, values)})
