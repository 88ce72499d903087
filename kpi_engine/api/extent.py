"""A long range is cut to where a series has anything, so that empty centuries cost nothing.

A range of up to a year is answered whole, its silences included; a longer one from the first bucket that is kept to the
last one or to now, whichever is later: a silence that lasts is part of it.
"""

from dataclasses import dataclass
from typing import Final

from ingest.model.time import DAY
from kpi_engine.api.fetching import fetch
from kpi_engine.api.ranges import TimeRange
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

WHOLE: Final = 366 * DAY
"""The longest range [us] that is answered whole."""


@dataclass(frozen=True)
class _Extent:
    """What is kept of a series, in microseconds."""

    first: int
    last: int


def cut(connection: Connection, series_id: int, period: str, asked: TimeRange, now: int) -> TimeRange | None:
    """Return the part of a range to make buckets of ``period`` for; None where a long one has nothing in it."""
    if asked.end - asked.start <= WHOLE:
        return asked
    found = fetch(connection, _Extent, SQL["api_extent"], series_id=series_id, period=period)
    if not found:
        return None
    start, end = max(asked.start, found[0].first), min(asked.end, max(found[0].last, now))
    return TimeRange(start, end) if start < end else None
