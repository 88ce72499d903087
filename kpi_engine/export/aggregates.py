"""Series in civil buckets as a table: the same buckets that the interface answers with."""

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from ingest.model.calendar import Period, edges
from kpi_engine.api.aggregates import MAX_BUCKETS, SHORTEST, Interval, buckets
from kpi_engine.api.extent import cut
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.series import StoredSeries
from kpi_engine.export.period_labels import period_label
from kpi_engine.export.scope import SeriesScope, series_of
from kpi_engine.export.series_columns import SERIES
from kpi_engine.export.table import ColumnKind, Table, TableColumn
from processors.storage.database import Connection

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
        for one in wanted:
            for within in _stretches(connection, one, scope.days.within(one.zone), interval, now):
                yield _frame(one, interval, buckets(connection, one, interval, within, now))

    return Table("aggregates", f"Series by {interval}", COLUMNS, about, portions)


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


def _frame(series: StoredSeries, interval: Interval, found: pl.DataFrame) -> pl.DataFrame:
    whose = {column.name: getattr(series, column.name) for column in SERIES}
    labels = [period_label(start, interval, series.zone) for start in found["start"].to_list()]
    kinds = {one.name: one.kind.value for one in COLUMNS if one.name in found.columns}
    return found.select(pl.col(name).cast(kind) for name, kind in kinds.items()).with_columns(
        *(pl.lit(value).alias(name) for name, value in whose.items()),
        pl.lit(interval.value).alias("interval"),
        pl.Series("label", labels, dtype=pl.String()),
    )
