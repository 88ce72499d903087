"""Times that cannot be are refused; everything else is kept, however late."""

import numpy as np
import pytest

from ingest.model.observation import ObservationBatch
from ingest.model.time import DAY, MINUTE
from processors.steps.clock import AHEAD, EARLIEST, check_clock

NOW = 1_795_262_400_000_000


def _batch(*times: int) -> ObservationBatch:
    ones = np.ones(len(times), np.int64)
    return ObservationBatch(
        ones, np.array(times, np.int64), np.ones(len(times), np.float64), ones * NOW, ones * 0, ones * 0
    )


@pytest.mark.parametrize(
    ("time", "reasons"),
    [
        (NOW, []),
        (NOW - 20 * 365 * DAY, []),
        (NOW + AHEAD, []),
        (NOW + AHEAD + 1, ["clock_too_late"]),
        (NOW + 365 * DAY, ["clock_too_late"]),
        (EARLIEST, []),
        (EARLIEST - 1, ["clock_too_early"]),
        (0, ["clock_too_early"]),
        (-(10**18), ["clock_too_early"]),
    ],
)
def test_a_time_is_judged_against_its_arrival(time: int, reasons: list[str]) -> None:
    assert [verdict.reason for verdict in check_clock(_batch(time)) if verdict.refused[0]] == reasons


def test_the_sentence_says_by_how_much() -> None:
    late = check_clock(_batch(NOW, NOW + 90 * MINUTE))[1]
    assert late.refused.tolist() == [False, True]
    assert "the time 2026-11-21T13:30:00Z is 5400 s ahead of its arrival, 600 s are tolerated" in late.detail(1)
