"""Aggregates of a series in civil buckets: what the rollups know, with what they do not know said beside it.

Hours, days and months are read as they were rolled up, years are combined from months, quarter hours are computed
from the readings by the same steps. Every bucket of a range is present: one without data has nulls and coverage 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
import polars as pl
from numpy.lib.stride_tricks import sliding_window_view

from ingest.model.calendar import Instants, Period, edges
from ingest.model.reading import ReadingKind
from ingest.model.time import DAY, HOUR, MINUTE
from kpi_engine.api import state_buckets
from kpi_engine.api.bucket_columns import bucket_columns, placed
from kpi_engine.api.errors import invalid
from kpi_engine.api.quarter_hours import quarter_hours, quarters
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.series import StoredSeries
from kpi_engine.api.state_buckets import StateTime
from kpi_engine.windows.meter_amounts import hole
from processors.steps.columns import Floats, Ints, RollupColumns, concatenate
from processors.steps.rollup import combine
from processors.storage.database import Connection
from processors.storage.rollups.sequences import rollups_in_order

MAX_BUCKETS: Final = 40_000
"""The most in one answer: a leap year of quarter hours is 35,136."""


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


class StoredRollups(Protocol):
    """Where the rollups of series are read that are kept."""

    def of(self, series: StoredSeries, interval: Interval, bounds: Instants) -> RollupColumns:
        """Return what is kept of buckets that begin between ``bounds``, in order of time."""


class EachSeries:
    """Reads the rollups of one series when they are asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, series: StoredSeries, interval: Interval, bounds: Instants) -> RollupColumns:
        """Return what is kept of buckets that begin between ``bounds``, in order of time."""
        return rollups_in_order(self._connection, Period(interval), [series.series_id], int(bounds[0]), int(bounds[-1]))


class ManySeries:
    """The rollups of many series, read at once: buckets in a range, and the days around that bound them."""

    def __init__(
        self, connection: Connection, series: Sequence[StoredSeries], interval: Interval, asked: TimeRange
    ) -> None:
        """Read them; the series are of one zone."""
        self._series = {one.series_id: place for place, one in enumerate(series)}
        self._found: dict[Interval, tuple[RollupColumns, Ints]] = {}
        stored = Interval.MONTH if interval is Interval.YEAR else interval
        bounds = bounds_of(interval, asked.start, asked.end, series[0].zone)
        wide = (SURROUNDING + 2) * DAY if interval in _BOUNDED_BY_DAYS else 0
        spans = {stored: (int(bounds[0]), int(bounds[-1]))}
        if interval in _BOUNDED_BY_DAYS:
            spans[Interval.DAY] = (int(bounds[0]) - wide, int(bounds[-1]) + wide)
        for kept, (start, end) in spans.items():
            found = rollups_in_order(connection, Period(kept), list(self._series), start, end)
            self._found[kept] = found, np.searchsorted(found.slot, np.arange(len(series) + 1))

    def of(self, series: StoredSeries, interval: Interval, bounds: Instants) -> RollupColumns:
        """Return what is kept of buckets that begin between ``bounds``, in order of time."""
        found, first = self._found[interval]
        place = self._series[series.series_id]
        own = slice(first[place], first[place + 1])
        inner = np.searchsorted(found.bucket[own], [bounds[0], bounds[-1]]) + first[place]
        return found.select(slice(*inner.tolist()))


def buckets(  # noqa: PLR0913, PLR0917 - which buckets of which series, as of when, and from where
    connection: Connection,
    series: StoredSeries,
    interval: Interval,
    asked: TimeRange,
    now: int,
    stored: StoredRollups | None = None,
) -> pl.DataFrame:
    """Return the buckets that overlap the range, in order of time, with a column for each field of ``Bucket``.

    ``stored``: where rollups are read, by itself one series after the other.
    """
    rollups = stored or EachSeries(connection)
    bounds = bounds_of(interval, asked.start, asked.end, series.zone)
    holes = np.zeros(len(bounds) - 1)
    if series.kind == ReadingKind.STATE:
        empty = bucket_columns(placed(concatenate([]), bounds), series, now, holes)
        return state_buckets.with_states(empty, _state_times(connection, series, interval, bounds), series, bounds)
    if interval is Interval.QUARTER_HOUR:
        found = quarter_hours(connection, series, bounds)
    elif interval is Interval.YEAR:
        found, holes = _years(rollups.of(series, Interval.MONTH, bounds), bounds)
    else:
        found = rollups.of(series, interval, bounds)
    return bucket_columns(placed(_with_peaks(rollups, series, interval, found), bounds), series, now, holes)


@lru_cache(maxsize=16)
def bounds_of(interval: Interval, start: int, end: int, zone: str) -> Instants:
    """Return the edges of the buckets that overlap [start, end); many series are asked for of the same."""
    found = (
        quarters(start, end, zone) if interval is Interval.QUARTER_HOUR else edges(start, end, Period(interval), zone)
    )
    found.setflags(write=False)
    return found


def _years(months: RollupColumns, bounds: Instants) -> tuple[RollupColumns, Floats]:
    """Return years of their months, and the seconds of each between its months of which nothing is known."""
    year = np.searchsorted(bounds, months.bucket, side="right") - 1
    parts = [[months.row(row) for row in np.flatnonzero(year == place).tolist()] for place in range(len(bounds) - 1)]
    spans = pairwise(bounds.tolist())
    years = [combine(part, start, end) for part, (start, end) in zip(parts, spans, strict=True)]
    return RollupColumns.of(years), np.array([hole(part) for part in parts])


def _with_peaks(
    rollups: StoredRollups, series: StoredSeries, interval: Interval, found: RollupColumns
) -> RollupColumns:
    """Return buckets of up to a day with how fast the series counted in its fastest measured hour of the weeks around.

    What was counted across the edges of an hour is not bounded by the hour alone: the one before may have been busier.
    """
    if interval not in _BOUNDED_BY_DAYS or not len(found) or series.kind in {ReadingKind.GAUGE, ReadingKind.STATE}:
        return found
    wide = SURROUNDING * DAY
    around = bounds_of(Interval.DAY, int(found.bucket[0]) - wide, int(found.bucket_end[-1]) + wide, series.zone)
    by_day = placed(rollups.of(series, Interval.DAY, around), around).greatest
    beside = np.full(SURROUNDING, np.nan)
    of_weeks = np.fmax.reduce(
        sliding_window_view(np.concatenate([beside, by_day, beside]), 2 * SURROUNDING + 1), axis=1
    )
    day = np.searchsorted(around, found.bucket, side="right") - 1
    return replace(found, peak=np.fmax(found.greatest, of_weeks[day]))


def _state_times(
    connection: Connection, series: StoredSeries, interval: Interval, bounds: Instants
) -> Mapping[int, StateTime]:
    if interval is Interval.QUARTER_HOUR:
        return state_buckets.from_readings(connection, series, bounds)
    parts = Interval.MONTH if interval is Interval.YEAR else interval
    return state_buckets.stored(connection, series, parts, bounds)
