"""How a fault says what was expected and what was found: choices, the nearest spelling, values fit for a sentence."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Final

from ingest.wording import first_of

LISTED: Final = 30  # choices that a sentence names; a city may have thousands of sites
LONGEST: Final = 60  # characters of a value that is quoted
WIDEST: Final = 64  # bits of a number that is quoted


def one_of(choices: Collection[str], value: object) -> str:
    """Return that one of ``choices`` was expected and not ``value``, and which of them was probably meant."""
    listed = first_of(choices, LISTED) or "none, since there are none"
    return f"expected one of {listed}, not {found(value)}{nearest(choices, value)}"


def nearest(choices: Collection[str], value: object) -> str:
    """Return a question for the choice that is spelt nearly like ``value``, with what parts it from a sentence."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return ""
    close = get_close_matches(value.lower().replace(" ", "_"), choices, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def found(value: object) -> str:
    """Return ``value`` in a sentence: printable whatever it holds, and short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "keys with values"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and value.bit_length() > WIDEST:
        return "a number of so many digits"
    text = repr(value) if isinstance(value, str | int | float) else repr(str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
