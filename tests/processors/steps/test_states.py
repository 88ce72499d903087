"""States become durations: what is known and what is not add up to the bucket, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import Instants, Period, covering, edges
from ingest.model.time import HOUR, MINUTE, to_micros
from processors.steps.columns import Readings, Spans
from processors.steps.states import StateDurations, state_durations

BEGIN = to_micros(datetime(2024, 10, 26, 22, tzinfo=UTC))  # midnight in Copenhagen, before a day of 25 hours
ZONES = ["Europe/Copenhagen", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata"]


def readings(*given_: tuple[int, float]) -> Readings:
    """Return readings of one series: minutes since BEGIN, and states."""
    times = np.array([BEGIN + minute * MINUTE for minute, _ in given_], np.int64)
    return Readings(np.zeros(len(given_), np.int64), times, np.array([state for _, state in given_], np.float64))


def durations(found: Readings, hold: int, bounds: Instants, around: Instants | None = None) -> StateDurations:
    window = Spans(np.zeros(1, np.int64), bounds[:1], bounds[-1:])
    return state_durations(found, window, np.array([hold]), bounds if around is None else around)


def minutes(found: StateDurations) -> list[tuple[int, int, float, int]]:
    """Return hour, state, minutes and readings."""
    return [
        ((bucket - BEGIN) // HOUR, state, duration / MINUTE, count)
        for bucket, state, duration, count in zip(
            found.bucket.tolist(), found.state.tolist(), found.duration.tolist(), found.count.tolist(), strict=True
        )
    ]


HOURS = covering(BEGIN, BEGIN + 4 * HOUR, Period.HOUR, "Europe/Copenhagen")


def test_a_state_holds_until_the_next_reading_across_hours() -> None:
    found = durations(readings((50, 2), (75, 4), (80, 0)), 24 * HOUR, HOURS)
    assert minutes(found) == [(0, 2, 10.0, 1), (1, 0, 0.0, 1), (1, 2, 15.0, 0), (1, 4, 5.0, 1)]


def test_a_state_holds_no_longer_than_declared() -> None:
    found = durations(readings((0, 2), (100, 0)), 30 * MINUTE, HOURS)
    assert minutes(found) == [(0, 2, 30.0, 1), (1, 0, 0.0, 1)]


def test_a_state_that_is_said_again_goes_on() -> None:
    found = durations(readings((0, 2), (20, 2), (40, 2)), 30 * MINUTE, HOURS)
    assert minutes(found) == [(0, 2, 40.0, 3)]


def test_the_last_reading_holds_nothing_yet() -> None:
    assert minutes(durations(readings((10, 8)), 24 * HOUR, HOURS)) == [(0, 8, 0.0, 1)]


def test_without_readings_nothing_is_known() -> None:
    assert len(durations(readings(), HOUR, HOURS)) == 0


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", [datetime(2024, 3, 31, tzinfo=UTC), datetime(2024, 10, 27, tzinfo=UTC)])
def test_a_day_of_any_length_is_full_of_what_is_known(zone: str, day: datetime) -> None:
    start, end = to_micros(day - timedelta(days=2)), to_micros(day + timedelta(days=2))
    times = np.arange(start, end, 7 * MINUTE)
    found = Readings(np.zeros(len(times), np.int64), times, (np.arange(len(times)) % 3).astype(np.float64))
    for period in (Period.HOUR, Period.DAY):
        bounds = edges(start, end, period, zone)
        table = durations(found, 10 * MINUTE, bounds, covering(start, end, period, zone))
        lengths = [table.duration[table.bucket == bucket].sum() for bucket in bounds[1:-2]]
        assert lengths == np.diff(bounds)[1:-1].tolist()


states = st.lists(st.tuples(st.integers(0, 4 * 3600 - 1), st.integers(0, 8)), unique_by=lambda one: one[0], max_size=40)


@pytest.mark.long
@given(states, st.integers(1, 3 * 3600))
def test_no_second_counts_twice_and_hours_add_up(given_: list[tuple[int, int]], hold: int) -> None:
    given_.sort()
    times = np.array([BEGIN + second * 1_000_000 for second, _ in given_], np.int64)
    found = Readings(np.zeros(len(given_), np.int64), times, np.array([float(state) for _, state in given_]))
    by_hour = durations(found, hold * 1_000_000, HOURS)
    whole = durations(found, hold * 1_000_000, HOURS[[0, -1]])
    assert by_hour.duration.sum() == whole.duration.sum()
    assert by_hour.count.sum() == len(given_)
    for bucket in HOURS[:-1]:
        assert by_hour.duration[by_hour.bucket == bucket].sum() <= HOUR
    for state in range(9):
        held = (min(later, at + hold) - at for (at, its), (later, _) in pairwise(given_) if its == state)
        assert by_hour.duration[by_hour.state == state].sum() == sum(held) * 1_000_000
