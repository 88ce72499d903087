"""Times as clocks on the wall show them, without offset: kept as shown, for the zone of the device to place."""

import re
from datetime import UTC, datetime
from typing import Final

from ingest.model.time import to_micros

EXPECTED: Final = "a date and a time of day, such as 2026-11-21T23:00:00"
_SHOWN: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)


def of_text(found: object) -> int:
    """Return what a clock showed, in microseconds as if it were UTC; raises ValueError for anything else.

    Digits beyond microseconds are cut off.
    """
    if not isinstance(found, str) or not _SHOWN.fullmatch(found):
        raise ValueError(found)
    return to_micros(datetime.fromisoformat(found).replace(tzinfo=UTC))
