"""Times as clocks on the wall show them, without offset: kept as shown, for the zone of the device to place."""

import re
from datetime import UTC, datetime
from typing import Final

from ingest.model.time import to_micros
from ingest.payloads import instants

EXPECTED: Final = "a date and a time of day, such as 2026-11-21T23:00:00"
_SHOWN: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)


_USUAL: Final = frozenset(("--T::", "-- ::"))  # of a text of whole seconds, every third character from the fifth on
_WHOLE_SECONDS: Final = 19  # its characters


def of_text(found: object) -> int:
    """Return what a clock showed, in microseconds as if it were UTC; raises ValueError for anything else.

    Digits beyond microseconds are cut off.
    """
    if isinstance(found, str):
        if _is_usual(found):
            return instants.of_text(f"{found[:10]}T{found[11:]}Z")
        if _SHOWN.fullmatch(found):
            return to_micros(datetime.fromisoformat(found).replace(tzinfo=UTC))
    raise ValueError(found)


def or_instant(found: object) -> tuple[int | None, int | None]:
    """Return the instant of a text in RFC 3339, else what a clock showed; the other is None.

    Raises ValueError for what is neither.
    """
    if isinstance(found, str) and _is_usual(found):
        return None, of_text(found)
    try:
        return instants.of_text(found), None
    except ValueError:
        return None, of_text(found)


def as_utc(found: object) -> int:
    """Return the instant of a text in RFC 3339, or of one without offset as UTC; raises ValueError for neither."""
    instant, shown = or_instant(found)
    return instant if instant is not None else shown or 0


def _is_usual(text: str) -> bool:
    """Whether a text has the form of most; its digits the datetime checks."""
    return len(text) == _WHOLE_SECONDS and text[4:19:3] in _USUAL
