"""Jitter of registers: one that falls back by less than its tolerance has not restarted, and nothing is counted twice.

A register is taken to stand at the highest value it has shown since it last started: its level, which differs from
what it shows by the tolerance at most. So a stretch of any length counts what the register rose, up to the tolerance,
however often it went to and fro.
"""

from itertools import pairwise

import numpy as np

from processors.steps.columns import Floats
from processors.steps.points import Points


def levels(points: Points, jitter: Floats, rounding: float) -> Floats:
    """Return the level at each point; ``jitter`` by point, to which ``rounding`` of a value is added.

    Points without jitter stand at their value.
    """
    if not jitter.any():
        return points.value
    tolerance = jitter + rounding * np.abs(points.value)
    result = points.value.copy()
    starts = points.opens | np.concatenate([[True], points.slot[1:] != points.slot[:-1]])
    for first, last in pairwise([*np.flatnonzero(starts).tolist(), len(result)]):
        if jitter[first:last].any():
            result[first:last] = _levels(points.value[first:last], tolerance[first:last])
    return result


def _levels(value: Floats, tolerance: Floats) -> Floats:
    """Return the running maximum, which begins anew where the value falls more than the tolerance below it."""
    level = np.fmax.accumulate(value)
    begin = 0
    while (fallen := np.flatnonzero(value[begin:] < level[begin:] - tolerance[begin:])).size:
        begin += int(fallen[0])
        level[begin:] = np.fmax.accumulate(value[begin:])
    return level
