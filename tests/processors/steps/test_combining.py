"""Adding up rollups in columns gives the same bits as adding them up one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import HOUR
from processors.steps.columns import ABSENT, RollupColumns
from processors.steps.combining import combine_columns
from processors.steps.rollup import combine

NUMBERS = st.one_of(st.just(float("nan")), st.floats(-1e9, 1e9))
HOURS_PER_DAY = 4


@st.composite
def tables(draw: st.DrawFn) -> RollupColumns:
    size = draw(st.integers(1, 24))
    index = np.array(sorted(draw(st.sets(st.integers(0, 40), min_size=size, max_size=size))), np.int64)
    start = (index % 20) * HOUR

    def numbers(strategy: st.SearchStrategy[float] = NUMBERS) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array(draw(st.lists(strategy, min_size=size, max_size=size)))

    seconds = numbers(st.floats(0, 3600))
    known = numbers(st.sampled_from([0.0, 1.0])) > 0
    return RollupColumns(
        slot=index // 20,
        bucket=start,
        bucket_end=start + HOUR,
        count=np.arange(size),
        minimum=numbers(),
        maximum=numbers(),
        total=numbers(),
        integral=numbers(),
        estimated=numbers(st.floats(0, 1e3)),
        measured=seconds,
        weighted=seconds,
        covered_from=np.where(known, start, ABSENT),
        covered_to=np.where(known, start + HOUR, ABSENT),
        measured_from=np.where(known, start + 1, ABSENT),
        measured_to=np.where(known, start + HOUR - 1, ABSENT),
        rejected=np.arange(size) % 3,
        contract=np.array(draw(st.lists(st.integers(0, 1), min_size=size, max_size=size)), np.int64),
        interpolated=numbers(st.sampled_from([0.0, 600.0, float("nan")])),
        estimated_time=numbers(st.sampled_from([0.0, 1800.0])),
        pause=numbers(st.sampled_from([0.0, 60.0, 900.0, float("nan")])),
        first_at=np.where(known, start + 2, ABSENT),
        last_at=np.where(known, start + HOUR - 2, ABSENT),
        entry_seconds=numbers(st.sampled_from([60.0, 900.0, float("nan")])),
        entry_amount=numbers(st.sampled_from([0.5, 2.0, float("nan")])),
        exit_seconds=numbers(st.sampled_from([60.0, 900.0, float("nan")])),
        exit_amount=numbers(st.sampled_from([0.5, 2.0, float("nan")])),
        doubt_below=numbers(st.sampled_from([0.0, 1.5, float("nan")])),
        doubt_above=numbers(st.sampled_from([0.25, float("inf"), float("nan")])),
        peak=numbers(st.sampled_from([0.5, 4.0, float("nan")])),
    )


@pytest.mark.long
@given(tables())
def test_combining_columns_equals_combining_rows(table: RollupColumns) -> None:
    day = table.bucket // (HOURS_PER_DAY * HOUR) * (HOURS_PER_DAY * HOUR)
    together = combine_columns(table, day, day + HOURS_PER_DAY * HOUR)
    groups: dict[tuple[int, int], list[int]] = {}
    for row, key in enumerate(zip(table.slot.tolist(), day.tolist(), strict=True)):
        groups.setdefault(key, []).append(row)
    assert len(together) == len(groups)
    for row, ((_, start), members) in enumerate(groups.items()):
        one_by_one = combine([table.row(member) for member in members], start, start + HOURS_PER_DAY * HOUR)
        assert together.row(row) == one_by_one
