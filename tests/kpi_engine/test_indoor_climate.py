"""Bands of EN 16798-1, occupied hours by the clock on the wall, and what exceeds a limit."""

from datetime import UTC, datetime
from math import nan

import numpy as np
import pytest

from ingest.model.time import HOUR, to_micros
from kpi_engine.families.room_hours import occupied_hours
from kpi_engine.formulas.indoor_climate import OFFICE_HOURS, TEMPERATURES, degree_hours, within
from kpi_engine.ports.device_hours import DeviceColumn
from kpi_engine.ports.hours import HourColumn


def test_a_better_category_lies_within_the_next_one() -> None:
    first, second, third = (TEMPERATURES[name] for name in ("I", "II", "III"))
    assert third.least < second.least < first.least < first.most < second.most < third.most


def test_ends_of_a_band_belong_to_it_and_what_is_not_known_does_not() -> None:
    values = np.array([19.9, 20.0, 26.0, 26.1, nan])
    assert within(values, TEMPERATURES["II"]).tolist() == [False, True, True, False, False]


def test_degree_hours_count_what_exceeds_and_a_silent_hour_as_the_mean_of_the_others() -> None:
    found = degree_hours(np.array([27.0, 25.0, nan]), np.array([27.0, 25.0, 17.0]), np.array([27.0, 25.0, 36.0]), 26.0)
    assert (found.value, found.lower, found.upper) == pytest.approx((1.5, 1.0, 11.0))


def test_occupied_hours_follow_the_clock_on_the_wall_over_its_change() -> None:
    """The clocks of Copenhagen go back on 25 October 2026: Friday is in summer time, and Monday is not."""
    start = to_micros(datetime(2026, 10, 22, 22, tzinfo=UTC))  # Friday 23 October, midnight in Copenhagen
    edges = start + np.arange(4 * 24 + 2) * HOUR
    nothing = np.full(len(edges) - 1, nan)
    column = DeviceColumn("room", "Europe/Copenhagen", edges, HourColumn(nothing, nothing, nothing))
    occupied = np.flatnonzero(occupied_hours(column)).tolist()
    friday, monday = list(range(7, 18)), list(range(3 * 24 + 1 + 7, 3 * 24 + 1 + 18))
    assert occupied == friday + monday


def test_the_policy_says_its_version() -> None:
    assert OFFICE_HOURS.name == "office-hours-1"
