"""Times of a sample: RFC 3339 with offset, or integer milliseconds since 1970; what else one may be is told in words.

A leap second, 23:59:60 in UTC, is counted as POSIX does: as 00:00:00 of the day after.
"""

import re
from datetime import datetime
from typing import Annotated, Final

import msgspec

from ingest.model.time import DAY, EARLIEST, LATEST, SECOND, is_dated, to_micros

EARLIEST_MILLIS: Final = EARLIEST // 1000
LATEST_MILLIS: Final = LATEST // 1000
FIRST_SECONDS: Final = 10**9  # 2001 as seconds; as milliseconds such numbers are days of January to April 1970,
FIRST_MILLIS: Final = 10**10  # which nobody measured anything in

EXPECTED: Final = "expected RFC 3339 with offset, such as 2026-11-21T23:00:00Z, or integer epoch milliseconds"
_LEAP_SECOND: Final = re.compile(r"(.{16}):60(.*)", re.DOTALL)
_OTHER_UNITS: Final = (
    (FIRST_SECONDS, FIRST_MILLIS, "seconds"),
    (10**15, 10**16, "microseconds"),
    (10**18, 10**19, "nanoseconds"),
)

Instant = Annotated[datetime, msgspec.Meta(tz=True)]


def micros(time: datetime | int | None) -> int | None:
    """Return a typed time in microseconds; raises ValueError where an offset carries it out of the years 1 to 9999."""
    if time is None:
        return None
    if isinstance(time, int):
        return time * 1000
    found = to_micros(time)
    if EARLIEST <= found <= LATEST:  # is_dated without the call: this is the hot path
        return found
    raise ValueError(time)


def read(given: object) -> int | None:
    """Return whatever stands at a time's key in microseconds; raises ValueError for what is no instant."""
    if given is None:
        return None
    if isinstance(given, str):
        return _of_text(given)
    if type(given) is int and EARLIEST_MILLIS <= given <= LATEST_MILLIS and not _other_unit(given):
        return given * 1000
    raise ValueError(given)


def fault(key: str, given: object, found: str) -> str:
    """Say what is wrong with a time that cannot be read; ``found``: it in words."""
    if unit := _other_unit(given):
        return f"{key} is {found}, which looks like {unit}; milliseconds expected"
    if isinstance(given, str) and _is_instant(given):
        return f"{key} is {found}, which in UTC is outside of the years 1 to 9999"
    return f"{key} is {found}; {EXPECTED}"


def _other_unit(given: object) -> str | None:
    if type(given) is not int and type(given) is not float:
        return None
    return next((unit for first, end, unit in _OTHER_UNITS if first <= given < end), None)


def _is_instant(text: str) -> bool:
    try:
        msgspec.convert(text, Instant)
    except ValueError:  # msgspec's errors are ValueErrors; half of a surrogate pair is one too
        return False
    return True


def _of_text(text: str) -> int:
    leap = _LEAP_SECOND.fullmatch(text)
    found = to_micros(msgspec.convert(f"{leap[1]}:59{leap[2]}" if leap else text, Instant))
    if leap:
        if found % DAY < DAY - SECOND:
            raise ValueError(text)
        found += SECOND
    return _within(found)


def _within(found: int) -> int:
    if not is_dated(found):
        raise ValueError(found)
    return found
