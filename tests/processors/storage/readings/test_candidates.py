"""Readings that share series and time are found, whatever their order."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.observation import ObservationBatch
from processors.storage.readings.candidates import candidates, extents

rows = st.lists(st.tuples(*[st.integers(0, 2)] * 5), max_size=20)


def _batch(readings: list[tuple[int, ...]]) -> ObservationBatch:
    series, time, value, quality, received = np.array(readings, np.int64).reshape(-1, 5).T
    return ObservationBatch(series, time, value.astype(np.float64), received, quality, received * 0)


@given(rows)
def test_one_row_stands_for_each_distinct_reading_the_best_of_them(readings: list[tuple[int, ...]]) -> None:
    found = candidates(_batch(readings))
    chosen = [readings[row] for row in found.rows]
    assert [row[:2] for row in chosen] == sorted(row[:2] for row in chosen)
    assert len({row[:3] for row in chosen}) == len(chosen) == len({row[:3] for row in readings})
    assert all(row <= other for row in chosen for other in readings if row[:3] == other[:3])
    assert found.contested == (len({row[:2] for row in chosen}) < len(chosen))


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), min_size=1, max_size=20, unique=True), st.integers(1, 9)
)
def test_extents_hold_every_reading_and_bridge_no_long_silence(readings: list[tuple[int, int]], apart: int) -> None:
    series, time = np.array(sorted(readings), np.int64).T
    stretches = list(zip(*(column.tolist() for column in extents(series, time, apart)), strict=True))
    inside = [[t for s, t in sorted(readings) if s == of and start <= t <= end] for of, start, end in stretches]
    assert sum(map(len, inside)) == len(readings)
    assert all(b - a <= apart for times in inside for a, b in pairwise(times))
    assert all(second[0] != first[0] or second[1] - first[2] > apart for first, second in pairwise(stretches))
