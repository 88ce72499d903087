"""The store of the rollup worker: marks, windows of readings, and rollups, in one transaction per ``transaction()``."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np

from ingest.model.calendar import Period
from ingest.model.session import Session
from ingest.model.time import from_micros
from processors.steps.columns import ROLLUP_FIELDS, Floats, Ints, Readings, RollupColumns, Spans
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import Column, ColumnType, Layout
from processors.storage.database import Connection
from processors.storage.rollups import windows
from processors.storage.rollups.blocks import HourBlocks
from processors.storage.rollups.reading_quality import Judgements
from processors.storage.rollups.register_extent import RegisterReadings, Side, extent
from processors.storage.rollups.rollup_types import ROLLUP_TYPES
from processors.storage.rollups.shards import EVERY
from processors.storage.rollups.states import StateStore
from processors.storage.schema import retention
from processors.storage.sessions import stored
from processors.storage.sessions.stored import PointWindow
from processors.storage.statements import statements
from processors.storage.transactions import committing

SQL: Final = statements(__name__)

_ID, _TIME, _NUMBER = ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.DOUBLE
_MARK: Final = Layout([_ID, _TIME, _TIME, ColumnType.BOOLEAN])
_ROLLUP: Final = Layout([_ID, *ROLLUP_TYPES.values()])
_COPY: Final = {  # COPY takes no parameters, and each period has a table of its own
    Period.HOUR: SQL["rollup_copy_hour"],
    Period.DAY: SQL["rollup_copy_day"],
    Period.MONTH: SQL["rollup_copy_month"],
}
_ROLLUPS: Final = SQL["window_rollups"]
_ROWS: Final = _ROLLUPS.replace("rollups_of(", "rollup_rows_of(")  # where nothing is packed, live readings for one
_LONGEST: Final = {Period.HOUR: timedelta(hours=2), Period.DAY: timedelta(days=2), Period.MONTH: timedelta(days=32)}


@dataclass(frozen=True)
class Neighbours:
    """The readings before and after each of some spans; ABSENT and NaN where there is none."""

    before: Ints
    after: Ints
    value_before: Floats
    value_after: Floats


class RollupStore:
    """Reads what was touched and writes what it comes to; nothing is committed outside ``transaction()``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.states = StateStore(connection)
        self.judgements = Judgements(connection)
        self.blocks = HourBlocks(connection)
        with self.transaction():
            for statement in (
                SQL["window_table"],
                SQL["rollup_staging_table"],
                SQL["state_staging_table"],
                SQL["look_up_by_key"],
            ):
                connection.execute(statement)

    @property
    def connection(self) -> Connection:
        """The connection, for what takes part in the transaction."""
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what happens inside, all of it or nothing; raises TransactionError inside of another transaction."""
        with committing(self._connection):
            yield

    def take_marks(self, limit: int, hours: int, shards: Sequence[int] = EVERY) -> Spans:
        """Remove marks of ``shards`` and return what they touched, merged per series and month.

        Half of them are the oldest, half the newest: together up to ``limit``, and of about ``hours`` of series. No
        reading is dropped until the transaction ends.
        """
        retention.hold(self._connection)
        half: dict[str, object] = {"limit": (limit + 1) // 2, "hours": hours / 2}
        half |= {"shards": list(shards), "is_every": len(shards) == len(EVERY)}
        rows = self._connection.execute(SQL["marks_take"], half).fetchall()
        columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return Spans(columns[0], columns[1], columns[2])

    def kept_since(self) -> int:
        """Return the horizon before which readings were dropped; ABSENT while none were."""
        return retention.horizon(self._connection)

    def neighbours(self, spans: Spans) -> Neighbours:
        """Return the readings before and after each span."""
        _, before, after, *values = self._looked_at(SQL["window_neighbours"], spans, (_TIME, _TIME, _NUMBER, _NUMBER))
        value_before, value_after = (value.astype(np.float64) for value in values)
        return Neighbours(before.astype(np.int64), after.astype(np.int64), value_before, value_after)

    def extent(self, side: Side, readings: RegisterReadings) -> Ints:
        """Return how far registers must be known on one side of readings of them."""
        return extent(self._connection, side, readings)

    def readings(self, spans: Spans) -> Readings:
        """Return the readings of each span, its neighbours included; slots are the spans' rows."""
        slot, time, value = self._looked_at(SQL["window_readings"], spans, (_TIME, _NUMBER))
        return Readings(slot.astype(np.int64), time.astype(np.int64), value.astype(np.float64))

    def sessions(self, asked: Sequence[PointWindow]) -> list[list[Session]]:
        """Return for each window asked for the sessions of a device that begin in it, with no flags yet."""
        return stored.begun(self._connection, asked)

    def declared(self, asked: Sequence[PointWindow]) -> list[list[tuple[int, int]]]:
        """Return for each window asked for the spans [from, to) of which it was declared that every session is here."""
        return stored.declared_complete(self._connection, asked)

    def rollups(self, spans: Spans, period: Period) -> RollupColumns:
        """Return the stored rollups of ``period`` whose bucket overlaps [start, end) of each span."""
        given = {"period": period.value, "longest": _LONGEST[period]}
        statement = _ROLLUPS if period is Period.HOUR and self._may_be_packed(spans.start) else _ROWS
        columns: list[Any] = self._looked_at(statement, spans, [*ROLLUP_TYPES.values()], given)
        return RollupColumns(*columns)

    def insert(self, table: RollupColumns, series_id: Ints, period: Period) -> None:
        """Store rollups of buckets that are not stored yet."""
        if not len(table):
            return
        with self._connection.cursor() as cursor, cursor.copy(_COPY[period]) as copy:
            copy.write(_ROLLUP.encode([series_id, *_columns(table)]))

    def replace(self, table: RollupColumns, series_id: Ints, period: Period) -> None:
        """Store rollups in place of the ones that are stored."""
        if not len(table):
            return
        with self._connection.cursor() as cursor, cursor.copy(SQL["rollup_staging_copy"]) as copy:
            copy.write(_ROLLUP.encode([series_id, *_columns(table)]))
        self._connection.execute(SQL["rollup_replace"], {"period": period.value})
        if period is Period.HOUR and self._may_be_packed(table.bucket):
            self.blocks.reopen()
        self._connection.execute("truncate rollup_staging")

    def remove(self, table: RollupColumns, series_id: Ints, period: Period) -> None:
        """Remove rollups that are stored."""
        if len(table):
            if period is Period.HOUR:
                self.blocks.unpack(series_id, table.bucket)
            buckets = [from_micros(bucket) for bucket in table.bucket.tolist()]
            parameters = {"period": period.value, "series": series_id.tolist(), "buckets": buckets}
            self._connection.execute(SQL["rollup_remove"], parameters)

    def mark(self, changed: Spans, *, is_first: bool) -> None:
        """Tell the KPI engine which hours changed; ``is_first``: those that held no reading before."""
        if not len(changed):
            return
        with self._connection.cursor() as cursor, cursor.copy(SQL["rollup_mark_copy"]) as copy:
            copy.write(_MARK.encode([changed.series_id, changed.start, changed.end, np.full(len(changed), is_first)]))

    def _may_be_packed(self, times: Ints) -> bool:
        """Whether anything is packed of a time after the first of ``times``."""
        return bool(times.min(initial=np.iinfo(np.int64).max) < self.blocks.end())

    def _looked_at(
        self, statement: str, spans: Spans, types: Sequence[ColumnType], given: Mapping[str, object] | None = None
    ) -> list[Column]:
        """Run a statement on ``spans`` that returns arrays; returns slots and columns, sorted by slot and time."""
        windows.fill(self._connection, spans)
        columns = read_arrays(self._connection, statement, given, (_ID, *types))
        order = np.lexsort((columns[1], columns[0]))
        return [column[order] for column in columns]


def _columns(table: RollupColumns) -> list[Column]:
    return [getattr(table, name) for name in ROLLUP_FIELDS]
