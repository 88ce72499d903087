"""Shares of time: of seconds of which it is known what was, and of those of which it is not."""

from math import fsum

from kpi_engine.formulas.bounded import Bounded


def time_share(within: float, known: float, seconds: float) -> Bounded:
    """Return which share of ``seconds`` lies within, of which ``known`` ones are known; None where none is.

    The value is the share of what is known. The rest may lie within or not, and so widens the bounds.
    """
    if seconds <= 0.0:
        return Bounded(None, 0.0, 1.0)
    known, unknown = min(known, seconds), max(seconds - known, 0.0)
    value = within / known if known > 0.0 else None
    return Bounded(value, within / seconds, (within + unknown) / seconds).with_value(value)


def covered(known: list[float], seconds: list[float]) -> float:
    """Return the share of time that is known, sum over sum; 0 of none."""
    whole = fsum(seconds)
    return fsum(known) / whole if whole else 0.0
