"""How long it takes from publishing to where queries find it, told from how many messages were stored when."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Latency:
    """Seconds that half of the messages took at most, and all but one of a hundred, at a rate a second."""

    rate: float
    p50: float
    p99: float


def latency(rate: float, began: float, looks: Sequence[tuple[float, int]]) -> Latency:
    """Return the latency of messages that were published one after the other from ``began`` on, ``rate`` a second.

    ``looks``: when somebody looked, and how many were stored by then; the messages since the last look are taken to
    have come at the end of it, so what is told is no less than what was.
    """
    at = np.array([when for when, _ in looks])
    stored = np.maximum.accumulate(np.array([count for _, count in looks], np.int64))
    number = np.arange(stored[-1] if len(stored) else 0)
    if not len(number):
        return Latency(rate, np.nan, np.nan)
    seen = at[np.searchsorted(stored, number, side="right")]
    p50, p99 = np.quantile(seen - (began + number / rate), (0.5, 0.99)).tolist()
    return Latency(rate, p50, p99)
