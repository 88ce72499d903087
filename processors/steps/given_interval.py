"""Intervals that cannot be: of a value that is no amount for one, without length, or too long. Microseconds."""

import numpy as np
import numpy.typing as npt

from ingest.model.given_interval import LONGEST, UNGIVEN
from ingest.model.observation import ObservationBatch
from ingest.model.time import DAY, isoformat
from ingest.reasons import Reason
from processors.steps.rule_result import RuleResult


def check_intervals(batch: ObservationBatch, is_of_intervals: npt.NDArray[np.bool_]) -> list[RuleResult]:
    """Refuse readings with an interval that cannot be theirs; ``is_of_intervals`` is a column by series id."""
    if batch.begin is None:
        return []
    begin, end = batch.begin, batch.time
    is_given = begin != UNGIVEN
    has_length = begin < end
    length = np.where(is_given & has_length, end - begin, 0)

    def stray(_: int) -> str:
        return "a begin is given, but the value is no amount for an interval; expected it with its time alone"

    def empty(row: int) -> str:
        return f"the interval begins at {isoformat(begin[row])} and ends at {isoformat(end[row])}; expected a later end"

    def endless(row: int) -> str:
        edges = f"from {isoformat(begin[row])} to {isoformat(end[row])}"
        return f"the interval {edges} is {-(-length[row] // DAY)} days long, and may be {LONGEST // DAY} at most"

    return [
        RuleResult(is_given & ~is_of_intervals[batch.series_id], Reason.BAD_INTERVAL, stray, "begin"),
        RuleResult(is_given & ~has_length, Reason.BAD_INTERVAL, empty, "begin"),
        RuleResult(length > LONGEST, Reason.BAD_INTERVAL, endless, "begin"),
    ]
