"""Votes of ISO 7730 against its own table, and the adaptive limits that follow the weather of the week before."""

from datetime import UTC, datetime
from math import nan
from typing import Final

import numpy as np
import pytest

from ingest.model.time import DAY, HOUR, to_micros
from kpi_engine.families.adaptive_comfort import COLDEST, WARMEST, hours_within
from kpi_engine.families.predicted_comfort import dissatisfied_with, hours_voting
from kpi_engine.formulas.thermal_comfort import (
    ADAPTIVE,
    OFFICE,
    comfort_temperature,
    predicted_dissatisfied,
    predicted_mean_vote,
    running_mean,
)
from kpi_engine.ports.device_hours import DeviceColumn
from kpi_engine.ports.hours import HourColumn

# ISO 7730:2005, table D.1 (recalled, without row 7, which was not): air and radiant degC, m/s, %, met, clo, PMV, PPD
TABLE: Final = [
    (22.0, 22.0, 0.10, 60, 1.2, 0.5, -0.75, 17),
    (27.0, 27.0, 0.10, 60, 1.2, 0.5, 0.77, 17),
    (27.0, 27.0, 0.30, 60, 1.2, 0.5, 0.44, 9),
    (23.5, 25.5, 0.10, 60, 1.2, 0.5, -0.01, 5),
    (23.5, 25.5, 0.30, 60, 1.2, 0.5, -0.55, 11),
    (19.0, 19.0, 0.10, 40, 1.2, 1.0, -0.60, 13),
    (23.5, 23.5, 0.30, 40, 1.2, 1.0, 0.12, 5),
    (23.0, 21.0, 0.10, 40, 1.2, 1.0, 0.05, 5),
    (23.0, 21.0, 0.30, 40, 1.2, 1.0, -0.16, 6),
    (22.0, 22.0, 0.10, 60, 1.6, 0.5, 0.05, 5),
    (27.0, 27.0, 0.10, 60, 1.6, 0.5, 1.17, 34),
    (27.0, 27.0, 0.30, 60, 1.6, 0.5, 0.95, 24),
]
MONDAY: Final = to_micros(datetime(2026, 7, 6, tzinfo=UTC))


@pytest.mark.parametrize(("air", "radiant", "speed", "humidity", "met", "clo", "vote", "dissatisfied"), TABLE)
def test_votes_are_those_of_the_table_of_the_standard(  # noqa: PLR0917 - a row of it
    air: float, radiant: float, speed: float, humidity: float, met: float, clo: float, vote: float, dissatisfied: float
) -> None:
    found = predicted_mean_vote(_one(air), _one(radiant), speed, _one(humidity), met, _one(clo))
    assert found[0] == pytest.approx(vote, abs=0.0101)
    assert predicted_dissatisfied(found)[0] == pytest.approx(dissatisfied, abs=0.6)


def test_nobody_pleases_everybody_and_damp_air_feels_warmer() -> None:
    assert predicted_dissatisfied(np.zeros(1)).tolist() == [5.0]
    warm, clo = _one(24.0), _one(0.7)
    dry, damp = (predicted_mean_vote(warm, warm, 0.1, _one(humidity), 1.2, clo)[0] for humidity in (0.0, 100.0))
    assert dry < damp


def test_clothing_follows_the_month() -> None:
    assert OFFICE.clothing(np.array([1, 5, 7, 10])).tolist() == [1.0, 0.7, 0.5, 1.0]


def test_the_running_mean_weighs_yesterday_most_and_needs_a_week() -> None:
    week = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
    weights = [0.8**age for age in range(7)]
    expected = sum(weight * day for weight, day in zip(weights, week[::-1], strict=True)) / sum(weights)
    assert running_mean(week).tolist() == pytest.approx([expected])
    assert running_mean(np.full(9, 20.0)).tolist() == pytest.approx([20.0, 20.0, 20.0])
    assert len(running_mean(week[:6])) == 0
    assert comfort_temperature(np.array([20.0]))[0] == pytest.approx(25.4)


def test_adaptive_hours_count_between_limits_that_are_not_the_same_on_both_sides() -> None:
    """At a running mean of 20 degC category II is 21.4 to 28.4 degC."""
    room = _room([21.39, 21.41, 28.39, 28.41])
    found = hours_within(room, ADAPTIVE["II"], *_certain(20.0))
    assert (found.occupied, found.known, found.within) == (4.0, 4.0, 2.0)


def test_hours_of_weather_that_the_limits_are_not_for_do_not_count() -> None:
    found = hours_within(_room([22.0] * 4), ADAPTIVE["II"], *_certain(9.9))
    assert found.occupied == 0.0


def test_weather_that_is_not_known_leaves_hours_open_unless_they_are_decided_either_way() -> None:
    """Between 18 and 22 degC of running mean, 25 degC is comfortable, 33 is not, and 21 may be either."""
    found = hours_within(_room([25.0, 33.0, 21.0, nan]), ADAPTIVE["II"], np.full(4, 18.0), np.full(4, 22.0))
    assert (found.occupied, found.known, found.within) == (4.0, 2.0, 1.0)
    nothing = hours_within(_room([25.0] * 4), ADAPTIVE["II"], np.full(4, COLDEST), np.full(4, WARMEST))
    assert (nothing.occupied, nothing.known) == (4.0, 0.0)


def test_an_hour_without_humidity_counts_where_no_humidity_would_change_the_verdict() -> None:
    """In July 25.8 degC is comfortable in dry air and not in damp air; 20 and 35 degC are not in any."""
    room = _room([35.0, 20.0, 25.8, nan])
    found = hours_voting(room, None, 0.5)
    assert (found.occupied, found.known, found.within) == (4.0, 2.0, 0.0)
    damp = hours_voting(room, _room([60.0] * 4), 0.5)
    assert (damp.known, damp.within) == (3.0, 1.0)


def test_the_dissatisfied_of_hours_that_are_not_known_are_anything_from_five_percent_to_all() -> None:
    known = dissatisfied_with(_room([27.0] * 4), _room([60.0] * 4))
    assert known.dissatisfied == pytest.approx(4 * 17.3, abs=0.2)
    assert (known.lower, known.upper) == pytest.approx((known.dissatisfied, known.dissatisfied))
    half = dissatisfied_with(_room([27.0, 27.0, nan, nan]), _room([60.0] * 4))
    assert half.dissatisfied == pytest.approx(known.dissatisfied)
    assert half.upper - half.lower == pytest.approx(2 * 95.0)


def _certain(running: float) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    return np.full(4, running), np.full(4, running)


def _one(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([value])


def _room(hours: list[float]) -> DeviceColumn:
    """Return four hours of a Monday morning in July."""
    value = np.array(hours)
    edges = MONDAY + 8 * HOUR + np.arange(len(hours) + 1) * HOUR
    assert edges[-1] < MONDAY + DAY
    return DeviceColumn("room", "UTC", edges, HourColumn(value, value, value))
