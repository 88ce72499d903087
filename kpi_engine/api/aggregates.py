"""Aggregates of a series in civil buckets: what the rollups know, with what they do not know said beside it.

Hours, days and months are read as they were rolled up, years are combined from months, quarter hours are computed
from the readings by the same steps. Every bucket of a range is present: one without data has nulls and coverage 0.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.lib.stride_tricks import sliding_window_view

from ingest.model.calendar import Instants, Period, edges
from ingest.model.reading import ReadingKind
from ingest.model.time import DAY, HOUR, MINUTE, from_micros
from kpi_engine.api import state_buckets
from kpi_engine.api.bucket_columns import bucket_columns, placed
from kpi_engine.api.errors import invalid
from kpi_engine.api.quarter_hours import quarter_hours, quarters
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.series import StoredSeries
from kpi_engine.api.state_buckets import StateTime
from kpi_engine.windows.meter_amounts import hole
from processors.steps.columns import ROLLUP_FIELDS, FieldKind, Floats, RollupColumns, concatenate
from processors.steps.rollup import combine
from processors.storage.arrays import read_arrays
from processors.storage.database import Connection
from processors.storage.rollups.rollup_types import ROLLUP_TYPES
from processors.storage.statements import statements

SQL: Final = statements(__name__)

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


def buckets(
    connection: Connection, series: StoredSeries, interval: Interval, asked: TimeRange, now: int
) -> pl.DataFrame:
    """Return the buckets that overlap the range, in order of time, with a column for each field of ``Bucket``."""
    bounds = _bounds(interval, asked, series.zone)
    holes = np.zeros(len(bounds) - 1)
    if series.kind == ReadingKind.STATE:
        empty = bucket_columns(placed(concatenate([]), bounds), series, now, holes)
        return state_buckets.told(empty, _state_times(connection, series, interval, bounds), series, bounds)
    if interval is Interval.QUARTER_HOUR:
        found = quarter_hours(connection, series, bounds)
    elif interval is Interval.YEAR:
        found, holes = _years(_stored(connection, series, Interval.MONTH, bounds), bounds)
    else:
        found = _stored(connection, series, interval, bounds)
    return bucket_columns(placed(_with_peaks(connection, series, interval, found), bounds), series, now, holes)


def _bounds(interval: Interval, asked: TimeRange, zone: str) -> Instants:
    if interval is Interval.QUARTER_HOUR:
        return quarters(asked.start, asked.end, zone)
    return edges(asked.start, asked.end, Period(interval), zone)


def _years(months: RollupColumns, bounds: Instants) -> tuple[RollupColumns, Floats]:
    """Return years of their months, and the seconds of each between its months of which nothing is known."""
    year = np.searchsorted(bounds, months.bucket, side="right") - 1
    parts = [[months.row(row) for row in np.flatnonzero(year == place).tolist()] for place in range(len(bounds) - 1)]
    spans = pairwise(bounds.tolist())
    years = [combine(part, start, end) for part, (start, end) in zip(parts, spans, strict=True)]
    return RollupColumns.of(years), np.array([hole(part) for part in parts])


def _stored(connection: Connection, series: StoredSeries, interval: Interval, bounds: Instants) -> RollupColumns:
    """Return what is kept of buckets that begin between ``bounds``, in order of time."""
    scope = {"series_id": series.series_id, "start": from_micros(bounds[0]), "end": from_micros(bounds[-1])}
    columns: list[Any] = read_arrays(
        connection, SQL["api_rollups"], {"period": interval.value, **scope}, [*ROLLUP_TYPES.values()]
    )
    kinds = enumerate(ROLLUP_FIELDS.values())
    columns = [_as_written(columns[place]) if kind is FieldKind.SINGLE else columns[place] for place, kind in kinds]
    found = RollupColumns(np.zeros(len(columns[0]), np.int64), *columns)
    return found.select(np.argsort(found.bucket))


def _as_written(singles: Floats) -> Floats:
    """Return numbers of single precision by their shortest digits, as the database writes them: 0.1 is 0.1."""
    written = pl.Series(singles.astype(np.float32)).cast(pl.String).cast(pl.Float64)
    return written.to_numpy(writable=True)


def _with_peaks(
    connection: Connection, series: StoredSeries, interval: Interval, found: RollupColumns
) -> RollupColumns:
    """Return buckets of up to a day with how fast the series counted in its fastest measured hour of the weeks around.

    What was counted across the edges of an hour is not bounded by the hour alone: the one before may have been busier.
    """
    if interval not in _BOUNDED_BY_DAYS or not len(found) or series.kind in {ReadingKind.GAUGE, ReadingKind.STATE}:
        return found
    wide = SURROUNDING * DAY
    around = edges(int(found.bucket[0]) - wide, int(found.bucket_end[-1]) + wide, Period.DAY, series.zone)
    by_day = placed(_stored(connection, series, Interval.DAY, around), around).greatest
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
