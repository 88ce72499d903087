"""When a figure is final, provisional or insufficient: by how far it can be wrong.

The half-width of a figure is the larger distance from its value to one of its bounds. It is held against the value, or
against what the indicator declares where that says more: 5 % at most for a final figure, 20 % for a provisional one,
unless the indicator has limits of its own. Beyond that there is no figure, but its bounds are published and say why.
The figure of an open period is never final.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import inf, isfinite
from typing import Final

from ingest.model.sentences import Sentence
from kpi_engine.indicator import LIMITS, Outcome, StatusLimits

ROUNDING: Final = 1e-9  # of a share
TOO_WIDE: Final = Sentence("it can be wrong by {width}; a final figure by {limit} at most")
BETWEEN: Final = Sentence("between {lower} and {upper}")
AT_LEAST: Final = Sentence("{lower} at least, and nothing bounds what it may be at most")
UNBOUNDED: Final = Sentence("nothing bounds it")


class FigureStatus(StrEnum):
    """How far a figure can be relied on."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True)
class Publication:
    """The figure as it is published: None unless it is final or provisional, with the reason."""

    value: float | None
    status: FigureStatus
    reason: str | None


def publication(outcome: Outcome, *, is_open: bool, limits: StatusLimits = LIMITS) -> Publication:
    """Decide what of ``outcome`` may be published."""
    if outcome.value is None:
        return Publication(None, FigureStatus.INSUFFICIENT, _sentence(_between(outcome), outcome.reason))
    if not isfinite(outcome.value):
        return Publication(
            None,
            FigureStatus.INSUFFICIENT,
            Sentence("the result is no number: its inputs are too large, or divided by next to nothing").of(),
        )
    width = relative_half_width(outcome, limits)
    if width > limits.provisional + ROUNDING:
        return Publication(None, FigureStatus.INSUFFICIENT, _sentence(_between(outcome), outcome.reason))
    wide = width > limits.final + ROUNDING
    why = TOO_WIDE.of(width=f"{width:.1%}", limit=f"{limits.final:.0%}") if wide else None
    status = FigureStatus.PROVISIONAL if is_open or wide else FigureStatus.FINAL
    return Publication(outcome.value, status, _sentence(why, outcome.reason))


def relative_half_width(outcome: Outcome, limits: StatusLimits = LIMITS) -> float:
    """Return by what share of its size a figure can be wrong; infinite where nothing bounds it."""
    if outcome.value is None or outcome.lower is None or outcome.upper is None:
        return inf
    half_width = max(outcome.value - outcome.lower, outcome.upper - outcome.value, 0.0)
    size = max(abs(outcome.value), outcome.scale or 0.0, limits.floor)
    if half_width <= ROUNDING * size or half_width == 0.0:
        return 0.0
    return half_width / size if size else inf


def _between(outcome: Outcome) -> str | None:
    """Say what a figure that cannot be told lies between; None where nothing bounds it, and a reason is told."""
    if outcome.lower is not None and outcome.upper is not None:
        return BETWEEN.of(lower=number(outcome.lower), upper=number(outcome.upper))
    if outcome.lower is not None:
        return AT_LEAST.of(lower=number(outcome.lower))
    return None if outcome.reason else UNBOUNDED.of()


def number(value: float) -> str:
    """Write a number with six digits, as a person reads it: thousands apart, and no power of ten unless it is tiny."""
    short = f"{value:.6g}"
    if value and not 1e-4 <= abs(value) < 1e15:
        return short
    return f"{Decimal(short):,f}"


def _sentence(*parts: str | None) -> str | None:
    return "; ".join(filter(None, parts)) or None
