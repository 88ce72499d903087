"""Readings in tests: judged as a whole by the steps, as the usual declarations of their quantity say."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ingest.model.freshness import GRACE, LIVE_INTERVALS
from ingest.model.quantities.plausible_change import ChangeLimits, CheckedSeries, PlausibleChange
from ingest.model.reading import ReadingKind
from processors.steps.columns import Ints, Readings
from processors.steps.persistence import Runs, stuck
from processors.steps.reading_quality import QualityFlag, QualityLimits, quality_flags

USUAL = PlausibleChange()


def flags(
    quantity: str, times: Ints, values: Sequence[float] | npt.NDArray[np.float64], declared: PlausibleChange = USUAL
) -> Ints:
    """Return the flags of readings of a gauge whose usual interval is the median one."""
    interval = int(np.median(np.diff(times)))
    change = CheckedSeries(quantity, ReadingKind.GAUGE, 1.0, interval, ()).by(declared)
    return flags_by(change, interval, times, values)


def flags_by(
    change: ChangeLimits, interval: int, times: Ints, values: Sequence[float] | npt.NDArray[np.float64]
) -> Ints:
    """Return the flags of readings judged by ``change``."""
    changes = one(change, LIVE_INTERVALS * interval + GRACE)
    readings = Readings(np.zeros(len(times), np.int64), np.asarray(times, np.int64), np.asarray(values, np.float64))
    found = quality_flags(readings, changes)
    found[stuck(readings, Runs.of(readings, changes.apart), changes.stuck_after)] |= QualityFlag.STUCK
    return found


def one(change: ChangeLimits, apart: int) -> QualityLimits:
    """Return a change as the columns of one slot."""
    return QualityLimits(
        neighbours=np.array([change.neighbours]),
        deviations=np.array([change.deviations]),
        outlier_from=np.array([change.outlier_from]),
        rate_from=np.array([change.rate_from]),
        max_rate=np.array([change.max_per_hour]),
        stuck_after=np.array([change.stuck_after]),
        apart=np.array([apart]),
        rejects=np.array([True]),
    )
