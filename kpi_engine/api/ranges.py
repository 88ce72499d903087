"""Half-open time ranges of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query

from ingest.model.time import from_micros, to_micros
from kpi_engine.api.errors import invalid
from kpi_engine.api.instants import Instant

_From = Query(
    alias="from",
    description="Start of the range, included (RFC 3339 with offset).",
    examples=["2026-01-01T00:00:00Z"],
)
_To = Query(alias="to", description="End of the range, excluded; now when left out.")


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

    start: Annotated[Instant | None, _From] = None
    end: Annotated[Instant | None, _To] = None

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """Start and end in microseconds as they were asked for; None where left out."""
        start, end = (None if end is None else to_micros(end) for end in (self.start, self.end))
        return start, end

    def within(self, now: int, default_length: int) -> TimeRange:
        """Return the range; without an end it ends now, without a start it has the default length (microseconds)."""
        end = now if self.end is None else to_micros(self.end)
        start = end - default_length if self.start is None else to_micros(self.start)
        if start >= end:
            raise invalid("from" if self.end is None else "to", "expected `from` to be earlier than `to`")
        return TimeRange(start, end)


Asked = Annotated[RangeQuery, Depends()]
