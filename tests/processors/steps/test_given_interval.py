"""An interval that cannot be is refused, told in a sentence, and costs no other reading."""

from dataclasses import replace

import numpy as np
import pytest

from ingest.model.given_interval import LONGEST, UNGIVEN
from ingest.model.observation import ObservationBatch
from ingest.model.time import HOUR
from processors.steps.given_interval import check_intervals

NOON = 1_795_262_400_000_000
OF_INTERVALS = np.array([False, True])
INTERVAL, GAUGE = 1, 0


def batch(series: int, begin: int) -> ObservationBatch:
    one = np.ones(1, np.int64)
    return ObservationBatch(one * series, one * NOON, np.ones(1), one * NOON, one * 0, one * 0, begin=one * begin)


@pytest.mark.parametrize(
    ("series", "begin", "detail"),
    [
        (INTERVAL, NOON - HOUR, None),
        (INTERVAL, NOON - LONGEST, None),
        (INTERVAL, UNGIVEN, None),
        (GAUGE, UNGIVEN, None),
        (GAUGE, NOON - HOUR, "a begin is given, but the value is no amount for an interval"),
        (INTERVAL, NOON, "the interval begins at 2026-11-21T12:00:00Z and ends at 2026-11-21T12:00:00Z"),
        (INTERVAL, NOON + HOUR, "the interval begins at 2026-11-21T13:00:00Z and ends at 2026-11-21T12:00:00Z"),
        (INTERVAL, NOON - LONGEST - HOUR, "is 401 days long, and may be 400 at most"),
        (INTERVAL, NOON - 2000 * LONGEST, "from before the year 1 to 2026-11-21T12:00:00Z is 800000 days long"),
    ],
)
def test_a_begin_makes_an_interval_of_an_amount_or_is_refused(series: int, begin: int, detail: str | None) -> None:
    told = [one.detail(0) for one in check_intervals(batch(series, begin), OF_INTERVALS) if one.refused[0]]
    assert len(told) == (detail is not None)
    assert (detail or "") in "".join(told)


def test_a_batch_without_begins_is_not_looked_at() -> None:
    assert check_intervals(replace(batch(GAUGE, 0), begin=None), OF_INTERVALS) == []
