"""The revision of a sample: when its values were issued, as RFC 3339 with offset or as a number."""

from datetime import datetime
from math import isfinite
from typing import Final

from ingest.decoders.pharos import times
from ingest.model.revision import of_micros
from ingest.model.time import is_dated, to_micros

EXPECTED: Final = (
    "expected RFC 3339 with offset, such as 2026-11-21T23:00:00Z, or a number that a 64-bit float can hold"
)


def typed(given: datetime | float) -> float:
    """Return a typed revision as a number; raises ValueError where an offset carries it out of the years 1 to 9999."""
    if isinstance(given, float):
        return given
    found = to_micros(given)
    if not is_dated(found):
        raise ValueError(given)
    return of_micros(found)


def read(given: object) -> float | None:
    """Return whatever stands at ``revision`` as a number, None where nothing does; raises ValueError for the rest."""
    if given is None or isinstance(given, str):
        found = times.read(given)
        return None if found is None else of_micros(found)
    if (type(given) is int or type(given) is float) and isfinite(given):
        return float(given)
    raise ValueError(given)
