"""Half-open time ranges of queries: between instants, or between the days of a city, which begin by its clocks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query

from ingest.model.time import from_micros, to_micros
from kpi_engine.api.errors import invalid
from kpi_engine.api.instants import DayOrInstant, micros

_From = Query(
    alias="from",
    description="Start of the range, included: RFC 3339 with offset, or a day of the city.",
    examples=["2026-01-01T00:00:00Z", "2026-01-01"],
)
_To = Query(alias="to", description="End of the range, excluded, likewise; now when left out.")


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

    start: Annotated[DayOrInstant | None, _From] = None
    end: Annotated[DayOrInstant | None, _To] = None

    @property
    def ends(self) -> tuple[int | str | None, int | str | None]:
        """Start and end as they were asked for, for a cursor; None where left out."""
        return _written(self.start), _written(self.end)

    def instants(self, zone: str | None) -> tuple[datetime | None, datetime | None]:
        """Return start and end as instants, None where left out; raises InvalidRequestError as ``instant`` does."""
        start, end = instant(self.start, zone, "from"), instant(self.end, zone, "to")
        if start and end and start >= end:
            raise invalid("to", "expected `from` to be earlier than `to`")
        return start, end

    def within(self, now: int, default_length: int, zone: str | None) -> TimeRange:
        """Return the range; without an end it ends now, without a start it has the default length (microseconds)."""
        first, last = self.instants(zone)
        end = now if last is None else to_micros(last)
        start = end - default_length if first is None else to_micros(first)
        if start >= end:
            raise invalid("from" if last is None else "to", "expected `from` to be earlier than `to`")
        return TimeRange(start, end)


def _written(asked: date | None) -> int | str | None:
    if asked is None:
        return None
    return to_micros(asked) if isinstance(asked, datetime) else asked.isoformat()


def instant(asked: date | None, zone: str | None, field: str) -> datetime | None:
    """Return what was asked for as an instant; ``zone`` is that of the one city asked for, None where there is none.

    Raises InvalidRequestError for a day where no one city's clocks say when it begins.
    """
    if asked is None or isinstance(asked, datetime):
        return asked
    if zone is None:
        raise invalid(field, "expected an instant, or a day and one `city`, by whose clocks it begins")
    return from_micros(micros(asked, zone))


Asked = Annotated[RangeQuery, Depends()]
