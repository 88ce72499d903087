"""Readings as a table, as they are stored, with what they were judged to be."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

import numpy as np
import polars as pl

from ingest.model.observation import IntColumn
from ingest.model.reading import Quality, ReadingKind
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.series import StoredSeries
from kpi_engine.export.scope import SeriesScope, series_of
from kpi_engine.export.series_columns import SERIES, series_frame
from kpi_engine.export.table import ROWS_AT_ONCE, ColumnKind, Table, TableColumn
from processors.rollups.given_intervals import attached
from processors.steps.columns import ABSENT, Readings
from processors.steps.reading_quality import QualityFlag, judgements
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import Column, ColumnType
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_INTEGER, _TIME, _NUMBER = ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.DOUBLE
_READ: Final = (_INTEGER, _TIME, _NUMBER, _TIME, _INTEGER, _INTEGER)

COLUMNS: Final = (
    *SERIES,
    TableColumn("time", ColumnKind.INSTANT, "When it was true; of an amount for an interval, when that ended."),
    TableColumn("local_time", ColumnKind.CIVIL, "The same on the clocks of the city."),
    TableColumn("begin", ColumnKind.INSTANT, "When its interval began, where its source gave that."),
    TableColumn("value", ColumnKind.NUMBER, "In the unit of the row; of a state, its place among the states."),
    TableColumn("state", ColumnKind.TEXT, "Of a state, its name."),
    TableColumn("quality", ColumnKind.TEXT, "measured, or arrival_time where the device gave no time."),
    TableColumn("flags", ColumnKind.TEXT, "What it was judged to be: outlier, rate, stuck, excursion."),
    TableColumn("rejected", ColumnKind.BOOLEAN, "Whether aggregates and indicators leave it out."),
    TableColumn("received_at", ColumnKind.INSTANT, "When it arrived."),
)
_QUALITIES: Final = {int(quality): quality.name.lower() for quality in Quality}
_FLAGS: Final = {flags: "; ".join(judgements(flags)) for flags in range(2 * max(QualityFlag))}


def observations(connection: Connection, scope: SeriesScope, about: Mapping[str, str]) -> Table:
    """Return the readings of the series in a scope, series by series in order of time."""
    wanted = series_of(connection, scope)

    def portions() -> Iterator[pl.DataFrame]:
        for zone, group in groupby(wanted, lambda one: one.zone):
            every = list(group)
            for columns in _readings(connection, [one.series_id for one in every], scope.days.within(zone)):
                yield _frame(connection, every, columns)

    return Table("observations", "Readings", COLUMNS, about, portions)


def _readings(connection: Connection, series: Sequence[int], within: TimeRange) -> Iterator[list[Column]]:
    """Yield readings a portion at a time: the place of the series, then the columns read, by series and time."""
    first, start = 0, within.start
    while first < len(series):
        starts = [start, *[within.start] * (len(series) - first - 1)]
        asked = {"series": list(series[first:]), "starts": starts, "end": within.end, "limit": ROWS_AT_ONCE}
        found = read_arrays(connection, SQL["export_readings"], asked, _READ)
        if not len(found[0]):
            return
        order = np.lexsort((found[1], found[0]))
        place, *columns = (column[order] for column in found)
        yield [place + (first - 1), *columns]
        if len(place) < ROWS_AT_ONCE:
            return
        first, start = first + int(place[-1]) - 1, int(columns[0][-1]) + 1


def _frame(connection: Connection, series: Sequence[StoredSeries], columns: Sequence[Column]) -> pl.DataFrame:
    place, time, value, received, quality, flags = columns
    zone = series[0].zone
    rows = pl.DataFrame(
        {"place": place, "time": time, "begin": _begins(connection, series, place, time, value), "value": value}
        | {"received_at": received, "quality": quality, "flags": flags}
    )
    instants = [pl.col(name).cast(ColumnKind.INSTANT.value) for name in ("time", "begin", "received_at")]
    named = (
        rows.with_columns(pl.when(pl.col("begin") != ABSENT).then(pl.col("begin")))
        .with_columns(
            *instants,
            pl.col("quality").replace_strict(_QUALITIES, return_dtype=pl.String),
            pl.col("flags").replace_strict(_FLAGS, return_dtype=pl.String),
            (pl.col("flags") & QualityFlag.REJECTED.value > 0).alias("rejected"),
        )
        .with_columns(pl.col("time").dt.convert_time_zone(zone).dt.replace_time_zone(None).alias("local_time"))
    )
    return named.join(series_frame(series), on="place", maintain_order="left").join(
        _states(series), on=["quantity", "value"], how="left", maintain_order="left"
    )


def _begins(
    connection: Connection, series: Sequence[StoredSeries], place: Column, time: Column, value: Column
) -> IntColumn:
    """Return when intervals began where their source gave that, else ABSENT."""
    ids = np.array([one.series_id for one in series], np.int64)
    slots = np.array([at for at, one in enumerate(series) if one.kind == ReadingKind.INTERVAL], np.int64)
    begin = attached(
        connection, Readings(place.astype(np.int64), time.astype(np.int64), value.astype(np.float64)), ids, slots
    ).begin
    return np.full(len(place), ABSENT) if begin is None else begin


def _states(series: Sequence[StoredSeries]) -> pl.DataFrame:
    """Return the names of states, by quantity and value."""
    named = [
        (quantity.name, float(number), name)
        for quantity in {one.quantity: one.definition for one in series}.values()
        for number, name in enumerate(quantity.states)
    ]
    schema = {"quantity": pl.String(), "value": pl.Float64(), "state": pl.String()}
    return pl.DataFrame(named, schema=schema, orient="row")
