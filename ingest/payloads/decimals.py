"""Decimal numbers that a format writes as text."""

from math import isfinite


def of_text(text: str) -> float | None:
    """Return the number that a text is, None where it is none that a 64-bit float can hold."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if isfinite(found) and text.isascii() and "_" not in text else None  # both of which Python allows
