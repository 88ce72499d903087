"""Spans of time beside civil days, months and years: rolling years, heating seasons, reporting years. Pure.

All begin and end with civil months of the city. A span that has not ended is computed as far as it goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from ingest.model.calendar import day_of, day_start

MONTHS: Final = 12
SEASON: Final = (10, 5)  # from October to the end of April: practice of degree days in the north of Europe (recalled)


class SpanKind(StrEnum):
    """Which spans."""

    ROLLING_YEAR = "rolling-year"
    """Twelve months; one begins with each month."""
    HEATING_SEASON = "heating-season"
    """From 1 October to 30 April, unless other months are asked for."""
    REPORTING_YEAR = "reporting-year"
    """Twelve months from the first month of a project's year on."""


def months_asked(first: int | None, after: int | None) -> tuple[int, int] | None:
    """Return months as somebody asked for them; None where both are left out."""
    return None if first is None and after is None else (first or SEASON[0], after or SEASON[1])


@dataclass(frozen=True)
class NamedSpan:
    """A span [start, end) in microseconds."""

    kind: SpanKind
    start: int
    end: int


def spans(kind: SpanKind, start: int, end: int, zone: str, months: tuple[int, int] | None = None) -> list[NamedSpan]:
    """Return the spans of a kind that begin in [start, end), in order of time.

    ``months``: the first month of a season and the month after its last one; of a reporting year, the first one counts.
    """
    first, after = months or (SEASON if kind is SpanKind.HEATING_SEASON else (1, 1))
    length = MONTHS if kind is not SpanKind.HEATING_SEASON else (after - first) % MONTHS or MONTHS
    return [
        NamedSpan(kind, day_start(begin, zone), day_start(_later(begin, length), zone))
        for begin in _months(day_of(start, zone), day_of(end - 1, zone))
        if (kind is SpanKind.ROLLING_YEAR or begin.month == first) and start <= day_start(begin, zone) < end
    ]


def _months(first: date, last: date) -> Iterator[date]:
    """Yield the first day of every month from that of ``first`` to that of ``last``."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _later(month, 1)


def _later(month: date, months: int) -> date:
    years, index = divmod(month.month - 1 + months, MONTHS)
    return date(month.year + years, index + 1, 1)
