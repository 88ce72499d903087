"""The store of the rollup worker: marks, windows of readings, and rollups, in one transaction per ``transaction()``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ingest.model.calendar import Period
from processors.steps.columns import Ints, Readings, RollupColumns
from processors.storage.binary_copy import Column, ColumnType, Layout
from processors.storage.database import Connection, sql

_PACKAGE: Final = "processors.storage"
_SMALL, _TIME, _NUMBER = ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.DOUBLE
_WINDOW: Final = Layout([_SMALL, _SMALL, _TIME, _TIME])
_NEIGHBOURS: Final = Layout([_SMALL, _TIME, _TIME])
_READING: Final = Layout([_SMALL, _TIME, _NUMBER])
_MARK: Final = Layout([_SMALL, _TIME, _TIME])
_ROLLUP: Final = Layout([_SMALL, _TIME, _TIME, _SMALL, *[_NUMBER] * 7, *[_TIME] * 4])


@dataclass(frozen=True)
class Spans:
    """Stretches of time of series, one per row: [start, end], microseconds."""

    series_id: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.series_id)


class RollupStore:
    """Reads what was touched and writes what it comes to; nothing is committed outside ``transaction()``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        for table in ("window_table", "rollup_staging_table"):
            connection.execute(sql(_PACKAGE, table))
        connection.commit()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what happens inside, all of it or nothing."""
        with self._connection.transaction():
            yield

    def take_marks(self, limit: int) -> Spans:
        """Remove the oldest ``limit`` marks and return what they touched, merged per series and month."""
        rows = self._connection.execute(sql(_PACKAGE, "marks_take"), {"limit": limit}).fetchall()
        columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return Spans(columns[0], columns[1], columns[2])

    def neighbours(self, spans: Spans) -> Spans:
        """Return spans reaching from the reading before each to the reading after it; ABSENT where there is none."""
        self._look_at(spans)
        slot, start, end = _NEIGHBOURS.decode(self._copied_out("window_neighbours"))
        return Spans(spans.series_id[slot.astype(np.int64)], start.astype(np.int64), end.astype(np.int64))

    def readings(self, spans: Spans) -> Readings:
        """Return the readings of each span, its neighbours included; slots are the spans' rows."""
        self._look_at(spans)
        slot, time, value = _READING.decode(self._copied_out("window_readings"))
        return Readings(slot.astype(np.int64), time.astype(np.int64), value.astype(np.float64))

    def rollups(self, spans: Spans, period: Period) -> RollupColumns:
        """Return the stored rollups of ``period`` whose bucket starts in [start, end) of each span."""
        self._look_at(spans)
        return _table(_ROLLUP.decode(self._copied_out(f"window_rollups_{period.value}")))

    def save(self, table: RollupColumns, series_id: Ints, period: Period) -> Spans:
        """Store rollups that say something new; returns the extents of what changed per series and month."""
        with self._connection.cursor() as cursor, cursor.copy(sql(_PACKAGE, "rollup_staging_copy")) as copy:
            copy.write(_ROLLUP.encode([series_id, *_columns(table)]))
        rows = self._connection.execute(sql(_PACKAGE, "rollup_save"), {"period": period.value}).fetchall()
        self._connection.execute("truncate rollup_staging")
        columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return Spans(columns[0], columns[1], columns[2])

    def mark(self, changed: Spans) -> None:
        """Tell the KPI engine which hours changed."""
        with self._connection.cursor() as cursor, cursor.copy(sql(_PACKAGE, "rollup_mark_copy")) as copy:
            copy.write(_MARK.encode([changed.series_id, changed.start, changed.end]))

    def _look_at(self, spans: Spans) -> None:
        """Fill the session's table of windows with ``spans``, their rows as slots."""
        self._connection.execute("truncate rollup_window")
        with self._connection.cursor() as cursor, cursor.copy(sql(_PACKAGE, "window_copy")) as copy:
            copy.write(_WINDOW.encode([np.arange(len(spans)), spans.series_id, spans.start, spans.end]))

    def _copied_out(self, name: str) -> bytes:
        with self._connection.cursor() as cursor, cursor.copy(sql(_PACKAGE, name)) as copy:
            return b"".join(bytes(block) for block in copy)


def _columns(table: RollupColumns) -> list[Column]:
    return [
        table.bucket,
        table.bucket_end,
        table.count,
        table.minimum,
        table.maximum,
        table.total,
        table.integral,
        table.estimated,
        table.measured,
        table.weighted,
        table.covered_from,
        table.covered_to,
        table.measured_from,
        table.measured_to,
    ]


def _table(columns: list[Column]) -> RollupColumns:
    typed: list[Any] = [
        column.astype(np.float64 if kind is _NUMBER else np.int64)
        for column, kind in zip(columns, _ROLLUP.types, strict=True)
    ]
    return RollupColumns(*typed)
