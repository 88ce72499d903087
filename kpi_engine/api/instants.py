"""Instants in requests: RFC 3339 with offset and nothing else, between the years that the store knows."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from ingest.model.calendar import day_start
from ingest.model.time import to_micros

EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _written_out(given: object) -> object:
    # Pydantic alone would also take a number for seconds since 1970, and a time without seconds.
    if not isinstance(given, datetime) and not (isinstance(given, str) and _RFC_3339.fullmatch(given)):
        raise ValueError("expected a time as in RFC 3339 with offset, such as 2026-01-01T00:00:00Z; + is %2B in a URL")
    return given


def _day_or_instant(given: object) -> object:
    if isinstance(given, str) and _DAY.fullmatch(given):
        return date.fromisoformat(given)
    if isinstance(given, str) and _RFC_3339.fullmatch(given):
        return datetime.fromisoformat(given.upper())  # here, since the fault of a union names its members
    if isinstance(given, date):
        return given
    raise ValueError("expected a day of the city such as 2026-01-01, or a time as in RFC 3339 with offset")


def _within(instant: datetime) -> datetime:
    if not EARLIEST <= instant <= LATEST:
        raise ValueError("expected a time between 1900 and 2200")
    return instant


def _within_years(given: date) -> date:
    if not isinstance(given, datetime):
        if not EARLIEST.date() <= given <= LATEST.date():
            raise ValueError("expected a day between 1900 and 2200")
        return given
    return _within(given)


Instant = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_within)]

DayOrInstant = Annotated[AwareDatetime | date, BeforeValidator(_day_or_instant), AfterValidator(_within_years)]
"""A civil day, which begins by the clocks of each city, or an instant."""


def micros(edge: date, zone: str) -> int:
    """Return an instant, or the start of a civil day by the clocks of ``zone``, in microseconds."""
    return to_micros(edge) if isinstance(edge, datetime) else day_start(edge, zone)
