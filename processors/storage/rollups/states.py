"""The store of state durations: hours are kept as they were computed, longer periods are added up from them."""

from typing import Final

import numpy as np

from ingest.model.calendar import Period
from processors.steps.columns import Ints, Spans
from processors.steps.states import StateDurations
from processors.storage.binary_copy import ColumnType, Layout
from processors.storage.database import Connection
from processors.storage.rollups import windows
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_STAGED: Final = Layout(
    [
        ColumnType.INTEGER,
        ColumnType.TIMESTAMP,
        ColumnType.TIMESTAMP,
        ColumnType.SMALLINT,
        ColumnType.BIGINT,
        ColumnType.INTEGER,
    ]
)


class StateStore:
    """Writes durations in the transaction of whoever asks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, found: StateDurations, spans: Spans) -> tuple[Spans, Spans]:
        """Make ``found`` what is stored of the hours in ``spans``; slots are their rows.

        Returns the hours that changed: those of which nothing was stored before, and the others.
        """
        windows.fill(self._connection, spans)
        self._connection.execute("truncate state_staging")
        series_id: Ints = spans.series_id[found.slot]
        columns = [series_id, found.bucket, found.bucket_end, found.state, found.duration, found.count]
        with self._connection.cursor() as cursor, cursor.copy(SQL["state_staging_copy"]) as copy:
            copy.write(_STAGED.encode(columns))
        changed = self._keep(Period.HOUR)
        return _spans(changed, is_first=True), _spans(changed, is_first=False)

    def combine(self, buckets: Spans, period: Period, parts: Period) -> None:
        """Add up the stored ``parts`` of each of ``buckets``, whole periods, and keep what they come to."""
        windows.fill(self._connection, buckets)
        self._connection.execute("truncate state_staging")
        self._connection.execute(SQL["state_combine"], {"parts": parts.value})
        self._keep(period)

    def _keep(self, period: Period) -> list[tuple[int, int, int, bool]]:
        return self._connection.execute(SQL["state_keep"], {"period": period.value}).fetchall()


def _spans(changed: list[tuple[int, int, int, bool]], *, is_first: bool) -> Spans:
    """Return the changed hours that are so, those that meet as one; they come in order of series and time."""
    series, start, end = np.array([row[:3] for row in changed if row[3] is is_first], np.int64).reshape(-1, 3).T
    apart = (series[1:] != series[:-1]) | (start[1:] != end[:-1])
    begins, ends = np.ones(len(series), np.bool_), np.ones(len(series), np.bool_)
    begins[1:], ends[:-1] = apart, apart
    return Spans(series[begins], start[begins], end[ends])
