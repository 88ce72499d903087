"""Writes readings: new ones by plain COPY, possibly known ones through a table of the session; and marks them.

Nothing here depends on the order of arrival. A reading given with several values, or with a revision, keeps them all in
``conflict``; the effective one has the highest source rank, then the latest revision, then the best quality, then was
handed over by a person last, then is the largest.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ingest.model.observation import IntColumn, ObservationBatch
from ingest.model.time import DAY
from processors.errors import KnownReadingError
from processors.storage.binary_copy import Column, ColumnType, Layout
from processors.storage.database import Connection
from processors.storage.failures import REFUSING_THE_DATA
from processors.storage.readings import blocks, decisions
from processors.storage.readings.candidates import candidates, extents
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_COLUMNS: Final = (
    ColumnType.INTEGER,
    ColumnType.TIMESTAMP,
    ColumnType.DOUBLE,
    ColumnType.TIMESTAMP,
    ColumnType.SMALLINT,
    ColumnType.SMALLINT,
)
OBSERVATION: Final = Layout(_COLUMNS)
_REVISED: Final = Layout([*_COLUMNS, ColumnType.DOUBLE])
_MARK: Final = Layout([ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.TIMESTAMP])


@dataclass
class WriteResult:
    """What became of rows, counted by source id; ``refused`` holds the rows the database refuses, with its words.

    ``repeated``: how many rows of each series came again as they were known.
    """

    stored: Counter[int] = field(default_factory=Counter)
    conflict: Counter[int] = field(default_factory=Counter)
    refused: dict[int, str] = field(default_factory=dict)
    repeated: Counter[int] = field(default_factory=Counter)

    def add(self, other: "WriteResult") -> "WriteResult":
        """Return this outcome with another added."""
        self.stored.update(other.stored)
        self.conflict.update(other.conflict)
        self.refused.update(other.refused)
        self.repeated.update(other.repeated)
        return self


class Observations:
    """Writes within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        with connection.transaction():
            self._execute(SQL["incoming_table"])
            self._execute(decisions.SQL["contested_table"])

    def append(self, batch: ObservationBatch, source: IntColumn) -> WriteResult:
        """Store readings that are new and without revisions, ``source`` by row; else raises KnownReadingError."""
        if batch.revision is not None:
            raise KnownReadingError("the batch says when values were issued, which is compared and kept")
        found = candidates(batch)
        if found.contested:
            raise KnownReadingError("the batch holds two values of one reading")
        blocks.open_for(self._connection, batch)
        try:
            self._copy(SQL["observation_copy"], batch, source, found.rows)
        except REFUSING_THE_DATA as error:
            raise KnownReadingError("the database has one of the readings, or refuses it") from error
        marks = extents(batch.series_id[found.rows], batch.time[found.rows], apart=DAY)
        self._write(SQL["observation_mark_copy"], _MARK.encode(list(marks)))
        return WriteResult(stored=count_by(source[found.rows]), repeated=_left_out(batch, found.rows))

    def merge(self, batch: ObservationBatch, source: IntColumn) -> WriteResult:
        """Store readings of which some may be known; a row the database refuses costs no other row."""
        blocks.open_for(self._connection, batch)
        rows = candidates(batch).rows
        return self._merge(batch, source, rows).add(WriteResult(repeated=_left_out(batch, rows)))

    def _merge(self, batch: ObservationBatch, source: IntColumn, rows: IntColumn) -> WriteResult:
        """Merge ``rows`` as a whole; where the database refuses one of them, each half on its own."""
        try:
            with self._connection.transaction():
                return self._attempt(batch, source, rows)
        except REFUSING_THE_DATA as error:
            if len(rows) == 1:
                return WriteResult(refused={int(rows[0]): " ".join(str(error.diag.message_primary or error).split())})
        middle = len(rows) // 2
        return self._merge(batch, source, rows[:middle]).add(self._merge(batch, source, rows[middle:]))

    def _attempt(self, batch: ObservationBatch, source: IntColumn, rows: IntColumn) -> WriteResult:
        self._execute(SQL["incoming_clear"])
        self._copy(
            SQL["incoming_copy"] if batch.revision is None else SQL["incoming_copy_revised"], batch, source, rows
        )
        stored = self._counted(SQL["incoming_store"])
        if stored.total() == len(rows) and batch.revision is None:
            return WriteResult(stored=stored)
        repeated = self._counted(SQL["incoming_repeated"])
        self._execute(decisions.SQL["conflict_lock"])
        self._execute(decisions.SQL["contested_clear"])
        conflict: Counter[int] = Counter()
        if self._execute(SQL["contested_find"]):
            self._execute(decisions.SQL["contested_by_index"])
            self._execute(decisions.SQL["conflict_keep_effective"])
            conflict = self._counted(SQL["conflict_add"])
            self._execute(SQL["conflict_claim"])
            self._execute(decisions.SQL["conflict_resolve"])
            self._execute(SQL["observation_claim"])
        return WriteResult(stored=stored, conflict=conflict, repeated=repeated)

    def _copy(self, statement: str, batch: ObservationBatch, source: IntColumn, rows: IntColumn) -> None:
        columns: list[Column] = [batch.series_id, batch.time, batch.value, batch.received_at, source, batch.quality]
        revision = [] if batch.revision is None else [batch.revision]
        layout = _REVISED if revision else OBSERVATION
        self._write(statement, layout.encode([column[rows] for column in (*columns, *revision)]))

    def _write(self, statement: str, buffer: bytes) -> None:
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(buffer)

    def _execute(self, statement: str) -> int:
        return self._connection.execute(statement).rowcount

    def _counted(self, statement: str) -> Counter[int]:
        return Counter(dict(self._connection.execute(statement).fetchall()))


def _left_out(batch: ObservationBatch, rows: IntColumn) -> Counter[int]:
    """Return how many readings of each series a batch holds more than once."""
    if len(rows) == len(batch):
        return Counter()
    return count_by(batch.series_id) - count_by(batch.series_id[rows])


def count_by(source: IntColumn) -> Counter[int]:
    """Return how many rows each source has."""
    return Counter({number: count for number, count in enumerate(np.bincount(source).tolist()) if count})
