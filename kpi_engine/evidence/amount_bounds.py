"""Between what an amount lies, in figures and in the buckets of a series alike.

What lies before a register's first reading is at most what it showed then; what lies after the last one, and in
between, at most what it can count.
"""

from dataclasses import dataclass
from math import fsum, inf
from typing import Final

from ingest.model.reading import ReadingKind
from ingest.model.time import SECOND
from kpi_engine.window import Amount
from processors.steps.bounds import Bounds, bounds, rate_of

SLACK: Final = 1e-6  # seconds; a sum of interval lengths is rounded


@dataclass(frozen=True)
class Unread:
    """Seconds of an amount's time that nobody read: before the first reading, and after it."""

    before_first: float
    after_first: float

    @classmethod
    def of(cls, amount: Amount) -> "Unread":
        """Return what nobody read of the time of ``amount``."""
        rollup = amount.rollup
        if amount.kind is not ReadingKind.REGISTER:
            known = fsum((rollup.measured, rollup.interpolated or 0.0, rollup.estimated_time or 0.0))
            lacking = rollup.seconds - known
            return cls(0.0, lacking if lacking > SLACK else 0.0)
        if rollup.covered_from is None or rollup.covered_to is None:
            return cls(0.0, rollup.seconds)
        tail = (rollup.bucket_end - rollup.covered_to) / SECOND
        return cls((rollup.covered_from - rollup.bucket) / SECOND, tail + amount.hole)


def amount_bounds(amount: Amount, unread: Unread) -> Bounds:
    """Return between what the whole amount lies; infinite where nothing bounds it."""
    found, lead = bounds(amount.rollup, unread.after_first, amount.count), unread.before_first
    if not lead:
        return found
    rate = rate_of(amount.rollup, amount.count)
    most = inf if rate is None else rate * lead / 3600
    if amount.count.is_net:
        return Bounds(found.lower - most, found.upper + most, found.missing + lead)
    most = most if amount.shown is None else min(most, amount.shown)
    return Bounds(found.lower, found.upper + most, found.missing + lead)
