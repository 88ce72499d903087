"""What is asked of a service: what it knows of one device, between two instants."""

from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ingest.model.time import from_micros


class Question(NamedTuple):
    """Of a device, as it is called there, one of the service's ``dataset``; [begin, end) in microseconds."""

    called: str
    dataset: str
    begin: int
    end: int

    def utc(self) -> tuple[datetime, datetime]:
        """Return begin and end in UTC."""
        return from_micros(self.begin), from_micros(self.end)

    def days(self, zone: str = "UTC") -> tuple[date, date]:
        """Return the first and the last civil day that it touches."""
        clock = ZoneInfo(zone)
        first, last = from_micros(self.begin), from_micros(self.end - 1)
        return first.astimezone(clock).date(), last.astimezone(clock).date()


def minute(instant: datetime) -> str:
    """Return an instant in UTC as services write it that know no seconds: 2026-11-30T06:00."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M}"


def second(instant: datetime) -> str:
    """Return an instant in UTC in RFC 3339."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
