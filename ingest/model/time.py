"""Instants as integers: microseconds since 1970-01-01T00:00Z, the unit of time on every hot path.

Every integer can be put into words; a date has only what lies within the years 1 to 9999 in UTC. Leap seconds are
counted as POSIX does: 23:59:60 is the same number as 00:00:00 of the day after.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 3600 * SECOND
DAY: Final = 24 * HOUR


def to_micros(instant: datetime) -> int:
    """Return ``instant`` as microseconds; a datetime without zone is a ValueError, never guessed."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no UTC offset")
    since = instant - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


EARLIEST: Final = to_micros(datetime.min.replace(tzinfo=UTC))
LATEST: Final = to_micros(datetime.max.replace(tzinfo=UTC))


def is_dated(micros: int) -> bool:
    """Whether ``micros`` is within the years 1 to 9999 in UTC."""
    return EARLIEST <= micros <= LATEST


def from_micros(micros: int) -> datetime:
    """Return the aware UTC datetime of ``micros``; outside of EARLIEST to LATEST an OverflowError."""
    return EPOCH + timedelta(microseconds=int(micros))


def isoformat(micros: int) -> str:
    """Return RFC 3339 with Z, without a fraction when there is none; in words what has no date. Never raises."""
    if micros < EARLIEST:
        return "before the year 1"
    if micros > LATEST:
        return "after the year 9999"
    return from_micros(micros).isoformat().replace("+00:00", "Z")
