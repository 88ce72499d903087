"""The temperature of a day: short gaps are interpolated, long ones are not, and half of its hours must be there."""

import numpy as np
import pytest

from kpi_engine.baselines.day_temperature import day_means, interpolated

NONE = np.nan


def test_six_missing_hours_are_interpolated_and_seven_are_not() -> None:
    six = np.array([0.0, *[NONE] * 6, 7.0])
    seven = np.array([0.0, *[NONE] * 7, 8.0])
    assert interpolated(six, 6) == pytest.approx(np.arange(8.0))
    assert np.isnan(interpolated(seven, 6)[1:-1]).all()


def test_what_lies_before_the_first_and_after_the_last_hour_is_not_made_up() -> None:
    assert np.isnan(interpolated(np.array([NONE, 1.0, NONE]), 6)).tolist() == [True, False, True]
    assert np.isnan(interpolated(np.full(3, NONE), 6)).all()


def test_a_day_needs_half_of_its_hours_measured() -> None:
    hours = np.full(48, NONE)
    hours[:24:2] = 10.0  # every other hour: 12 of 24
    hours[24::3] = 20.0  # every third: 8 of 24, though all but the last two are interpolated
    means = day_means(hours, np.repeat([0, 1], 24), 2, 6, 0.5)
    assert means[0] == pytest.approx(10.0, abs=0.3)
    assert np.isnan(means[1])


def test_a_long_gap_is_left_out_of_the_mean_of_its_day() -> None:
    hours = np.where(np.arange(24) < 14, 5.0, NONE)
    assert day_means(hours, np.zeros(24, int), 1, 6, 0.5) == pytest.approx(5.0)


def test_days_of_23_and_25_hours_have_the_mean_of_their_own_hours() -> None:
    day = np.repeat([0, 1], [23, 25])
    hours = np.concatenate([np.full(23, 1.0), np.arange(25.0)])
    assert day_means(hours, day, 2, 6, 0.5) == pytest.approx([1.0, 12.0])
