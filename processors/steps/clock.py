"""Times that cannot be: before anything was measured here, or ahead of their own arrival. Microseconds."""

from datetime import UTC, datetime
from typing import Final

from ingest.model.observation import ObservationBatch
from ingest.model.time import MINUTE, SECOND, isoformat, to_micros
from ingest.reasons import Reason
from processors.steps.rule_result import RuleResult

# After the instants at which clocks start that were never set: 1970 (Unix), 1980 (GPS), 2000 (many real-time clocks).
EARLIEST: Final = to_micros(datetime(2005, 1, 1, tzinfo=UTC))
AHEAD: Final = 10 * MINUTE


def check_clock(batch: ObservationBatch, earliest: int = EARLIEST, ahead: int = AHEAD) -> list[RuleResult]:
    """Refuse times before ``earliest``, and times more than ``ahead`` after the reading arrived."""

    def early(row: int) -> str:
        return f"the time {isoformat(batch.time[row])} is before {isoformat(earliest)}: is the device's clock set?"

    def late(row: int) -> str:
        seconds = (batch.time[row] - batch.received_at[row]) // SECOND
        return (
            f"the time {isoformat(batch.time[row])} is {seconds} s ahead of its arrival, "
            f"{ahead // SECOND} s are tolerated: is the device's clock right?"
        )

    return [
        RuleResult(batch.time < earliest, Reason.CLOCK_TOO_EARLY, early),
        RuleResult(batch.time > batch.received_at + ahead, Reason.CLOCK_TOO_LATE, late),
    ]
