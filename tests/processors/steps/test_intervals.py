"""Amounts of intervals: no instant counts twice, and what was counted is conserved, whatever stamps a device gives."""

from datetime import datetime
from itertools import pairwise
from math import fsum
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import Period, edges
from ingest.model.expected_interval import ExpectedInterval
from ingest.model.time import DAY, HOUR, MINUTE, SECOND, to_micros
from processors.steps.columns import ABSENT, Ints, Readings
from processors.steps.interval_lengths import Kind, Lengths
from processors.steps.intervals import stretches
from processors.steps.stretches import Stretches, cut

QUARTER = 15 * MINUTE
QUARTERLY, HOURLY = ExpectedInterval(elapsed=QUARTER), ExpectedInterval(elapsed=HOUR)
DAILY, MONTHLY = ExpectedInterval(days=1), ExpectedInterval(months=1)
ZONES = ["Europe/Tallinn", "America/St_Johns", "Australia/Lord_Howe", "America/Santiago"]
COPENHAGEN = "Europe/Copenhagen"


def at(text: str, zone: str = COPENHAGEN) -> int:
    return to_micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def meant(
    times: list[int],
    values: list[float],
    length: ExpectedInterval = QUARTERLY,
    zone: str = "UTC",
    tolerance: int | None = None,
) -> Stretches:
    """Return what readings of one series stand for."""
    readings = Readings(np.zeros(len(times), np.int64), np.array(times, np.int64), np.array(values, np.float64))
    return stretches(readings, Lengths.of([Kind(length, zone)], [length.tolerance if tolerance is None else tolerance]))


def told(*given: tuple[int, int | None, float], length: ExpectedInterval = QUARTERLY, zone: str = "UTC") -> Stretches:
    """Return what readings of one series stand for whose ends, begins (None: not given) and amounts are given."""
    end, begin, value = zip(*given, strict=True)
    begins = np.array([ABSENT if one is None else one for one in begin], np.int64)
    readings = Readings(np.zeros(len(end), np.int64), np.array(end, np.int64), np.array(value, np.float64), begins)
    return stretches(readings, Lengths.of([Kind(length, zone)], [length.tolerance]))


def spread(*readings: tuple[float, float]) -> Stretches:
    """Return what readings at minutes of an hour stand for, a quarter of an hour each."""
    return meant([round(minute * MINUTE) for minute, _ in readings], [value for _, value in readings])


def amounts(found: Stretches, bounds: Ints) -> list[float]:
    """Return what stretches come to between ``bounds``, which cover them."""
    pieces = cut(found, bounds)
    part = (pieces.end - pieces.start) / (found.end - found.begin)[pieces.of]
    sums: list[float] = np.bincount(pieces.bucket, found.amount[pieces.of] * part, len(bounds) - 1).tolist()
    return sums


def is_whole(found: Stretches) -> bool:
    """Whether stretches meet without a hole, and all of them are measured."""
    return bool(found.measured.all()) and found.begin[1:].tolist() == found.end[:-1].tolist()


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


def test_stamps_near_the_quarters_of_an_hour_belong_to_them_wholly() -> None:
    found = spread((15.02, 3.0), (29.9, 4.0), (45.25, 5.0), (59.75, 6.0))
    assert found.begin.tolist() == [0, QUARTER, 2 * QUARTER, 3 * QUARTER]
    assert found.end.tolist() == [QUARTER, 2 * QUARTER, 3 * QUARTER, HOUR]
    assert found.amount.tolist() == [3.0, 4.0, 5.0, 6.0]
    assert found.measured.all()


def test_stamps_off_the_quarters_stay_where_they_are_and_small_holes_and_overlaps_close() -> None:
    found = spread((7.5, 3.0), (22.7, 4.0), (37.5, 5.0))
    assert found.begin.tolist()[1:] == [round(7.5 * MINUTE), round(22.7 * MINUTE)]
    assert found.end.tolist() == [round(7.5 * MINUTE), round(22.7 * MINUTE), round(37.5 * MINUTE)]
    assert found.amount.tolist() == [3.0, 4.0, 5.0]
    assert is_whole(found)


def test_a_hole_longer_than_the_tolerance_stays_a_hole() -> None:
    found = spread((7.5, 3.0), (23.0, 4.0))
    assert found.begin[1] - found.end[0] == 30 * SECOND


def test_a_declared_tolerance_closes_what_it_declares() -> None:
    times = [round(7.5 * MINUTE), 23 * MINUTE]
    assert is_whole(meant(times, [3.0, 4.0], tolerance=30 * SECOND))


def test_a_clock_that_drifts_costs_nothing_and_moves_no_interval_by_more_than_its_stamps() -> None:
    times = [index * (QUARTER + SECOND // 2) for index in range(1, 200)]
    found = meant(times, [1.0] * len(times))
    assert is_whole(found)
    assert fsum(found.amount.tolist()) == len(times)
    assert np.abs(found.end - np.array(times)).max() <= QUARTERLY.tolerance


def test_what_is_said_again_a_second_later_counts_once() -> None:
    for first in (15, 7.5):
        found = spread((first, 3.0), (first + 1 / 60, 3.0), (first + 15, 4.0))
        assert fsum(found.amount.tolist()) == 7.0
        assert is_whole(found)


def test_series_do_not_overlap_each_other() -> None:
    readings = Readings(np.array([0, 1]), np.array([QUARTER, QUARTER + MINUTE]), np.array([1.0, 1.0]))
    lengths = Lengths.of([Kind(QUARTERLY, "UTC")] * 2, [15 * SECOND] * 2)
    assert stretches(readings, lengths).amount.tolist() == [1.0, 1.0]


def test_a_day_is_that_of_the_city_whatever_its_length() -> None:
    for text, hours in (("2025-03-31", 23), ("2025-10-27", 25), ("2025-06-02", 24)):
        (begin,), (end,) = (getattr(meant([at(text)], [8.0], DAILY, COPENHAGEN), side) for side in ("begin", "end"))
        assert (end, end - begin) == (at(text), hours * HOUR)


def test_a_month_is_that_of_the_city() -> None:
    times = [at(text) for text in ("2026-02-01", "2026-03-01", "2026-04-01")]
    found = meant(times, [7.0, 8.0, 9.0], MONTHLY, COPENHAGEN)
    assert found.begin.tolist() == [at("2026-01-01"), *times[:-1]]


def test_days_from_six_to_six_keep_their_hour_and_meet_over_both_changes_of_clocks() -> None:
    for month in ("2025-03", "2025-10"):
        times = [at(f"{month}-{day} 06:00") for day in range(25, 32)]
        found = meant(times, [1.0] * 7, DAILY, COPENHAGEN)
        assert is_whole(found)
        assert found.end.tolist() == times


def test_days_of_a_clock_that_never_changes_meet_as_well() -> None:
    for start in ("2025-03-26T23:00+00:00", "2025-10-23T23:00+00:00"):
        times = [to_micros(datetime.fromisoformat(start)) + day * DAY for day in range(7)]
        assert is_whole(meant(times, [1.0] * 7, DAILY, COPENHAGEN))


def test_bills_read_on_any_day_of_the_month_meet() -> None:
    times = [at(text) for text in ("2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29")]
    assert is_whole(meant(times, [1.0] * 4, MONTHLY, COPENHAGEN))


@given(st.lists(st.integers(0, 7200), unique=True, min_size=1, max_size=60), st.integers(1, 3600))
def test_no_instant_counts_twice(seconds: list[int], length: int) -> None:
    times = [second * SECOND for second in sorted(seconds)]
    found = meant(times, [1.0] * len(times), ExpectedInterval(elapsed=length * SECOND))
    assert (found.begin[1:] >= found.end[:-1]).all()
    assert fsum(found.amount.tolist()) <= len(times)


def test_an_interval_of_which_both_edges_are_given_is_as_long_as_they_say_and_on_no_grid() -> None:
    found = told((3 * HOUR, SECOND, 5.0), (3 * HOUR + 2 * MINUTE, 3 * HOUR, 6.0), (DAY, 3 * HOUR + 2 * MINUTE, 7.0))
    assert found.begin.tolist() == [SECOND, 3 * HOUR, 3 * HOUR + 2 * MINUTE]
    assert found.amount.tolist() == [5.0, 6.0, 7.0]
    assert is_whole(found)


def test_given_edges_meet_within_the_tolerance_of_the_series_and_of_a_shorter_interval_within_less() -> None:
    found = told((QUARTER, 0, 1.0), (2 * QUARTER, QUARTER + 14 * SECOND, 2.0), (3 * QUARTER, 2 * QUARTER - SECOND, 3.0))
    assert is_whole(found)
    assert found.amount.tolist() == [1.0, 2.0, 3.0]
    apart = told((QUARTER, 0, 1.0), (QUARTER + MINUTE, QUARTER + 2 * SECOND, 2.0))
    assert apart.begin.tolist() == [0, QUARTER + 2 * SECOND]
    within = told((DAY, 0, 1.0), (DAY + 20 * MINUTE, DAY, 2.0), (2 * DAY, DAY + 20 * MINUTE, 3.0), length=DAILY)
    assert is_whole(within)
    assert within.amount.tolist() == [1.0, 2.0, 3.0]


def test_of_given_intervals_that_overlap_the_time_counts_that_is_new() -> None:
    found = told((HOUR, 0, 4.0), (2 * HOUR, 30 * MINUTE, 6.0))
    assert found.begin.tolist() == [0, HOUR]
    assert found.amount.tolist() == [4.0, pytest.approx(4.0)]
    assert found.measured.tolist() == [True, False]


def test_an_interval_of_declared_length_meets_one_whose_edges_are_given() -> None:
    found = told((QUARTER + 2 * SECOND, None, 1.0), (HOUR, QUARTER, 2.0), (HOUR + QUARTER, None, 3.0))
    assert found.begin.tolist() == [0, QUARTER, HOUR]
    assert is_whole(found)


def test_an_interval_whose_edges_are_given_needs_no_other_to_begin_long_before() -> None:
    found = told((DAY, -40 * DAY, 41.0))
    assert (found.begin.tolist(), found.amount.tolist()) == ([-40 * DAY], [41.0])


NIGHTS = {
    "Europe/Tallinn": ("2025-03-30", "2025-10-26"),
    "America/St_Johns": ("2025-03-09", "2025-11-02"),
    "Australia/Lord_Howe": ("2025-10-05", "2025-04-06"),
    "America/Santiago": ("2025-09-07", "2025-04-06"),
}


LENGTHS = [MINUTE, 5 * MINUTE, 10 * MINUTE, QUARTER, 30 * MINUTE]
SEEDS = st.integers(0, 2**32 - 1)


def jittered(times: Ints, most: int, seed: int) -> list[int]:
    """Return times, each off by at most ``most``."""
    off: list[int] = (times + np.random.default_rng(seed).integers(-most, most, len(times), endpoint=True)).tolist()
    return off


@given(st.sampled_from(ZONES), st.booleans(), st.sampled_from(LENGTHS), SEEDS)
def test_hours_and_days_sum_up_to_the_amounts_over_nights_on_which_clocks_change(
    zone: str, is_spring: bool, length: int, seed: int
) -> None:
    night = at(NIGHTS[zone][not is_spring], zone)
    bounds = edges(night - 12 * HOUR, night + 36 * HOUR, Period.HOUR, zone)
    ends = np.arange(bounds[0] + length, bounds[-1], length)
    values = np.random.default_rng(seed).uniform(0, 9, len(ends))
    found = meant(jittered(ends, length // 60, seed), values.tolist(), ExpectedInterval(elapsed=length), zone)
    assert is_whole(found)
    told = [fsum(values[(ends > start) & (ends <= end)]) for start, end in pairwise(bounds)]
    assert amounts(found, bounds) == pytest.approx(told)
    for period in (Period.DAY, Period.MONTH):
        total = fsum(amounts(found, edges(int(bounds[0]), int(bounds[-1]), period, zone)))
        assert total == pytest.approx(fsum(values), rel=1e-12)


@given(st.sampled_from(ZONES), st.integers(1, 899), SEEDS)
def test_off_the_grid_amounts_are_conserved_as_well(zone: str, off: int, seed: int) -> None:
    night = at(NIGHTS[zone][seed % 2], zone)
    bounds = edges(night - 12 * HOUR, night + 36 * HOUR, Period.HOUR, zone)
    ends = np.arange(bounds[0] + off * SECOND + QUARTER, bounds[-1] - QUARTER, QUARTER)
    values = np.random.default_rng(seed).uniform(0, 9, len(ends))
    times = jittered(ends, QUARTERLY.tolerance // 2, seed)
    found = meant(times, values.tolist(), QUARTERLY, zone)
    assert found.measured.all()
    assert fsum(amounts(found, bounds)) == pytest.approx(fsum(values), rel=1e-12)
    assert np.abs(found.end - np.array(times)).max() <= QUARTERLY.tolerance


@pytest.mark.long
@given(st.sampled_from(ZONES), st.integers(0, 24), SEEDS)
def test_a_year_of_civil_days_is_whole_and_each_day_has_its_amount(zone: str, minutes: int, seed: int) -> None:
    days = edges(at("2025-01-01", zone), at("2026-01-01", zone), Period.DAY, zone)
    values = (np.diff(days) / HOUR).tolist()
    found = meant(jittered(days[1:], minutes * MINUTE, seed), values, DAILY, zone)
    assert is_whole(found)
    assert found.end.tolist() == days[1:].tolist()
    assert fsum(found.amount.tolist()) == 8760.0


@given(st.sampled_from(ZONES), st.integers(0, 11), SEEDS)
def test_a_year_of_civil_months_is_whole(zone: str, hours: int, seed: int) -> None:
    months = edges(at("2025-01-01", zone), at("2026-01-01", zone), Period.MONTH, zone)
    found = meant(jittered(months[1:], hours * HOUR, seed), [1.0] * 12, MONTHLY, zone)
    assert is_whole(found)
    assert found.begin.tolist() == months[:-1].tolist()


@given(st.sampled_from(ZONES), st.sampled_from([QUARTERLY, HOURLY, DAILY, MONTHLY]), st.integers(1, 60), SEEDS)
def test_given_intervals_of_any_length_are_conserved_over_hours_days_and_months(
    zone: str, declared: ExpectedInterval, count: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    lengths = np.exp(random.uniform(np.log(60), np.log(40 * 86_400), count)).astype(np.int64) * SECOND
    ends = at(NIGHTS[zone][seed % 2], zone) + np.cumsum(lengths) - int(lengths.sum()) // 2
    begins, values = ends - lengths, random.uniform(0, 9, count)
    found = told(*zip(ends.tolist(), begins.tolist(), values.tolist(), strict=True), length=declared, zone=zone)
    assert is_whole(found)
    assert (found.begin.tolist(), found.end.tolist()) == (begins.tolist(), ends.tolist())
    for period in (Period.HOUR, Period.DAY, Period.MONTH):
        bounds = edges(int(begins[0]), int(ends[-1]), period, zone)
        inside = np.interp(bounds, np.append(begins[:1], ends), np.append(0.0, np.cumsum(values)))
        assert amounts(found, bounds) == pytest.approx(np.diff(inside).tolist(), abs=1e-9)
