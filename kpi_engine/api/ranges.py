"""Half-open time ranges of queries, and keyset cursors that stay valid while data change."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import AwareDatetime

from ingest.model.time import from_micros, to_micros
from kpi_engine.api.errors import invalid

_From = Query(
    alias="from",
    description="Start of the range, included (RFC 3339 with offset).",
    examples=["2026-01-01T00:00:00Z"],
)
_To = Query(alias="to", description="End of the range, excluded; now when left out.")
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before.")]

_EARLIEST: Final = to_micros(datetime.fromisoformat("1900-01-01T00:00:00Z"))
_LATEST: Final = to_micros(datetime.fromisoformat("2200-01-01T00:00:00Z"))


@dataclass(frozen=True)
class TimeRange:
    """[start, end) in microseconds."""

    start: int
    end: int

    @property
    def start_time(self) -> datetime:
        """The start as a datetime."""
        return from_micros(self.start)

    @property
    def end_time(self) -> datetime:
        """The end as a datetime."""
        return from_micros(self.end)


@dataclass(frozen=True)
class RangeQuery:
    """The range as it was asked for."""

    start: Annotated[AwareDatetime | None, _From] = None
    end: Annotated[AwareDatetime | None, _To] = None

    def within(self, now: int, default_length: int) -> TimeRange:
        """Return the range; without an end it ends now, without a start it has the default length (microseconds)."""
        end = now if self.end is None else _within("to", self.end)
        start = end - default_length if self.start is None else _within("from", self.start)
        if start >= end:
            raise invalid("from" if self.end is None else "to", "expected `from` to be earlier than `to`")
        return TimeRange(start, end)


Asked = Annotated[RangeQuery, Depends()]


def cursor_after(time: datetime) -> str:
    """Return the cursor of the page that follows ``time``."""
    return urlsafe_b64encode(str(to_micros(time)).encode()).decode().rstrip("=")


def cursor_time(cursor: str) -> datetime:
    """Return the time after which the page of ``cursor`` begins."""
    try:
        micros = int(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise invalid("cursor", "expected the `next_cursor` of an earlier answer") from error
    if not _EARLIEST <= micros <= _LATEST:
        raise invalid("cursor", "expected the `next_cursor` of an earlier answer")
    return from_micros(micros)


def _within(field: str, instant: datetime) -> int:
    micros = to_micros(instant)
    if not _EARLIEST <= micros <= _LATEST:
        raise invalid(field, "expected a time between 1900 and 2200")
    return micros
