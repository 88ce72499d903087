"""When a figure is final, provisional or insufficient.

Thresholds: final from 95 % coverage, provisional from 90 %, else no figure (a proposal, anchored on the 90 % of
CalTRACK 2.2). The figure of an open period is never final.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final

from kpi_engine.indicator import Outcome

FINAL_FROM: Final = 0.95
PROVISIONAL_FROM: Final = 0.90


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
    if is_open or outcome.coverage < FINAL_FROM:
        return Verdict(outcome.value, Status.PROVISIONAL, outcome.reason)
    return Verdict(outcome.value, Status.FINAL, outcome.reason)
