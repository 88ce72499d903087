"""Amounts of intervals: no instant counts twice, whatever a device sends."""

from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import MINUTE, SECOND
from processors.steps.columns import Readings
from processors.steps.intervals import stretches
from processors.steps.stretches import Stretches

QUARTER = 15 * MINUTE


def spread(*readings: tuple[float, float], interval: int = QUARTER) -> Stretches:
    """Return what readings at minutes of an hour stand for."""
    times = np.array([int(minute * MINUTE) for minute, _ in readings], np.int64)
    values = np.array([value for _, value in readings], np.float64)
    return stretches(Readings(np.zeros(len(times), np.int64), times, values), np.array([interval]))


def test_intervals_that_meet_are_whole() -> None:
    found = spread((15, 3.0), (30, 4.0), (60, 5.0))
    assert found.begin.tolist() == [0, QUARTER, 3 * QUARTER]
    assert found.amount.tolist() == [3.0, 4.0, 5.0]
    assert found.measured.all()


def test_of_intervals_that_overlap_only_what_is_new_counts_and_is_no_measurement() -> None:
    found = spread((15, 3.0), (20, 3.0), (30, 3.0))
    assert found.begin.tolist() == [0, 15 * MINUTE, 20 * MINUTE]
    assert found.amount.tolist() == [3.0, pytest.approx(1.0), pytest.approx(2.0)]
    assert found.measured.tolist() == [True, False, False]


def test_an_amount_of_an_interval_of_another_length_leaves_the_rest_unknown() -> None:
    found = spread((30, 6.0), (60, 6.0))
    assert (found.end - found.begin).tolist() == [QUARTER, QUARTER]


def test_a_stamp_that_is_off_by_a_moment_costs_nothing() -> None:
    found = spread((15, 3.0), (29.9, 3.0))
    assert found.amount.tolist() == [3.0, 3.0]
    assert found.measured.all()
    assert found.begin[1] == 15 * MINUTE


def test_series_do_not_overlap_each_other() -> None:
    readings = Readings(np.array([0, 1]), np.array([QUARTER, QUARTER + MINUTE]), np.array([1.0, 1.0]))
    assert stretches(readings, np.array([QUARTER, QUARTER])).amount.tolist() == [1.0, 1.0]


@given(st.lists(st.integers(0, 7200), unique=True, min_size=1, max_size=60), st.integers(1, 3600))
def test_no_instant_counts_twice(seconds: list[int], length: int) -> None:
    times = np.array(sorted(seconds), np.int64) * SECOND
    found = stretches(Readings(np.zeros(len(times), np.int64), times, np.ones(len(times))), np.array([length * SECOND]))
    assert (found.begin[1:] >= found.end[:-1]).all()
    covered = (found.end - found.begin).sum() / (length * SECOND)
    assert fsum(found.amount.tolist()) <= covered * 60 / 59 + 1e-9
