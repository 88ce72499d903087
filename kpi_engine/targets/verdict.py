"""Whether a figure is where it is to be, by its bounds and by those of what it is to be. Pure."""

from enum import StrEnum
from typing import Final

from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import Better

ROUNDING: Final = 1e-9  # of what a figure is to be


class TargetStatus(StrEnum):
    """What can be said of a figure beside its target."""

    ON_TRACK = "on_track"  # whatever is true within the bounds, it is on the good side
    AT_RISK = "at_risk"  # it may be on either side, or misses by no more than the tolerance
    OFF_TRACK = "off_track"  # whatever is true within the bounds, it misses by more than the tolerance
    UNKNOWN = "unknown"  # nothing that is known decides it

    @property
    def words(self) -> str:
        """The status as a person reads it."""
        return self.value.replace("_", " ")


def verdict(figure: Bounded, goal: Bounded, better: Better, tolerance: float = 0.0) -> TargetStatus:
    """Hold a figure against a goal; ``tolerance`` is a share of the goal.

    Without a value, a figure is known where its bounds lie on one side as a whole.
    """
    if goal.value is None:
        return TargetStatus.UNKNOWN
    if better is Better.HIGHER:
        figure, goal = figure.scaled(-1.0), goal.scaled(-1.0)
    rounding = ROUNDING * abs(goal.value or 0.0)
    if figure.upper <= goal.lower + rounding:
        return TargetStatus.ON_TRACK
    if figure.lower > goal.upper + max(tolerance * abs(goal.value or 0.0), rounding):
        return TargetStatus.OFF_TRACK
    return TargetStatus.UNKNOWN if figure.value is None else TargetStatus.AT_RISK
