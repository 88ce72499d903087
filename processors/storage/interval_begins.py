"""When the intervals of amounts begin, where their sources gave it: kept beside the readings, in their transaction.

A begin belongs to the value that it came with. Every distinct one is kept on the best claim it was given with, and
which holds is decided as it is of values, so nothing depends on the order of arrival.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from ingest.model.columns import ColumnTable
from ingest.model.given_interval import UNGIVEN
from ingest.model.observation import IntColumn, ObservationBatch
from ingest.model.reading import Quality
from ingest.model.revision import UNREVISED
from ingest.model.time import from_micros
from processors.steps.columns import Floats, Ints, Mask, Spans
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import Column, ColumnType, Layout
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_ROW, _TIME, _NUMBER = ColumnType.BIGINT, ColumnType.TIMESTAMP, ColumnType.DOUBLE
_BEGIN: Final = Layout([ColumnType.INTEGER, _TIME, _NUMBER, _TIME, ColumnType.SMALLINT, _TIME, _NUMBER])


class IntervalBegins:
    """Writes within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        with connection.transaction():
            connection.execute(SQL["interval_begin_table"])

    def keep(self, batch: ObservationBatch, source: IntColumn, refused: Container[int] = ()) -> None:
        """Keep what ``batch`` says of begins, ``source`` by row, but for rows ``refused``; marks what it may change."""
        if batch.begin is None:
            return
        given = np.flatnonzero(batch.begin != UNGIVEN)
        rows = np.array([row for row in given.tolist() if row not in refused], np.int64) if refused else given
        if not len(rows):
            return
        revision = np.full(len(batch), UNREVISED) if batch.revision is None else batch.revision
        columns: list[Column] = [batch.series_id, batch.time, batch.value, batch.begin, source, batch.received_at]
        with self._connection.cursor() as cursor, cursor.copy(SQL["interval_begin_copy"]) as copy:
            copy.write(_BEGIN.encode([column[rows] for column in (*columns, revision)]))
        self._connection.execute(SQL["interval_begin_keep"])


@dataclass(frozen=True)
class Begins(ColumnTable):
    """The begin that holds of values of readings, sorted by slot and time; slots are the rows of what was asked for.

    ``estimated``: which of the readings were not read at a meter, as their source says.
    """

    slot: Ints
    time: Ints
    value: Floats
    begin: Ints
    estimated: Mask


def chosen(connection: Connection, spans: Spans) -> Begins:
    """Return the begins of readings in [start, end] of each span."""
    types = (_ROW, _TIME, _NUMBER, _TIME, ColumnType.SMALLINT)
    slot, time, value, begin, quality = _read(connection, SQL["interval_begin_chosen"], spans, types)
    order = np.lexsort((time, slot))
    return Begins(
        slot[order].astype(np.int64) - 1,
        time[order].astype(np.int64),
        value[order].astype(np.float64),
        begin[order].astype(np.int64),
        quality[order] == Quality.ESTIMATED,
    )


def earliest(connection: Connection, spans: Spans) -> Ints:
    """Return the earliest begin of readings in [start, end] of each span, its start where none is before it."""
    slot, begin = _read(connection, SQL["interval_begin_earliest"], spans, (_ROW, _TIME))
    found, rows = spans.start.copy(), slot.astype(np.int64) - 1
    found[rows] = np.minimum(found[rows], begin.astype(np.int64))
    return found


def forget(connection: Connection, edge: datetime) -> None:
    """Remove the begins of readings before an edge that were dropped; within the caller's transaction."""
    connection.execute(SQL["interval_begin_drop"], {"edge": edge})


def _read(connection: Connection, statement: str, spans: Spans, types: tuple[ColumnType, ...]) -> list[Column]:
    parameters: dict[str, Any] = {
        "series": spans.series_id.tolist(),
        "from": [from_micros(time) for time in spans.start.tolist()],
        "to": [from_micros(time) for time in spans.end.tolist()],
    }
    return read_arrays(connection, statement, parameters, types)
