"""Instants as other formats write them, in microseconds: RFC 3339 with offset, seconds or milliseconds since 1970."""

import re
from datetime import datetime
from typing import Final

from ingest.decoder import Flaw
from ingest.model.time import EPOCH, SECOND, is_dated, to_micros
from ingest.payloads.document import named
from ingest.payloads.fields import finite
from ingest.payloads.known_instants import INSTANTS, by_parts, remember
from ingest.reasons import Reason

MILLISECOND: Final = SECOND // 1000
_RFC_3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,6})?\d*(Z|[+-]\d\d:?\d\d)", re.ASCII | re.IGNORECASE
)

# The signs of 2026-11-21T23:00:00Z, every third character from the fifth on: the usual forms are told by one look.
_UTC: Final = "--T::Z"
_FRACTION: Final = "--T::."
_OFFSETS: Final = ("--T::+", "--T::-")
_WHOLE_SECONDS: Final = 20  # characters of the first, and with its fraction or an offset
_FRACTIONS: Final = frozenset((24, 27))
_NANOSECONDS: Final = 30
_WITH_OFFSET: Final = 25
_MICROSECONDS: Final = frozenset((27, 32))  # whose ends hardly ever come again
_FRACTIONS_WITH_OFFSET: Final = frozenset((29, 32))


def of_text(found: object) -> int:
    """Return the instant of a text in RFC 3339; raises ValueError for anything else, a time without offset too.

    Digits beyond microseconds are cut off.
    """
    if not isinstance(found, str):
        raise ValueError(found)  # noqa: TRY004 - told as a time that is none
    instant = INSTANTS.get(found)
    if instant is None:
        instant = usual(found)
    if instant is not None:
        return instant
    if len(found) == _NANOSECONDS and found[26:29].isdecimal() and found.isascii():
        return of_text(f"{found[:26]}{found[29]}")
    match = _RFC_3339.fullmatch(found)
    if not match:
        raise ValueError(found)
    date, time, fraction, offset = match.groups(default="")
    return dated(to_micros(datetime.fromisoformat(f"{date}T{time}{fraction}{offset.upper()}")))


def usual(found: str) -> int | None:
    """Return the instant of a text in one of the usual forms of RFC 3339, None for one in another form.

    Raises ValueError for what has such a form and is no instant.
    """
    length = len(found)
    if length not in _MICROSECONDS and (known := by_parts(found)) is not None:
        return known
    signs = found[4:20:3]
    if (signs == _UTC and length == _WHOLE_SECONDS) or (
        signs == _FRACTION and length in _FRACTIONS and found[-1] == "Z"
    ):  # the datetime checks the digits; in UTC it is within the years 1 to 9999 by its form
        since = datetime.fromisoformat(found) - EPOCH
        instant = (since.days * 86_400 + since.seconds) * SECOND + since.microseconds
    elif (length == _WITH_OFFSET and signs in _OFFSETS and found[22] == ":") or (
        length in _FRACTIONS_WITH_OFFSET and signs == _FRACTION and found[-6] in "+-" and found[-3] == ":"
    ):
        instant = dated(to_micros(datetime.fromisoformat(found)))
    else:
        return None
    return instant if length in _MICROSECONDS else remember(found, instant)


def of_number(found: object, unit: float = SECOND) -> int:
    """Return the instant of a number of ``unit`` microseconds each since 1970; raises ValueError for anything else."""
    if isinstance(found, bool) or not isinstance(found, (int, float)) or finite(found * unit) is None:
        raise ValueError(found)
    return dated(round(found * unit))


def dated(micros: int) -> int:
    """Return ``micros``; raises ValueError outside of the years 1 to 9999."""
    if not is_dated(micros):
        raise ValueError(micros)
    return micros


def bad_time(key: str, found: object, expected: str, readings: int = 1) -> Flaw:
    """Return what is told of a time that is none; what it belongs to is no reading."""
    return Flaw(Reason.BAD_TIME, f"{key} is {named(found)}; expected {expected}", max(readings, 1), key)
