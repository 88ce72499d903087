"""Registers made from a known truth: it always lies within the bounds, and what is called final is right.

A meter counts a known load; what it shows is made awkward in the ways that meters are: silences, stamps beside the
hour, spikes, falls and returns, zeros, restarts from zero, values it goes on from that are older. Nothing of that is
known to the steps but the most that the meter can count.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.calendar import Period, edges
from ingest.model.registers import RegisterContract
from ingest.model.time import DAY, HOUR, MINUTE, to_micros
from processors.steps.bounds import Bounds, Count, bounds
from processors.steps.rollup import Rollup, combine
from tests.processors.register_traces import Register

pytestmark = pytest.mark.long

START = to_micros(datetime(2026, 3, 20, tzinfo=UTC))  # the clocks go forward on 29 March
DAYS = 12
MOST = 8.0  # kWh in an hour, which the load never exceeds
ZONE = "Europe/Copenhagen"
AWKWARD = ("spikes", "falls", "zeros", "rollback", "restart", "silences", "half")


@dataclass(frozen=True)
class Meter:
    """What a meter showed, and what had truly been counted by any time."""

    times: list[int]
    values: list[float]
    load: np.ndarray  # kWh of each minute

    def truth(self, start: int, end: int) -> float:
        """Return what was counted in [start, end), both whole minutes."""
        first, last = (start - START) // MINUTE, (end - START) // MINUTE
        return float(self.load[first:last].sum())


def meter(seed: int, awkward: frozenset[str], minutes: int = 30) -> Meter:
    """Return a meter that is read each so many minutes, a little beside them."""
    random = Random(seed)
    hours = np.array([random.uniform(0.2, 1.0) * (MOST if random.random() < 0.1 else 2.0) for _ in range(DAYS * 24)])
    load = np.repeat(hours / 60, 60)
    counted = np.concatenate([[0.0], np.cumsum(load)]) + 2_000.0
    times = [one + random.randint(0, 9) * MINUTE for one in range(START, START + DAYS * DAY - HOUR, minutes * MINUTE)]
    values = [float(counted[(time - START) // MINUTE]) for time in times]
    seen, whole = [0, len(times) - 1], len(times)
    if "restart" in awkward:
        at = whole = random.randrange(3 * len(times) // 4, len(times))
        base = counted[(times[at] - START) // MINUTE - random.randint(0, minutes - 10)]
        values[at:] = [value - float(base) for value in values[at:]]
        seen += [at - 1, at]
    if "rollback" in awkward:
        at, lost = random.randrange(whole // 4, whole), random.uniform(20, 60)
        values[at:whole] = [value - lost for value in values[at:whole]]
        seen += [at - 1, at]
    places = random.sample(range(1, whole - 12, 12), 9)  # apart: two excursions at once leave no line to return to
    for name, spoilt in (("spikes", 10.0), ("falls", 0.4), ("zeros", 0.0)):
        for _ in range(3 if name in awkward else 0):
            at, length = places.pop(), random.randint(1, 6)
            values[at : at + length] = [value * spoilt for value in values[at : at + length]]
    kept = [True] * len(times)
    if "silences" in awkward:
        for _ in range(3):
            at, length = random.randrange(1, len(times)), random.randint(2, 60)
            kept[at : at + length] = [False] * len(kept[at : at + length])
    if "half" in awkward:
        kept = [one and random.random() < 0.5 for one in kept]
    for one in seen:  # what a meter lost while nobody read it, nobody can tell
        kept[one] = True
    return Meter(
        [time for time, one in zip(times, kept, strict=True) if one],
        [value for value, one in zip(values, kept, strict=True) if one],
        load,
    )


def of_periods(found: list[Rollup], period: Period) -> list[Rollup]:
    """Return the periods that hours add up to, those that are read from edge to edge."""
    bounds_of = edges(found[0].bucket, found[-1].bucket_end, period, ZONE).tolist()
    whole = [combine([one for one in found if a <= one.bucket < b], a, b) for a, b in pairwise(bounds_of)]
    return [one for one in whole if one.is_bounded]


def told(rollup: Rollup, rate: float | None = MOST) -> Bounds:
    return bounds(rollup, 0.0, Count(rate))


def half_width(rollup: Rollup, rate: float | None = MOST) -> float:
    found = told(rollup, rate)
    return max((rollup.total or 0.0) - found.lower, found.upper - (rollup.total or 0.0))


@settings(max_examples=min(30, settings().max_examples))
@given(
    st.integers(0, 10**6), st.sets(st.sampled_from(AWKWARD), max_size=2).map(frozenset), st.sampled_from([10, 30, 60])
)
def test_the_truth_lies_within_the_bounds(seed: int, awkward: frozenset[str], minutes: int) -> None:
    made = meter(seed, awkward, minutes)
    hours = Register(RegisterContract(max_increase_per_hour=MOST), zone=ZONE).rollups(made.times, made.values)
    for period in (Period.HOUR, Period.DAY):
        for one in of_periods(hours, period):
            truth, found = made.truth(one.bucket, one.bucket_end), told(one)
            assert found.lower - 1e-3 <= truth <= found.upper + 1e-3


@settings(max_examples=min(30, settings().max_examples))
@given(st.integers(0, 10**6), st.sets(st.sampled_from(AWKWARD)).map(frozenset))
def test_the_bounds_of_a_day_are_no_wider_than_those_of_its_hours_together(seed: int, awkward: frozenset[str]) -> None:
    made = meter(seed, awkward)
    hours = Register(RegisterContract(max_increase_per_hour=MOST), zone=ZONE).rollups(made.times, made.values)
    for day in of_periods(hours, Period.DAY):
        parts = [told(hour) for hour in hours if day.bucket <= hour.bucket < day.bucket_end]
        found = told(day)
        assert found.lower >= sum(part.lower for part in parts) - 1e-3
        assert found.upper <= sum(part.upper for part in parts) + 1e-3


@settings(max_examples=min(30, settings().max_examples))
@given(st.integers(0, 10**6), st.integers(1, 100))
def test_more_readings_never_widen_what_is_known_of_a_day(seed: int, left_out: int) -> None:
    made, random = meter(seed, frozenset()), Random(left_out)
    register = Register(RegisterContract(max_increase_per_hour=MOST), zone=ZONE)
    kept = [index in (0, len(made.times) - 1) or random.random() < 0.5 for index in range(len(made.times))]
    fewer = register.rollups(
        [time for time, one in zip(made.times, kept, strict=True) if one],
        [value for value, one in zip(made.values, kept, strict=True) if one],
    )
    wide = {day.bucket: half_width(day) for day in of_periods(fewer, Period.DAY)}
    for day in of_periods(register.rollups(made.times, made.values), Period.DAY):
        if day.bucket in wide:
            assert told(day).upper - told(day).lower <= 2 * wide[day.bucket] + 1e-3


@pytest.mark.parametrize("rate", [MOST, None], ids=["declared", "learned"])
def test_no_day_is_final_and_wrong_and_nearly_all_are_published(rate: float | None) -> None:
    days = wrong = published = 0
    for seed in range(40):
        awkward = frozenset(Random(seed).sample(AWKWARD, 3))
        made = meter(seed, awkward)
        contract = RegisterContract(max_increase_per_hour=rate)
        for day in of_periods(Register(contract, zone=ZONE).rollups(made.times, made.values), Period.DAY):
            truth, total, width = made.truth(day.bucket, day.bucket_end), day.total or 0.0, half_width(day, rate)
            days, published = days + 1, published + (width <= 0.20 * total)
            wrong += width <= 0.05 * total and abs(total - truth) > 0.05 * truth
    assert wrong == 0
    assert published >= 0.8 * days  # of a meter that can count eight times what it mostly does
