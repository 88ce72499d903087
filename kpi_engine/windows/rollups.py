"""Reading rollups for many windows at once: one query per kind of bucket, whatever the number of figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ingest.model.calendar import Period
from ingest.model.observation import FloatColumn, IntColumn
from kpi_engine.formulas.bucket_cover import Tile
from kpi_engine.windows.sent_hours import read_stored_hours
from kpi_engine.windows.stored_amounts import StoredAmounts, by_series
from processors.steps.columns import present
from processors.steps.rollup import Rollup
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import Column, ColumnType
from processors.storage.database import Connection
from processors.storage.rollups.rollup_types import ROLLUP_TYPES
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_UNREAD: Final = {"rejected", "contract"}  # no figure asks for them of a whole bucket
READ: Final = {name: kind for name, kind in ROLLUP_TYPES.items() if name not in _UNREAD}

Rollups = Mapping[tuple[int, Tile], Rollup]


@dataclass(frozen=True)
class HourColumns(StoredAmounts):
    """Hours of one series, and the mean of a gauge in each that is known to KNOWN_FROM at least."""

    mean: FloatColumn = field(default_factory=lambda: np.empty(0))


def read_rollups(connection: Connection, keys: Iterable[tuple[int, Tile]]) -> Rollups:
    """Return the stored rollups among ``keys`` (series id and bucket); what is not stored is not in the result."""
    by_period: dict[Period, list[tuple[int, Tile]]] = {}
    for key in keys:
        by_period.setdefault(key[1].period, []).append(key)
    found: dict[tuple[int, Tile], Rollup] = {}
    for period, wanted in by_period.items():
        series_ids, buckets = np.array([(series, tile.bucket) for series, tile in wanted], np.int64).T
        columns = map(present, read_columns(connection, period, series_ids, buckets))
        for series, *row in zip(*columns, strict=True):
            rollup = Rollup(**dict(zip(READ, row, strict=True)))
            found[series, Tile(period, rollup.bucket, rollup.bucket_end)] = rollup
    return found


def read_columns(connection: Connection, period: Period, series: IntColumn, buckets: IntColumn) -> list[Column]:
    """Return the stored rollups of one period at pairs of series and bucket: the series, and the columns of READ."""
    parameters = {"period": period.value, "series": series, "buckets": buckets}
    return read_arrays(connection, SQL["rollups_at"], parameters, (ColumnType.INTEGER, *READ.values()))


def read_hours(connection: Connection, spans: Mapping[int, Sequence[tuple[int, int]]]) -> dict[int, HourColumns]:
    """Return the hours of each series that start in its spans [start, end), which do not overlap."""
    rows = [(series, *span) for series, every in spans.items() for span in every]
    hours = read_stored_hours(connection, *np.array(rows, np.int64).reshape(-1, 3).T)
    amounts = hours.amounts
    columns = by_series(hours.series, amounts.bucket, amounts.total, hours.estimated, hours.levels[0])
    return {series: HourColumns(bucket, *values) for series, bucket, values in columns}
