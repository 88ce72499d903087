"""Readings as a table, as they are stored, with what they were judged to be."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

import numpy as np
import polars as pl

from ingest.model.calendar import offsets
from ingest.model.reading import QUALITIES, Quality, ReadingKind
from kpi_engine.api.series import StoredSeries
from kpi_engine.export.scope import SeriesScope, series_of
from kpi_engine.export.series_columns import SERIES, series_frame
from kpi_engine.export.table import ROWS_AT_ONCE, ColumnKind, Table, TableColumn
from processors.rollups.given_intervals import attached
from processors.steps.columns import ABSENT, Floats, Ints, Readings
from processors.steps.reading_quality import QualityFlag, judgements
from processors.storage.database import Connection
from processors.storage.readings.sequences import ReadingSequence, readings_in_order

COLUMNS: Final = (
    *SERIES,
    TableColumn("time", ColumnKind.INSTANT, "When it was true; of an amount for an interval, when that ended."),
    TableColumn("local_time", ColumnKind.CIVIL, "The same on the clocks of the city."),
    TableColumn("begin", ColumnKind.INSTANT, "When its interval began, where its source gave that."),
    TableColumn("value", ColumnKind.NUMBER, "In the unit of the row; of a state, its place among the states."),
    TableColumn("state", ColumnKind.TEXT, "Of a state, its name."),
    TableColumn("quality", ColumnKind.TEXT, QUALITIES),
    TableColumn("flags", ColumnKind.TEXT, "What it was judged to be: outlier, rate, stuck, excursion."),
    TableColumn("rejected", ColumnKind.BOOLEAN, "Whether aggregates and indicators leave it out."),
    TableColumn("received_at", ColumnKind.INSTANT, "When it arrived."),
)
_QUALITIES: Final = pl.Series([quality.name.lower() for quality in sorted(Quality)])
_FLAGS: Final = pl.Series(["; ".join(judgements(flags)) for flags in range(2 * max(QualityFlag))])


def observations(connection: Connection, scope: SeriesScope, about: Mapping[str, str]) -> Table:
    """Return the readings of the series in a scope, series by series in order of time."""
    wanted = series_of(connection, scope)

    def portions() -> Iterator[pl.DataFrame]:
        for zone, group in groupby(wanted, lambda one: one.zone):
            every = list(group)
            within, ids = scope.days.within(zone), [one.series_id for one in every]
            for found in readings_in_order(connection, ids, within.start, within.end, ROWS_AT_ONCE):
                yield _frame(connection, every, found)

    return Table("observations", "Readings", COLUMNS, about, portions)


def _frame(connection: Connection, series: Sequence[StoredSeries], found: ReadingSequence) -> pl.DataFrame:
    place, zone = found.place, series[0].zone
    begin = _begins(connection, series, found)
    return series_frame(series)[place].with_columns(
        pl.Series("time", found.time).cast(ColumnKind.INSTANT.value),
        pl.Series("local_time", found.time + offsets(found.time, zone)).cast(ColumnKind.CIVIL.value),
        pl.Series("begin", begin).set(pl.Series(begin == ABSENT), None).cast(ColumnKind.INSTANT.value),
        pl.Series("value", found.value),
        _states(series, place, found.value).alias("state"),
        _QUALITIES.gather(found.quality).alias("quality"),
        _FLAGS.gather(found.flags).alias("flags"),
        pl.Series("rejected", found.flags & QualityFlag.REJECTED.value > 0),
        pl.Series("received_at", found.received).cast(ColumnKind.INSTANT.value),
    )


def _begins(connection: Connection, series: Sequence[StoredSeries], found: ReadingSequence) -> Ints:
    """Return when intervals began where their source gave that, else ABSENT."""
    ids = np.array([one.series_id for one in series], np.int64)
    slots = np.array([at for at, one in enumerate(series) if one.kind == ReadingKind.INTERVAL], np.int64)
    begin = attached(connection, Readings(found.place, found.time, found.value), ids, slots).begin
    return np.full(len(found), ABSENT) if begin is None else begin


def _states(series: Sequence[StoredSeries], place: Ints, value: Floats) -> pl.Series:
    """Return the names of states; nulls where values are numbers."""
    names = [one.definition.states for one in series]
    if not any(names):
        return pl.Series([None]).new_from_index(0, len(place)).cast(pl.String)
    first = np.cumsum([0, *map(len, names)])
    is_state = np.array([bool(of) for of in names])[place]
    at = np.where(is_state, first[place] + np.where(is_state, value, 0.0).astype(np.int64), 0)
    return pl.Series([name for of in names for name in of]).gather(at).set(pl.Series(~is_state), None)
