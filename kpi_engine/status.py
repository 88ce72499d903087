"""When a figure is final, provisional or insufficient.

Thresholds: final from 95 % coverage, provisional from 90 %, else no figure (a proposal, anchored on the 90 % of
CalTRACK 2.2). The figure of an open period is never final, and neither is one of which more than 5 % is estimated in
its place in time: what was counted may be exact, but not what of it belongs to this period, or to which hour of it.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final

from kpi_engine.indicator import Outcome

FINAL_FROM: Final = 0.95
PROVISIONAL_FROM: Final = 0.90
ESTIMATED_TO: Final = 1 - FINAL_FROM
ROUNDING: Final = 1e-9  # of shares


class Status(StrEnum):
    """How far a figure can be relied on."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True)
class Verdict:
    """The figure as it is published: None unless it is final or provisional, with the reason."""

    value: float | None
    status: Status
    reason: str | None


def judge(outcome: Outcome, *, is_open: bool) -> Verdict:
    """Decide what of ``outcome`` may be published."""
    if outcome.value is None:
        return Verdict(None, Status.INSUFFICIENT, outcome.reason)
    if not isfinite(outcome.value):
        return Verdict(
            None,
            Status.INSUFFICIENT,
            "the result is no number: its inputs are too large, or divided by next to nothing",
        )
    if outcome.coverage < PROVISIONAL_FROM:
        reason = f"coverage {outcome.coverage:.3f} is below {PROVISIONAL_FROM:.2f}"
        return Verdict(None, Status.INSUFFICIENT, f"{reason}; {outcome.reason}" if outcome.reason else reason)
    estimate = _estimate(outcome)
    status = Status.PROVISIONAL if is_open or estimate or outcome.coverage < FINAL_FROM else Status.FINAL
    return Verdict(outcome.value, status, "; ".join(filter(None, [estimate, outcome.reason])) or None)


def _estimate(outcome: Outcome) -> str | None:
    """Say that too much of an amount is estimated for a final figure; None where it is not."""
    share = abs(outcome.estimated_share or 0.0)
    if share <= ESTIMATED_TO + ROUNDING:
        return None
    return f"{share:.1%} of the amount is estimated in its place in time; a final figure has at most {ESTIMATED_TO:.0%}"
