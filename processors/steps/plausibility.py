"""Values that cannot be: not finite, outside of what is physically possible for the quantity, or no state of it."""

import numpy as np
import numpy.typing as npt

from ingest.model.observation import FloatColumn, ObservationBatch
from ingest.reasons import Reason
from processors.steps.rule_result import RuleResult


def check_plausibility(batch: ObservationBatch, low: FloatColumn, high: FloatColumn) -> RuleResult:
    """Refuse values outside [low, high], the columns of plausible ranges by series id, in canonical units."""
    lowest, highest = low[batch.series_id], high[batch.series_id]
    plausible = np.isfinite(batch.value) & (batch.value >= lowest) & (batch.value <= highest)

    def detail(row: int) -> str:
        return f"{batch.value[row]:g} is outside of what is possible, {lowest[row]:g} to {highest[row]:g}"

    return RuleResult(~plausible, Reason.IMPLAUSIBLE, detail)


def check_states(batch: ObservationBatch, is_of_states: npt.NDArray[np.bool_]) -> RuleResult:
    """Refuse values of series of states, a column by series id, that are no place in a list."""
    broken = is_of_states[batch.series_id] & (batch.value != np.floor(batch.value))

    def detail(row: int) -> str:
        return f"{batch.value[row]:g} stands for no state; expected the name of a state, or its place in the list"

    return RuleResult(broken, Reason.UNKNOWN_STATE, detail)
