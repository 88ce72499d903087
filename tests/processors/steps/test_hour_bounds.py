"""Bounds of many hours at once are those that each has by itself."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import HOUR, MINUTE, SECOND
from processors.steps.bounds import Count, bounds, rate_of
from processors.steps.columns import ABSENT
from processors.steps.hour_bounds import AmountColumns, hour_bounds
from processors.steps.hour_bounds import fastest as fastest_of
from processors.steps.rollup import Rollup

amounts = st.floats(min_value=0.0, max_value=100.0, width=32)
seconds = st.floats(min_value=0.0, max_value=7200.0, width=32)
minutes = st.integers(1, 59)


@st.composite
def hours(draw: st.DrawFn) -> Rollup:
    """Return an hour of a register: read in it or not, entered and left by stretches, or known from its edges."""
    first, last = sorted((draw(minutes), draw(minutes)))
    is_read, enters, leaves = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    hour = Rollup(
        0,
        HOUR,
        count=2 if is_read else 0,
        total=draw(amounts),
        measured=3600.0,
        covered_from=0,
        covered_to=HOUR if draw(st.booleans()) else last * MINUTE,
        first_at=first * MINUTE if is_read else None,
        last_at=last * MINUTE if is_read else None,
        doubt_below=draw(st.none() | amounts),
        doubt_above=draw(st.none() | amounts),
    )
    if enters:
        hour = replace(hour, entry_seconds=draw(seconds), entry_amount=draw(amounts))
    if leaves:
        hour = replace(hour, exit_seconds=draw(seconds), exit_amount=draw(amounts))
    if enters and leaves and not is_read:
        hour = replace(hour, exit_amount=hour.entry_amount)
    return hour


def columns(every: list[Rollup]) -> AmountColumns:
    def instants(name: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        return np.array([ABSENT if (at := getattr(one, name)) is None else at for one in every], np.int64)

    def numbers(name: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return np.array([np.nan if (value := getattr(one, name)) is None else value for one in every])

    return AmountColumns(
        instants("bucket"),
        instants("bucket_end"),
        numbers("total"),
        numbers("measured"),
        instants("covered_from"),
        instants("covered_to"),
        numbers("measured"),
        instants("first_at"),
        instants("last_at"),
        *map(numbers, ("entry_seconds", "entry_amount", "exit_seconds", "exit_amount", "doubt_below", "doubt_above")),
    )


@given(every=st.lists(hours(), min_size=1, max_size=8), rate=amounts, is_net=st.booleans())
def test_columns_and_single_hours_have_the_same_bounds(every: list[Rollup], rate: float, is_net: bool) -> None:
    lower, upper = hour_bounds(columns(every), np.full(len(every), rate), is_register=True, is_net=is_net)
    for place, hour in enumerate(every):
        single = bounds(hour, unread(hour), Count(rate, is_net))
        assert (lower[place], upper[place]) == pytest.approx((single.lower, single.upper), rel=1e-9, abs=1e-6)


def fastest(hours: AmountColumns) -> float:
    return fastest_of(hours, np.zeros(len(hours), np.int64), 1).item()


@given(hour=hours())
def test_where_no_rate_is_declared_the_fastest_hour_bounds_what_is_not_known(hour: Rollup) -> None:
    alone = columns([hour])
    lower, upper = hour_bounds(alone, np.full(1, fastest(alone)), is_register=True)
    single = bounds(hour, unread(hour), Count())
    assert fastest(alone) == pytest.approx(rate_of(hour, Count()))
    assert (lower[0], upper[0]) == pytest.approx((single.lower, single.upper), rel=1e-9, abs=1e-6)


def unread(hour: Rollup) -> float:
    return (HOUR - (hour.covered_to or 0)) / SECOND


def test_without_any_hour_that_is_known_nothing_bounds_what_can_be_counted() -> None:
    hour = Rollup(0, HOUR, total=5.0, measured=3600.0)
    assert fastest(columns([hour, replace(hour, total=3.0)])) == rate_of(hour, Count())
    assert fastest(columns([replace(hour, measured=100.0)])) == inf
