"""Instants whose texts were met before, looked up instead of read: whole, or the minute and what follows it apart.

Meters send by the quarter of an hour and devices now: most texts were met, or differ from one that was by their seconds
only. Tables that are full are forgotten. Only instants of 1970 to 2199 are kept, so no sum leaves
the years that there are.
"""

from datetime import datetime
from typing import Final

from ingest.model.time import SECOND, to_micros

_MINUTE: Final = 17  # characters of a text up to its seconds, 2026-11-21T23:00:
_LATEST: Final = 7_258_118_400 * SECOND  # the end of 2199
_MOST: Final = 4_096
_MOST_ENDS: Final = 65_536  # of them there are 60,060 in UTC, to the millisecond

INSTANTS: Final[dict[object, int]] = {}  # by text, in microseconds since 1970
_MINUTES: Final[dict[str, int]] = {}
_ENDS: Final[dict[str, int]] = {}


def by_parts(text: str) -> int | None:
    """Return the instant of a text whose minute and whose end are known, None where one of them is not."""
    minute, end = _MINUTES.get(text[:_MINUTE]), _ENDS.get(text[_MINUTE:])
    if minute is None or end is None:
        return None
    if len(INSTANTS) >= _MOST:
        INSTANTS.clear()
    INSTANTS[text] = found = minute + end
    return found


def remember(text: str, instant: int) -> int:
    """Return the instant that a text in a usual form of RFC 3339 was read as; it is known from now on."""
    if 0 <= instant < _LATEST:
        if len(_MINUTES) >= _MOST:
            _MINUTES.clear()
        if len(_ENDS) >= _MOST_ENDS:
            _ENDS.clear()
        minute = to_micros(datetime.fromisoformat(f"{text[:_MINUTE]}00Z"))
        _MINUTES[text[:_MINUTE]], _ENDS[text[_MINUTE:]] = minute, instant - minute
    return instant
