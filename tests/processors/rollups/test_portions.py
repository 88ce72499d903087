"""Portions of windows: together they are the windows, and none takes more memory than it may."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import Period, floor
from ingest.model.expected_interval import ExpectedInterval
from ingest.model.time import DAY, HOUR, MINUTE, SECOND
from processors.rollups.portions import HOUR_IN_READINGS, portions
from processors.steps.contracts import contracts
from processors.steps.hours import Windows
from processors.steps.interval_lengths import Kind, Lengths

ZONE = "Australia/Lord_Howe"  # whose clocks change by half an hour
START = floor(1_775_000_000 * SECOND, Period.HOUR, ZONE)


def windows(days: list[int], interval: int = 15 * MINUTE) -> Windows:
    """Return a window of so many days per series."""
    count = len(days)
    end = [floor(START + one * DAY, Period.HOUR, ZONE) for one in days]
    same, is_gauge = np.full(count, interval), np.ones(count, np.bool_)
    start = np.full(count, START)
    return Windows(
        np.arange(count),
        start,
        np.array(end),
        same,
        same,
        ~is_gauge,
        is_gauge,
        is_gauge,
        Lengths.of([Kind(ExpectedInterval(elapsed=interval), ZONE)] * count, [SECOND] * count),
        contracts([None] * count),
    )


@pytest.mark.long
@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.sampled_from([500, 5_000, 100_000]))
def test_portions_are_the_windows_each_hour_once(days: list[int], at_once: int) -> None:
    asked = windows(days)
    found = portions(asked, ZONE, at_once)
    for series, start, end in zip(asked.series_id, asked.start, asked.end, strict=True):
        parts = [(one.start[row], one.end[row]) for one in found for row in np.flatnonzero(one.series_id == series)]
        assert [parts[0][0], *(stop for _, stop in parts)] == [*(begin for begin, _ in parts), end]
        assert parts[0][0] == start
        assert all(floor(int(begin), Period.HOUR, ZONE) == begin < stop for begin, stop in parts)


def test_a_series_that_is_hardly_read_is_cut_by_its_hours_and_one_read_each_second_by_its_readings() -> None:
    for interval, readings_an_hour in ((DAY, HOUR_IN_READINGS), (SECOND, 3_600)):
        found = portions(windows([300, 300], interval), ZONE, 100_000)
        hours = [int((one.end - one.start).sum()) // HOUR for one in found]
        assert len(found) > 1
        assert max(hours) * readings_an_hour <= 2 * 100_000 + readings_an_hour


def test_short_windows_are_left_as_they_are() -> None:
    (found,) = portions(windows([1, 2, 3]), ZONE, 2_000_000)
    assert found.end.tolist() == windows([1, 2, 3]).end.tolist()
