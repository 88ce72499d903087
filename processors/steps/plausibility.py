"""Values that cannot be: not finite, or outside of what is physically possible for the quantity. Canonical units."""

import numpy as np

from ingest.model.observation import FloatColumn, ObservationBatch
from ingest.reasons import Reason
from processors.steps.verdict import Verdict


def judge_plausibility(batch: ObservationBatch, low: FloatColumn, high: FloatColumn) -> Verdict:
    """Refuse values outside [low, high], the columns of plausible ranges by series id."""
    lowest, highest = low[batch.series_id], high[batch.series_id]
    plausible = np.isfinite(batch.value) & (batch.value >= lowest) & (batch.value <= highest)

    def detail(row: int) -> str:
        return f"{batch.value[row]:g} is outside of what is possible, {lowest[row]:g} to {highest[row]:g}"

    return Verdict(~plausible, Reason.IMPLAUSIBLE, detail)
