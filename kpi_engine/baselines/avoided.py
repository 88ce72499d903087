"""Avoided energy of some days as an outcome: from the sums of what was predicted, adjusted and measured. Pure."""

from dataclasses import dataclass
from math import isfinite
from typing import Final

from kpi_engine.indicator import Outcome, StatusLimits

LIMITS: Final = StatusLimits(
    final=0.25,
    provisional=0.50,
    reason="a difference of a model and a measurement: 25 % is what CalTRACK 2.0, 4.3.2.3, names for payment by "
    "savings, 50 % what ASHRAE Guideline 14 allows (recalled)",
)
LEAST_COUNTED: Final = 0.90  # of the days: as many as a baseline needs; less is a part and no sum


@dataclass(frozen=True)
class AvoidedSums:
    """Sums over the days that count [kWh]; ``low`` and ``high`` bound the measured energy, infinite where nothing does.

    ``half_width``: how far the model may be off; ``below`` and ``above``: how far the bounds of its own days reach.
    """

    predicted: float
    adjusted: float
    measured: float
    low: float
    high: float
    half_width: float
    below: float
    above: float

    @property
    def difference(self) -> float:
        """The adjusted baseline less what was measured."""
        return self.predicted + self.adjusted - self.measured

    def outcome(self, share: float, reason: str | None) -> Outcome:
        """Return what was avoided where a ``share`` of the days counts; of too few of them there is no sum."""
        if share < LEAST_COUNTED:
            return Outcome(None, share, None, reason)
        value = self.difference
        lower = value - self.half_width - self.below - (self.high - self.measured)
        upper = value + self.half_width + self.above + (self.measured - self.low)
        return Outcome(value, share, None, reason, _finite(lower), _finite(upper))


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
