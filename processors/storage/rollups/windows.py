"""The session's table of windows: which series to look at, from when to when."""

from typing import Final

import numpy as np

from processors.steps.columns import Spans
from processors.storage.binary_copy import ColumnType, Layout
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_WINDOW: Final = Layout([ColumnType.INTEGER, ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.TIMESTAMP])


def fill(connection: Connection, spans: Spans) -> None:
    """Make ``spans`` what the table ``rollup_window`` holds; slots are their rows."""
    connection.execute("truncate rollup_window")
    with connection.cursor() as cursor, cursor.copy(SQL["window_copy"]) as copy:
        copy.write(_WINDOW.encode([np.arange(len(spans)), spans.series_id, spans.start, spans.end]))
