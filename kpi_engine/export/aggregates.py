"""Series in civil buckets as a table: the same buckets that the interface answers with."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Final

import numpy as np
import polars as pl

from ingest.model.calendar import Period, edges
from ingest.model.time import from_micros, to_micros
from kpi_engine.api.aggregates import MAX_BUCKETS, SHORTEST, Interval, ManySeries, bounds_of, buckets
from kpi_engine.api.extent import WHOLE, cut
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.series import StoredSeries
from kpi_engine.export.ahead import read_ahead
from kpi_engine.export.period_labels import period_label
from kpi_engine.export.scope import SeriesScope, series_of
from kpi_engine.export.series_columns import SERIES, series_frame
from kpi_engine.export.table import ROWS_AT_ONCE, ColumnKind, Table, TableColumn
from processors.storage.database import Connection

MOST_SERIES: Final = 200
"""Of which rollups are read at once."""
_SHARES: Final = {
    "coverage": "Share of the bucket that readings cover; of a register between its outermost readings.",
    "measured_share": "Share of the time between readings no further apart than max_gap.",
    "interpolated_share": "Share of the time that is interpolated.",
    "estimated_share": "Share of the time in which an amount is known and its place is not.",
    "unknown_share": "Share of the time of which nothing is known.",
}
COLUMNS: Final = (
    *SERIES,
    TableColumn("interval", ColumnKind.TEXT, "Width of the bucket: 15min, hour, day, month or year."),
    TableColumn("label", ColumnKind.TEXT, "The bucket on the calendar of the city."),
    TableColumn("start", ColumnKind.INSTANT, "Start of the bucket."),
    TableColumn("end", ColumnKind.INSTANT, "End of the bucket, excluded."),
    TableColumn("sum", ColumnKind.NUMBER, "Amount of the whole bucket; empty where it is not whole."),
    TableColumn("lower", ColumnKind.NUMBER, "The amount is at least this, by what is known."),
    TableColumn("upper", ColumnKind.NUMBER, "The amount is at most this, by what is known."),
    TableColumn("mean", ColumnKind.NUMBER, "Mean weighted by time, of a gauge."),
    TableColumn("minimum", ColumnKind.NUMBER, "Smallest reading."),
    TableColumn("maximum", ColumnKind.NUMBER, "Largest reading."),
    TableColumn("count", ColumnKind.INTEGER, "Readings."),
    *(TableColumn(name, ColumnKind.NUMBER, meaning, "1") for name, meaning in _SHARES.items()),
    TableColumn(
        "estimated_amount", ColumnKind.NUMBER, "Part of the sum that is an estimate, by a silence over an edge."
    ),
    TableColumn("longest_gap_s", ColumnKind.NUMBER, "Longest time without a reading.", "s"),
    TableColumn("rejected", ColumnKind.INTEGER, "Readings that are left out of all of this."),
    TableColumn("provisional", ColumnKind.BOOLEAN, "The bucket is open, or readings that close it may still come."),
)


def aggregates(
    connection: Connection, scope: SeriesScope, interval: Interval, now: int, about: Mapping[str, str]
) -> Table:
    """Return the buckets of the series in a scope, series by series in order of time."""
    wanted = series_of(connection, scope)

    def portions() -> Iterator[pl.DataFrame]:
        for zone, group in groupby(wanted, lambda one: one.zone):
            parts = _parts(connection, list(group), interval, scope.days.within(zone), now)
            for some, within, stored in read_ahead(_stored(connection, parts, interval)):
                frames = [buckets(connection, one, interval, within, now, stored) for one in some]
                yield _frame(some, interval, frames)

    return Table("aggregates", f"Series by {interval}", COLUMNS, about, portions)


def _stored(
    connection: Connection, parts: Iterator[tuple[Sequence[StoredSeries], TimeRange]], interval: Interval
) -> Iterator[tuple[Sequence[StoredSeries], TimeRange, ManySeries | None]]:
    """Yield the parts with the rollups of each, which are read at once where it is of many series."""
    for some, within in parts:
        yield some, within, ManySeries(connection, some, interval, within) if len(some) > 1 else None


def _parts(
    connection: Connection, every: Sequence[StoredSeries], interval: Interval, asked: TimeRange, now: int
) -> Iterator[tuple[Sequence[StoredSeries], TimeRange]]:
    """Yield which series to make buckets of at once, and of which time: many, where that is not long."""
    is_short = asked.end - asked.start <= WHOLE and interval is not Interval.QUARTER_HOUR
    at_once = max(1, ROWS_AT_ONCE // (WHOLE // SHORTEST[interval])) if is_short else 1
    at_once = min(at_once, MOST_SERIES)
    for first in range(0, len(every), at_once):
        some = every[first : first + at_once]
        if is_short:
            yield some, asked
        else:
            yield from ((some, within) for within in _stretches(connection, some[0], asked, interval, now))


def _stretches(
    connection: Connection, series: StoredSeries, asked: TimeRange, interval: Interval, now: int
) -> Iterator[TimeRange]:
    """Yield the range in pieces of whole civil months, of no more buckets than are made at once."""
    stored = Period.MONTH if interval is Interval.YEAR else interval
    known = cut(connection, series.series_id, stored, asked, now)
    if known is None:
        return
    period = Period.YEAR if interval in {Interval.MONTH, Interval.YEAR} else Period.MONTH
    step = max(1, MAX_BUCKETS * SHORTEST[interval] // SHORTEST[Interval(period.value)] // 2)
    inner = edges(known.start, known.end, period, series.zone).tolist()[1:-1][::step]
    starts = [known.start, *inner]
    yield from (TimeRange(start, end) for start, end in zip(starts, [*inner, known.end], strict=True))


def _frame(some: Sequence[StoredSeries], interval: Interval, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    names = [one.name for one in COLUMNS if one.name in frames[0].columns]
    labels = [_labels(interval, frame["start"][0], frame["start"][-1], some[0].zone) for frame in frames if len(frame)]
    place = np.repeat(np.arange(len(some)), [len(frame) for frame in frames])
    found = pl.concat([frame[names] for frame in frames], how="vertical_relaxed")
    return pl.concat([series_frame(some)[place], found], how="horizontal").with_columns(
        pl.lit(interval.value).alias("interval"),
        pl.concat(labels).alias("label") if labels else pl.lit("").alias("label"),
    )


@lru_cache(maxsize=16)
def _labels(interval: Interval, first: datetime, last: datetime, zone: str) -> pl.Series:
    """Return the labels of the buckets from one that begins at ``first`` to one at ``last``."""
    starts = bounds_of(interval, to_micros(first), to_micros(last) + 1, zone)[:-1]
    labels = [period_label(from_micros(start), interval, zone) for start in starts.tolist()]
    return pl.Series("label", labels, dtype=pl.String())
