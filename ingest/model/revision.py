"""When a value was issued: of several values of one reading the one that was issued last is the best known.

A number. A time counts as its milliseconds since 1970, so it may be given either way; a sender that numbers its
deliveries instead does so for all values of a series, or the two cannot be compared.
"""

from datetime import datetime
from math import inf, isfinite
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from ingest.model.declarations.declaration import Instant
from ingest.model.time import to_micros

UNREVISED: Final = -inf  # nobody said when the value was issued: every value of which somebody did is a later one
MICROS_A_MILLISECOND: Final = 1000


def of_time(time: datetime) -> float:
    """Return the revision that an instant stands for."""
    return of_micros(to_micros(time))


def of_micros(time: int) -> float:
    """Return the revision that an instant in microseconds stands for."""
    return time / MICROS_A_MILLISECOND


def _finite(number: float) -> float:
    if not isfinite(number):
        raise ValueError("expected a finite number")
    return number


# A number first: as a time, the text of one would be seconds.
Revision = Annotated[Annotated[float, AfterValidator(_finite)] | Instant, Field(union_mode="left_to_right")]


def number(revision: datetime | float) -> float:
    """Return a declared revision as the number it stands for."""
    return of_time(revision) if isinstance(revision, datetime) else revision
