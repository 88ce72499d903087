"""Readings to civil hours: totals are conserved, silence is not zero, and nothing depends on the window's size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import Period, ceil, edges, floor
from ingest.model.expected_interval import ExpectedInterval
from ingest.model.quantities.units import conversion
from ingest.model.registers import Decrease, RegisterContract
from ingest.model.time import HOUR, MINUTE, SECOND
from processors.steps.columns import Readings, RollupColumns
from processors.steps.contracts import contracts
from processors.steps.hours import Windows, hours
from processors.steps.interval_lengths import Kind, Lengths
from processors.steps.rollup import Rollup, combine

ZONE = "Europe/Copenhagen"
MIDNIGHT = 1_520_000_000 * SECOND // HOUR * HOUR
REGISTER, GAUGE, INTERVAL = "register", "gauge", "interval"


RESETS = RegisterContract(on_decrease=Decrease.RESET_TO_ZERO)


def rollups(
    times: list[int],
    values: list[float],
    kind: str = REGISTER,
    *,
    max_gap: int = 3 * HOUR,
    filling: int = 0,
    is_linear: bool = True,
    window: tuple[int, int] | None = None,
) -> list[Rollup]:
    """Roll up one series over a window that by default holds all its readings."""
    start, end = window or (floor(times[0], Period.HOUR, ZONE), ceil(times[-1] + 1, Period.HOUR, ZONE))
    windows = Windows(
        series_id=np.array([1]),
        start=np.array([start]),
        end=np.array([end]),
        max_gap=np.array([max_gap]),
        filling=np.array([filling]),
        is_register=np.array([kind == REGISTER]),
        is_gauge=np.array([kind == GAUGE]),
        is_linear=np.array([is_linear]),
        lengths=Lengths.of([Kind(ExpectedInterval(elapsed=HOUR), ZONE)], [MINUTE]),
        contracts=contracts([RESETS if kind == REGISTER else None]),
    )
    readings = Readings(np.zeros(len(times), np.int64), np.array(times, np.int64), np.array(values, np.float64))
    table: RollupColumns = hours(readings, windows, edges(times[0] - HOUR, times[-1] + HOUR, Period.HOUR, ZONE))
    return [table.row(index) for index in range(len(table))]


def test_a_register_read_on_the_hour_gives_each_hour_its_difference() -> None:
    rows = rollups([MIDNIGHT, MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR], [10.0, 13.5, 13.5])
    assert [row.total for row in rows] == [3.5, 0.0, None]
    assert [row.is_bounded for row in rows] == [True, True, False]


def test_a_register_is_interpolated_at_the_edge_of_the_hour() -> None:
    before, after = rollups([MIDNIGHT + 45 * MINUTE, MIDNIGHT + 75 * MINUTE], [100.0, 106.0])
    assert before.total == pytest.approx(3.0, rel=1e-12)
    assert after.total == pytest.approx(3.0, rel=1e-12)
    assert before.covered_from == MIDNIGHT + 45 * MINUTE
    assert not before.is_bounded


@pytest.mark.parametrize(
    ("values", "expected"),
    [([30, 10], 10.0), ([10, 30], 20.0), ([30, 10, 30], 30.0), ([10, 30, 10], 30.0)],
    ids=["reset", "counting", "reset then counting", "counting then reset"],
)
def test_a_register_that_restarts_from_zero_adds_its_new_value(values: list[float], expected: float) -> None:
    rows = rollups([MIDNIGHT + index * 10 * MINUTE for index in range(len(values))], values)
    assert sum(row.total or 0.0 for row in rows) == expected


@given(register=st.floats(min_value=0.1, max_value=1e10), unit=st.sampled_from(["MWh", "GJ", "Wh"]))
def test_a_register_that_rests_counts_nothing_whatever_units_it_is_read_in(register: float, unit: str) -> None:
    other = conversion(unit, "kWh")
    again = other(register / other.scale)
    (row, *_) = rollups([MIDNIGHT + MINUTE, MIDNIGHT + 2 * MINUTE, MIDNIGHT + 3 * MINUTE], [register, again, register])
    assert row.total == pytest.approx(0.0, abs=1e-12 * register)


def test_a_single_reading_says_nothing_about_an_amount() -> None:
    (row,) = rollups([MIDNIGHT + MINUTE], [5.0])
    assert (row.count, row.total, row.measured, row.covered_from) == (1, None, 0.0, None)


def test_energy_counted_during_a_silence_is_conserved_and_marked_estimated() -> None:
    rows = rollups([MIDNIGHT, MIDNIGHT + HOUR, MIDNIGHT + 11 * HOUR, MIDNIGHT + 12 * HOUR], [0.0, 1.0, 21.0, 22.0])
    silent = rows[1:11]
    assert [row.total for row in silent] == pytest.approx([2.0] * 10)
    assert [row.estimated for row in silent] == pytest.approx([2.0] * 10)
    assert {row.measured for row in silent} == {0.0}
    day = combine(rows[:12], MIDNIGHT, MIDNIGHT + 12 * HOUR)
    assert day.total == pytest.approx(22.0, rel=1e-12)
    assert (day.is_bounded, day.span_coverage, day.estimated) == (True, 1.0, 0.0)
    assert day.measured_share == pytest.approx(2 / 12)


def test_a_silence_across_the_boundary_lowers_coverage_and_leaves_an_estimate() -> None:
    rows = rollups([MIDNIGHT - 10 * HOUR, MIDNIGHT + 2 * HOUR, MIDNIGHT + 4 * HOUR], [0.0, 12.0, 14.0])
    part = combine([row for row in rows if MIDNIGHT <= row.bucket < MIDNIGHT + 4 * HOUR], MIDNIGHT, MIDNIGHT + 4 * HOUR)
    assert part.total == pytest.approx(4.0)
    assert part.estimated == pytest.approx(2.0)
    assert part.span_coverage == 0.5
    assert part.is_bounded


@pytest.mark.parametrize(
    "times",
    [
        [-HOUR, 0, 5 * HOUR, 6 * HOUR, 24 * HOUR, 25 * HOUR],
        [-HOUR, 0, 19 * HOUR, 24 * HOUR, 25 * HOUR],
        [0, 24 * HOUR],
    ],
    ids=["a silence at both edges, a reading between", "silences that meet", "read on the edges only"],
)
def test_a_silence_between_readings_on_the_edges_costs_no_coverage(times: list[int]) -> None:
    rows = rollups([MIDNIGHT + time for time in times], [time / HOUR + 10 for time in times])
    day = combine(
        [row for row in rows if MIDNIGHT <= row.bucket < MIDNIGHT + 24 * HOUR], MIDNIGHT, MIDNIGHT + 24 * HOUR
    )
    assert day.total == pytest.approx(24.0, rel=1e-12)
    assert (day.is_bounded, day.span_coverage, day.estimated) == (True, 1.0, 0.0)


def test_a_gauge_has_no_value_across_a_silence() -> None:
    rows = rollups([MIDNIGHT, MIDNIGHT + 30 * MINUTE, MIDNIGHT + 5 * HOUR], [20.0, 30.0, 50.0], GAUGE)
    assert [row.bucket for row in rows] == [MIDNIGHT, MIDNIGHT + 5 * HOUR]
    assert rows[0].mean == 25.0
    assert rows[0].measured_share == 0.5
    assert rows[1].mean is None


TIME_WEIGHTED = [(0, 10), (1, 20), (2, 10), (3, 20), (4, 10), (8, 30), (10, 10), (10.5, 20), (20, 30)]


@pytest.mark.parametrize(("is_linear", "expected"), [(True, 21.25), (False, 17.75)], ids=["linear", "previous value"])
def test_a_gauge_reported_by_exception_is_averaged_over_time(is_linear: bool, expected: float) -> None:
    # Minutes and values; the mean over the twenty minutes.
    times = [MIDNIGHT + round(minute * MINUTE) for minute, _ in TIME_WEIGHTED]
    (row,) = rollups(times, [value for _, value in TIME_WEIGHTED], GAUGE, is_linear=is_linear)
    assert row.mean == pytest.approx(expected, rel=1e-12)
    assert row.weighted == 20 * 60


def test_an_interval_reading_belongs_to_the_interval_that_ends_at_its_time() -> None:
    rows = rollups(
        [MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR + 30 * MINUTE],
        [4.0, 6.0],
        INTERVAL,
        window=(MIDNIGHT, MIDNIGHT + 3 * HOUR),
    )
    assert [row.total for row in rows] == pytest.approx([4.0, 3.0, 3.0])
    assert [row.measured for row in rows] == [3600.0, 1800.0, 1800.0]


@st.composite
def register_traces(draw: st.DrawFn) -> tuple[list[int], list[float]]:
    steps = draw(st.lists(st.integers(SECOND, 9 * HOUR), min_size=1, max_size=40))
    amounts = draw(st.lists(st.floats(0, 1e4), min_size=len(steps), max_size=len(steps)))
    start = MIDNIGHT + draw(st.integers(0, 400 * 24 * HOUR))
    return list(np.cumsum([start, *steps]).tolist()), list(np.cumsum([1e6, *amounts]).tolist())


@given(register_traces())
def test_hours_sum_to_the_difference_of_the_registers(trace: tuple[list[int], list[float]]) -> None:
    times, values = trace
    total = sum(row.total or 0.0 for row in rollups(times, values))
    assert total == pytest.approx(values[-1] - values[0], rel=1e-9, abs=1e-6)


@given(register_traces(), st.sampled_from([REGISTER, GAUGE]), st.integers(0, 30))
def test_an_hour_is_the_same_whatever_window_it_is_recomputed_in(
    trace: tuple[list[int], list[float]], kind: str, index: int
) -> None:
    times, values = trace
    whole = {row.bucket: row for row in rollups(times, values, kind)}
    chosen = sorted(whole)[index % len(whole)]
    end = whole[chosen].bucket_end
    first = max((i for i, time in enumerate(times) if time <= chosen), default=0)
    last = min((i for i, time in enumerate(times) if time >= end), default=len(times) - 1)
    again = rollups(times[first : last + 1], values[first : last + 1], kind, window=(chosen, end))
    assert again == [whole[chosen]]
