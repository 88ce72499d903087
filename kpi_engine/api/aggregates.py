"""Aggregates of a series in civil buckets: what the rollups know, with what they do not know said beside it.

Hours, days and months are read as they were rolled up, years are combined from months, quarter hours are computed
from the readings by the same steps. Every bucket of a range is present: one without data has nulls and coverage 0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

import numpy as np

from ingest.model.calendar import Instants, Period, edges
from ingest.model.reading import ReadingKind
from ingest.model.registers import read_stored
from ingest.model.time import DAY, HOUR, MINUTE, SECOND, from_micros
from kpi_engine.api import state_buckets
from kpi_engine.api.bucket import Bucket
from kpi_engine.api.database import fetch
from kpi_engine.api.errors import invalid
from kpi_engine.api.quarter_hours import quarter_hours, quarters
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.series import StoredSeries
from kpi_engine.api.state_buckets import StateTime
from kpi_engine.evidence.amount_bounds import Unread, amount_bounds
from kpi_engine.figures.status import relative_half_width
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import LIMITS, Outcome
from kpi_engine.window import Amount
from kpi_engine.windows.meter_amounts import hole, shown
from processors.steps.bounds import Count
from processors.steps.rollup import Rollup, combine
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

MAX_BUCKETS: Final = 10_000
WHOLE: Final = 1 - 1e-9  # an interval series' bucket is whole when its intervals fill it, rounding aside


class Interval(StrEnum):
    """Width of the buckets, in the civil time of the city."""

    QUARTER_HOUR = "15min"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


SHORTEST: Final = {  # a change of clocks makes an hour shorter, at most twice a year
    Interval.QUARTER_HOUR: 15 * MINUTE,
    Interval.HOUR: HOUR,
    Interval.DAY: 23 * HOUR,
    Interval.MONTH: 28 * DAY,
    Interval.YEAR: 365 * DAY,
}


SURROUNDING: Final = 14  # days before and after a bucket: as fast as it counted in these it can count in the bucket
_BOUNDED_BY_DAYS: Final = {Interval.QUARTER_HOUR, Interval.HOUR, Interval.DAY}


def check(interval: Interval, asked: TimeRange) -> None:
    """Refuse a range of more buckets than one answer holds (InvalidRequestError)."""
    if (asked.end - asked.start) // SHORTEST[interval] > MAX_BUCKETS:
        raise invalid("from", f"expected at most {MAX_BUCKETS} buckets of {interval}; ask for a shorter range")


def buckets(
    connection: Connection, series: StoredSeries, interval: Interval, asked: TimeRange, now: int
) -> list[Bucket]:
    """Return the buckets that overlap the range, in order of time."""
    bounds = _bounds(interval, asked, series.zone)
    if series.kind == ReadingKind.STATE:
        times = _state_times(connection, series, interval, bounds)
        empty = (Rollup(int(start), int(end)) for start, end in pairwise(bounds))
        return [_in_states(_bucket(one, series, now), times.get(one.bucket, StateTime()), series) for one in empty]
    stored = list(_rollups(connection, series, interval, bounds))
    holes = {rollup.bucket: unknown for rollup, unknown in stored}
    found = _with_peaks(connection, series, interval, [rollup for rollup, _ in stored])
    known = {rollup.bucket: rollup for rollup in found}
    empty = (Rollup(int(start), int(end)) for start, end in pairwise(bounds))
    return [_bucket(known.get(one.bucket, one), series, now, holes.get(one.bucket, 0.0)) for one in empty]


def _bounds(interval: Interval, asked: TimeRange, zone: str) -> Instants:
    if interval is Interval.QUARTER_HOUR:
        return quarters(asked.start, asked.end, zone)
    return edges(asked.start, asked.end, Period(interval), zone)


def _rollups(
    connection: Connection, series: StoredSeries, interval: Interval, bounds: Instants
) -> Iterator[tuple[Rollup, float]]:
    """Yield what is known, and the seconds between what it is put together from of which nothing is."""
    if interval is Interval.QUARTER_HOUR:
        yield from ((one, 0.0) for one in quarter_hours(connection, series, bounds))
    elif interval is Interval.YEAR:
        months = _stored(connection, series, Interval.MONTH, bounds)
        for start, end in pairwise(bounds):
            parts = [month for month in months if start <= month.bucket < end]
            yield combine(parts, int(start), int(end)), hole(parts)
    else:
        yield from ((one, 0.0) for one in _stored(connection, series, interval, bounds))


def _stored(connection: Connection, series: StoredSeries, interval: Interval, bounds: Instants) -> list[Rollup]:
    return fetch(
        connection,
        Rollup,
        SQL["api_rollups"],
        period=interval,
        series_id=series.series_id,
        start=from_micros(bounds[0]),
        end=from_micros(bounds[-1]),
    )


def _with_peaks(connection: Connection, series: StoredSeries, interval: Interval, found: list[Rollup]) -> list[Rollup]:
    """Return buckets of up to a day with how fast the series counted in its fastest measured hour of the weeks around.

    What was counted across the edges of an hour is not bounded by the hour alone: the one before may have been busier.
    """
    if interval not in _BOUNDED_BY_DAYS or not found or series.kind in {ReadingKind.GAUGE, ReadingKind.STATE}:
        return found
    wide = SURROUNDING * DAY
    around = edges(found[0].bucket - wide, found[-1].bucket_end + wide, Period.DAY, series.zone)
    peaks = {one.bucket: one.greatest for one in _stored(connection, series, Interval.DAY, around)}
    by_day = [peaks.get(day) for day in around.tolist()]
    of = (np.searchsorted(around, [one.bucket for one in found], side="right") - 1).tolist()
    return [
        replace(one, peak=_largest(one.greatest, *by_day[max(day - SURROUNDING, 0) : day + SURROUNDING + 1]))
        for one, day in zip(found, of, strict=True)
    ]


def _largest(*rates: float | None) -> float | None:
    return max((rate for rate in rates if rate is not None), default=None)


def _bucket(rollup: Rollup, series: StoredSeries, now: int, unknown: float = 0.0) -> Bucket:
    provisional = rollup.bucket_end + series.max_gap > now
    expected = None if series.kind == ReadingKind.SESSION else rollup.seconds * SECOND / series.expected_interval
    lower, upper = _bounds_of(rollup, series, unknown)
    amount = rollup.total if provisional or _is_published(rollup, series.kind, lower, upper) else None
    return Bucket(
        start=from_micros(rollup.bucket),
        end=from_micros(rollup.bucket_end),
        sum=amount,
        lower=lower,
        upper=upper,
        mean=rollup.mean,
        minimum=rollup.minimum,
        maximum=rollup.maximum,
        count=rollup.count,
        expected_count=expected,
        count_coverage=None if expected is None else rollup.count / expected,
        coverage=rollup.span_coverage if series.kind == ReadingKind.REGISTER else rollup.measured_share,
        measured_share=rollup.measured_share,
        interpolated_share=rollup.interpolated_share,
        estimated_share=rollup.estimated_time_share,
        unknown_share=rollup.unknown_share,
        estimated_amount=None if amount is None else rollup.estimated,
        longest_gap_s=rollup.longest_gap(now),
        provisional=provisional,
        rejected=rollup.rejected,
    )


def _state_times(
    connection: Connection, series: StoredSeries, interval: Interval, bounds: Instants
) -> Mapping[int, StateTime]:
    if interval is Interval.QUARTER_HOUR:
        return state_buckets.from_readings(connection, series, bounds)
    parts = Interval.MONTH if interval is Interval.YEAR else interval
    return state_buckets.stored(connection, series, parts, bounds)


def _in_states(bucket: Bucket, time: StateTime, series: StoredSeries) -> Bucket:
    """Return ``bucket`` with what is known of a series of states in it."""
    length = (bucket.end - bucket.start).total_seconds()
    known: dict[str, Any] = {
        "coverage": time.known / length,
        "measured_share": time.known / length,
        "count": time.count,
    }
    if bucket.expected_count:
        known["count_coverage"] = time.count / bucket.expected_count
    known |= {"unknown_share": max(0.0, 1 - time.known / length), "longest_gap_s": None}
    in_states = {"states": time.by_name(series.definition.states), "unknown_s": length - time.known}
    return bucket.model_copy(update=known | in_states)


def _bounds_of(rollup: Rollup, series: StoredSeries, unknown: float) -> tuple[float | None, float | None]:
    """Return what the whole amount lies between; None where nothing bounds it, and of what is no amount."""
    if series.kind in {ReadingKind.GAUGE, ReadingKind.STATE}:
        return None, None
    declared, swaps = read_stored(series.register_contract)
    kind, count = ReadingKind(series.kind), Count.of(declared, rollup.bucket, rollup.bucket_end)
    amount = Amount(rollup, kind, count, unknown, shown(rollup, kind, declared, swaps))
    found = amount_bounds(amount, Unread.of(amount))
    return Bounded(None, found.lower, found.upper).published


def _is_published(rollup: Rollup, kind: str, lower: float | None, upper: float | None) -> bool:
    """Whether an amount is whole, and not so doubtful that it is no figure (kpi_engine.figures.status)."""
    if not _is_whole(rollup, kind):
        return False
    outcome = Outcome(rollup.total, rollup.measured_share, lower=lower, upper=upper)
    return rollup.doubt_above is None or relative_half_width(outcome) <= LIMITS.provisional


def _is_whole(rollup: Rollup, kind: str) -> bool:
    return rollup.is_bounded if kind == ReadingKind.REGISTER else rollup.measured_share >= WHOLE
