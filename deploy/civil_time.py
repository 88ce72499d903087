"""Times on the command line: a civil day of a city, or an RFC 3339 instant."""

from datetime import date, datetime

import typer

from deploy.errors import EmptyRangeError
from ingest.model.calendar import day_start
from ingest.model.time import from_micros, to_micros


def edge(text: str, option: str | None = None) -> date | datetime:
    """Read a civil day or an RFC 3339 instant; raises BadParameter, naming the option."""
    try:
        if len(text) == len("2026-01-01"):
            return date.fromisoformat(text)
        return from_micros(to_micros(datetime.fromisoformat(text)))
    except (ValueError, OverflowError) as error:
        expected = "expected a day such as 2026-01-01 or an instant with offset such as 2026-01-01T00:00:00Z"
        raise typer.BadParameter(f"{text!r}: {expected}", param_hint=option) from error


def instant(text: str, zone: str, option: str | None = None) -> datetime:
    """Read a civil day of ``zone``, which stands for its start, or an instant; raises BadParameter."""
    found = edge(text, option)
    if isinstance(found, datetime):
        return found
    try:
        return from_micros(day_start(found, zone))
    except OverflowError as error:
        raise typer.BadParameter(f"{text!r}: expected a day that begins after the year 1", param_hint=option) from error


def span(start: str, end: str, zone: str) -> tuple[datetime, datetime]:
    """Read --from and --to; raises EmptyRangeError where nothing lies between them."""
    first, last = instant(start, zone, "--from"), instant(end, zone, "--to")
    if first >= last:
        raise EmptyRangeError(start, end)
    return first, last
