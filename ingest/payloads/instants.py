"""Instants as other formats write them, in microseconds: RFC 3339 with offset, seconds or milliseconds since 1970."""

import re
from datetime import datetime
from typing import Final

from ingest.decoder import Flaw
from ingest.model.time import SECOND, is_dated, to_micros
from ingest.payloads.document import named
from ingest.payloads.fields import finite
from ingest.reasons import Reason

MILLISECOND: Final = SECOND // 1000
_RFC_3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,6})?\d*(Z|[+-]\d\d:?\d\d)", re.ASCII | re.IGNORECASE
)

_WHOLE_SECONDS: Final = 20  # characters of 2026-11-21T23:00:00Z
_USUAL_LENGTHS: Final = frozenset((_WHOLE_SECONDS, 24, 27))  # and with milliseconds or microseconds
_SIGNS: Final = ("-", "-", "T", ":", ":")


def of_text(found: object) -> int:
    """Return the instant of a text in RFC 3339; raises ValueError for anything else, a time without offset too.

    Digits beyond microseconds are cut off.
    """
    if isinstance(found, str) and found[-1:] == "Z" and len(found) in _USUAL_LENGTHS and _is_usual(found):
        return to_micros(datetime.fromisoformat(found))  # within the years 1 to 9999 by its form
    match = _RFC_3339.fullmatch(found) if isinstance(found, str) else None
    if not match:
        raise ValueError(found)
    date, time, fraction, offset = match.groups(default="")
    return dated(to_micros(datetime.fromisoformat(f"{date}T{time}{fraction}{offset.upper()}")))


def _is_usual(text: str) -> bool:
    """Whether a text of a usual length has its signs where RFC 3339 has them; the rest the datetime checks itself."""
    signs = text[4], text[7], text[10], text[13], text[16]
    return signs == _SIGNS and text.isascii() and (len(text) == _WHOLE_SECONDS or text[19] == ".")


def of_number(found: object, unit: int = SECOND) -> int:
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
