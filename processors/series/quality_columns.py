"""What the series of a catalogue are judged by, as columns indexed by series id."""

import numpy as np

from ingest.model.catalogue import Catalogue
from ingest.model.freshness import GRACE, LIVE_INTERVALS
from ingest.model.quantities.plausible_change import UNCHECKED
from ingest.model.reading import ReadingKind
from processors.steps.reading_quality import QualityLimits


def changes(catalogue: Catalogue) -> QualityLimits:
    """Return what the series of a catalogue are judged by, as columns by series id."""
    found = [catalogue.series.get(key) for key in range(max(catalogue.series, default=0) + 1)]
    declared = [UNCHECKED if one is None else one.change for one in found]
    return QualityLimits(
        neighbours=np.array([one.neighbours if one.is_checked else 0 for one in declared], np.int64),
        deviations=np.array([one.deviations for one in declared], np.float64),
        outlier_from=np.array([one.outlier_from for one in declared], np.float64),
        rate_from=np.array([one.rate_from for one in declared], np.float64),
        max_rate=np.array([one.max_per_hour for one in declared], np.float64),
        stuck_after=np.array([one.stuck_after for one in declared], np.int64),
        apart=np.array([0 if one is None else _apart(one.expected_interval, one.max_gap) for one in found], np.int64),
        rejects=np.array([one is not None and one.kind is ReadingKind.GAUGE for one in found], np.bool_),
    )


def _apart(interval: int, max_gap: int) -> int:
    """Return how far apart neighbours may be: one reading may be missing, as of a device that is live."""
    return min(LIVE_INTERVALS * interval + GRACE, max_gap)
