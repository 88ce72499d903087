"""Gaps and tiers: what is measured, interpolated, estimated and unknown of a bucket, and how long nobody read it."""

from datetime import datetime
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import Instants, Period, covering, edges
from ingest.model.expected_interval import ExpectedInterval
from ingest.model.registers import RegisterContract
from ingest.model.time import HOUR, MINUTE, SECOND, to_micros
from processors.steps.columns import Readings, RollupColumns
from processors.steps.combining import combine_columns
from processors.steps.contracts import contracts
from processors.steps.hours import Windows, hours
from processors.steps.interval_lengths import Kind, Lengths
from processors.steps.rollup import Rollup, combine

ZONE: Final = "Europe/Copenhagen"
REGISTER, GAUGE = "register", "gauge"


def at(text: str, zone: str = ZONE) -> int:
    return to_micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def rolled(times: list[int], values: list[float], kind: str, bounds: Instants) -> RollupColumns:
    """Roll one series up, with a max_gap of one hour and a filling of six, into the buckets between ``bounds``."""
    windows = Windows(
        series_id=np.array([1]),
        start=bounds[:1],
        end=bounds[-1:],
        max_gap=np.array([HOUR]),
        filling=np.array([6 * HOUR]),
        is_register=np.array([kind == REGISTER]),
        is_gauge=np.array([kind == GAUGE]),
        is_linear=np.array([True]),
        lengths=Lengths.of([Kind(ExpectedInterval(elapsed=15 * MINUTE), ZONE)], [15 * SECOND]),
        contracts=contracts([RegisterContract() if kind == REGISTER else None]),
    )
    return hours(Readings(np.zeros(len(times), np.int64), np.array(times), np.array(values)), windows, bounds)


def day_of(times: list[int], kind: str = REGISTER) -> tuple[list[Rollup], Rollup]:
    """Return the hours of 6 May 2026 and the day they make; a register counts one unit an hour, a gauge is 20."""
    start, end = at("2026-05-06"), at("2026-05-07")
    values = [(time - at("2026-05-01")) / HOUR if kind == REGISTER else 20.0 for time in times]
    bounds = covering(min(times[0], start), max(times[-1], end) + 1, Period.HOUR, ZONE)
    table = rolled(times, values, kind, bounds)
    rows = [table.row(index) for index in range(len(table)) if start <= table.bucket[index] < end]
    return rows, combine(rows, start, end)


def quarters(*spans: tuple[str, str]) -> list[int]:
    """Return quarter hours of 6 May 2026, both ends of every span included."""
    found = (range(at(f"2026-05-{a}"), at(f"2026-05-{b}") + 1, 15 * MINUTE) for a, b in spans)
    return [time for every in found for time in every]


def test_ten_silent_hours_are_a_gap_of_ten_hours_for_the_day_and_of_one_for_each_hour() -> None:
    rows, day = day_of(quarters(("05T22:00", "06T08:00"), ("06T18:00", "07T02:00")))
    assert [row.longest_gap() for row in rows] == [900.0] * 8 + [3600.0] * 10 + [900.0] * 6
    assert day.longest_gap() == 36_000.0
    assert day.total == pytest.approx(24.0)
    assert (day.is_bounded, day.span_coverage, day.estimated) == (True, 1.0, 0.0)
    assert day.measured_share == pytest.approx(14 / 24)
    assert day.estimated_time_share == pytest.approx(10 / 24)
    assert (day.interpolated_share, day.unknown_share) == (0.0, 0.0)
    assert day.count / (24 * 4) == pytest.approx(57 / 96)


def test_a_gap_over_midnight_ends_at_midnight_for_the_day_and_is_whole_for_the_month() -> None:
    times = quarters(("06T00:00", "06T20:00"), ("07T09:00", "07T12:00"))
    _, day = day_of(times)
    assert day.longest_gap() == 4 * 3600.0
    assert day.estimated == pytest.approx(4.0)  # of thirteen hours, four lie in this day: which, nobody knows
    bounds = covering(times[0], times[-1] + 1, Period.HOUR, ZONE)
    table = rolled(times, [float(time) for time in times], REGISTER, bounds)
    rows = [table.row(index) for index in range(len(table))]
    both = combine(rows, at("2026-05-06"), at("2026-05-08"))
    assert (both.pause, both.longest_gap()) == (13 * 3600.0, 13 * 3600.0)


def test_a_gap_is_measured_from_and_to_the_edges_of_a_bucket_too() -> None:
    _, day = day_of(quarters(("06T07:00", "06T22:00")))
    assert day.longest_gap() == 7 * 3600.0
    assert day.longest_gap(at("2026-05-06T22:30")) == 7 * 3600.0
    empty = Rollup(at("2026-05-06"), at("2026-05-07"))
    assert empty.longest_gap() == 24 * 3600.0
    assert empty.longest_gap(at("2026-05-06T03:00")) == 3 * 3600.0
    assert empty.unknown_share == 1.0


def test_a_silence_within_the_filling_of_a_register_is_interpolated_and_no_estimate() -> None:
    rows, day = day_of(quarters(("06T00:00", "06T08:00"), ("06T13:00", "07T00:00")))
    assert [row.interpolated_share for row in rows[8:13]] == [1.0] * 5
    assert sum(row.estimated for row in rows) == 0.0
    assert day.measured_share == pytest.approx(19 / 24)
    assert day.interpolated_share == pytest.approx(5 / 24)
    assert day.estimated_time_share == 0.0


def test_a_gauge_is_drawn_through_a_silence_within_its_filling_which_is_not_measured() -> None:
    rows, day = day_of(quarters(("06T00:00", "06T08:00"), ("06T13:00", "07T00:00")), GAUGE)
    assert [row.mean for row in rows] == [20.0] * 24
    assert [row.measured_share for row in rows[8:13]] == [0.0] * 5
    assert (day.weighted, day.measured) == (24 * 3600.0, 19 * 3600.0)
    assert day.interpolated_share == pytest.approx(5 / 24)


def test_nothing_is_known_of_a_gauge_in_a_silence_beyond_its_filling() -> None:
    rows, day = day_of(quarters(("06T00:00", "06T08:00"), ("06T15:00", "07T00:00")), GAUGE)
    assert len(rows) == 24 - 6  # the hour that begins with the last reading before the silence has one
    assert rows[8].mean is None
    assert (day.interpolated_share, day.estimated_time_share) == (0.0, 0.0)
    assert day.unknown_share == pytest.approx(7 / 24)
    assert day.weighted == 17 * 3600.0


def test_what_was_never_computed_of_one_hour_is_not_known_of_its_day() -> None:
    rows, _ = day_of(quarters(("06T00:00", "07T00:00")))
    old = Rollup(rows[3].bucket, rows[3].bucket_end, 4, interpolated=None, estimated_time=None, pause=None)
    day = combine([*rows[:3], old, *rows[4:]], at("2026-05-06"), at("2026-05-07"))
    assert (day.longest_gap(), day.interpolated_share, day.estimated_time_share, day.unknown_share) == (None,) * 4


NIGHTS = [
    ("Europe/Tallinn", "2026-03-28"),
    ("Europe/Tallinn", "2026-10-24"),
    ("Australia/Lord_Howe", "2026-04-04"),
    ("Australia/Lord_Howe", "2026-10-03"),
]


@given(
    night=st.sampled_from(NIGHTS),
    kind=st.sampled_from([REGISTER, GAUGE]),
    steps=st.lists(st.integers(1, 14 * 3600), min_size=1, max_size=30),
)
def test_hours_make_days_and_the_days_their_whole_as_if_each_were_computed_from_the_readings(
    night: tuple[str, str], kind: str, steps: list[int]
) -> None:
    zone, first = night
    times = np.cumsum([at(first, zone), *(step * SECOND for step in steps)]).tolist()
    values = [(time - times[0]) / HOUR for time in times]
    of_days = covering(times[0], times[-1] + 1, Period.DAY, zone)
    table = rolled(times, values, kind, edges(int(of_days[0]), int(of_days[-1]), Period.HOUR, zone))
    day = np.searchsorted(of_days, table.bucket, side="right") - 1
    days = combine_columns(table, of_days[day], of_days[day + 1])
    direct = rolled(times, values, kind, of_days)
    assert len(days) == len(direct)
    for index in range(len(days)):
        _agrees(days.row(index), direct.row(index), times)
    whole = int(of_days[0]), int(of_days[-1])
    from_days = combine([days.row(index) for index in range(len(days))], *whole)
    from_hours = combine([table.row(index) for index in range(len(table))], *whole)
    assert from_days.longest_gap() == from_hours.longest_gap() == _longest_gap(times, *whole)


def _agrees(combined: Rollup, direct: Rollup, times: list[int]) -> None:
    gap = combined.longest_gap()
    assert gap == direct.longest_gap() == _longest_gap(times, combined.bucket, combined.bucket_end)
    for name in ("first_at", "last_at", "pause", "count", "covered_from", "covered_to"):
        assert getattr(combined, name) == getattr(direct, name)
    tiers = [(one.measured, one.interpolated, one.estimated_time) for one in (combined, direct)]
    assert tiers[0] == pytest.approx(tiers[1], abs=1e-6)
    shares = (combined.measured_share, combined.interpolated_share, combined.estimated_time_share)
    assert sum(share or 0.0 for share in (*shares, combined.unknown_share)) == pytest.approx(1.0, abs=1e-9)


def _longest_gap(times: list[int], start: int, end: int) -> float:
    """Return the longest gap as a person would find it: between every two neighbours of edges and readings inside."""
    inside = [time for time in times if start <= time < end]
    return max(after - before for before, after in pairwise([start, *inside, end])) / SECOND
