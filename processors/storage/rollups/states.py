"""The store of state durations: hours are kept as they were computed, longer periods are added up from them."""

from typing import Final

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

    def keep(self, found: StateDurations, spans: Spans) -> None:
        """Make ``found`` what is stored of the hours in ``spans``; slots are their rows."""
        windows.fill(self._connection, spans)
        self._connection.execute("truncate state_staging")
        series_id: Ints = spans.series_id[found.slot]
        columns = [series_id, found.bucket, found.bucket_end, found.state, found.duration, found.count]
        with self._connection.cursor() as cursor, cursor.copy(SQL["state_staging_copy"]) as copy:
            copy.write(_STAGED.encode(columns))
        self._keep(Period.HOUR)

    def combine(self, buckets: Spans, period: Period, parts: Period) -> None:
        """Add up the stored ``parts`` of each of ``buckets``, whole periods, and keep what they come to."""
        windows.fill(self._connection, buckets)
        self._connection.execute("truncate state_staging")
        self._connection.execute(SQL["state_combine"], {"parts": parts.value})
        self._keep(period)

    def _keep(self, period: Period) -> None:
        self._connection.execute(SQL["state_keep"], {"period": period.value})
