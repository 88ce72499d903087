"""Names of members and columns that say when and of whom, in what no known format describes."""

import re
from datetime import datetime
from typing import Final

from ingest.model.mapped_columns import Epoch

TIME: Final = re.compile(r"(^|[._])(time(stamp)?|ts|at|date(time)?|when|measured(_at)?|utc)$")
DEVICE: Final = re.compile(
    r"(^|[._])(device(_?id|_?name)?|meter(_?id|_?no)?|sensor(_?id)?|serial(_?no)?|dev_?eui|uid|id)$"
)
MOST: Final = 20  # values of one mapping
_SECONDS: Final = range(10**9, 4 * 10**9)  # since 1970, of the years 2001 to 2096


def clock(value: object) -> dict[str, str] | None:
    """Return how a value says a time, in the words of a mapping; None where it does not, or by a clock without zone."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if int(value) in _SECONDS:
            return {"epoch": Epoch.SECONDS.value}
        return {"epoch": Epoch.MILLISECONDS.value} if int(value / 1000) in _SECONDS else None
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    if found.tzinfo is not None:
        return {}
    separator = "T" if "T" in value else " "
    fraction = ".%f" if "." in value else ""
    return {"format": f"%Y-%m-%d{separator}%H:%M:%S{fraction}"} if len(value) >= 19 else None
