"""Decimal numbers that a format writes as text."""

import re
from math import isfinite
from typing import Final

_DECIMAL: Final = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?\s*", re.ASCII)


def of_text(text: str) -> float | None:
    """Return the number that a text is, None where it is none that a 64-bit float can hold."""
    if not _DECIMAL.fullmatch(text):
        return None
    found = float(text)
    return found if isfinite(found) else None
