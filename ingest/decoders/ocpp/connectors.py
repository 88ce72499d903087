"""Which connector a message is of, and when: what all messages of OCPP say alike."""

from collections.abc import Mapping
from typing import Any, Final

from ingest.decoder import PART, Flaw, Sample, quoted
from ingest.payloads import decimals, local
from ingest.payloads.document import named
from ingest.payloads.fields import finite
from ingest.reasons import Reason

_NUMBERS: Final = 10**6  # beyond it nothing numbers connectors
TRANSACTION: Final = "transaction"  # whether one is running
_EXPECTED: Final = "expected RFC 3339, such as 2026-11-21T23:00:00Z"


def connector(station: str, number: object) -> str:
    """Return the name of a connector of a station; the only one it has where the message gives no number.

    Some back ends write the number as text.
    """
    if isinstance(number, str) and len(number) < 7 and number.isascii() and number.isdigit():
        number = int(number)
    is_number = type(number) is int and abs(number) < _NUMBERS
    return f"{station}{PART}{number if is_number else ''}"


def stamp(given: object) -> tuple[int | None, int | None]:
    """Return the instant in microseconds at which something was true, or what a clock without offset showed.

    Both are None where nothing is given. Raises ValueError in words for what is no time.
    """
    if given is None:
        return None, None
    try:
        return local.or_instant(given)
    except ValueError:
        raise ValueError(f"timestamp is {named(given)}; {_EXPECTED}") from None


def sample(
    device: str,
    given: object,
    values: Mapping[str, float | None],
    units: Mapping[str, str] | None = None,
    texts: Mapping[str, str] | None = None,
) -> Sample:
    """Return what was true at a time as it came; where that is none, what is told of it."""
    try:
        instant, shown = stamp(given)
    except ValueError as error:
        return Sample(None, {}, flaws=(Flaw(Reason.BAD_TIME, str(error), field="timestamp"),), device=device)
    return Sample(instant, values, units or {}, texts=texts or {}, device=device, local=shown)


def number_of(given: object) -> float | None:
    """Return a number, which 1.6 writes as text; None of what is none that a 64-bit float can hold."""
    if isinstance(given, str):
        return decimals.of_text(given)
    return finite(given) if isinstance(given, (int, float)) and not isinstance(given, bool) else None


def not_a_number(field: str, given: object) -> Flaw:
    """Return what is told of a value that is none."""
    return Flaw(Reason.NOT_A_NUMBER, f"{quoted(field)} is {named(given)}; expected a number", field=field)


def undecodable(device: str, key: str, expected: str, found: object) -> Sample:
    """Return what is told of a part of a message that is not what its schema says."""
    detail = f"expected {expected} at {key}, found {named(found)}"
    return Sample(None, {}, flaws=(Flaw(Reason.UNDECODABLE, detail, field=key),), device=device)


def whole(given: object) -> dict[str, Any]:
    """Return an object that a message may hold; an empty one where it is none."""
    return given if isinstance(given, dict) else {}
