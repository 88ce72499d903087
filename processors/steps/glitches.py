"""Glitches of registers: a fall to zero, for a few readings, that returns in one step to at least where it was.

It did not happen and is no restart: a register that really restarted counts up from zero in small steps. What decides
is the run of readings at zero between two that are not, so it is the same in every window that holds the run.
"""

import numpy as np

from processors.steps.columns import Floats, Ints, Mask, Readings


def glitches(readings: Readings, era: Ints, longest: Ints, tolerance: Floats) -> Mask:
    """Return which register readings did not happen.

    ``era`` by reading: a register starts anew from one to the next, so that zero is no glitch there. ``longest`` and
    ``tolerance`` by reading: the most readings of a glitch, and how far below it may return.
    """
    at_zero = is_low(readings.value)
    result = np.zeros(len(readings), np.bool_)
    if not at_zero.any():
        return result
    first, last = _runs(readings.slot, at_zero)
    before, after = np.maximum(first - 1, 0), np.minimum(last + 1, len(readings) - 1)
    slot, value = readings.slot, readings.value
    happened_not = (
        (first > 0)
        & (last < len(readings) - 1)
        & (slot[before] == slot[first])
        & (slot[after] == slot[first])
        & (era[before] == era[after])
        & (last - first < longest[first])
        & (value[after] >= value[before] - tolerance[before])
    )
    for begin, end in zip(first[happened_not].tolist(), last[happened_not].tolist(), strict=True):
        result[begin : end + 1] = True
    return result


def is_low(value: Floats) -> Mask:
    """Return which readings may belong to a glitch."""
    low: Mask = value <= 0.0
    return low


def _runs(slot: Ints, chosen: Mask) -> tuple[Ints, Ints]:
    """Return the first and the last reading of each run of chosen ones in a slot."""
    goes_on = chosen[1:] & chosen[:-1] & (slot[1:] == slot[:-1])
    first = chosen & ~np.concatenate([[False], goes_on])
    last = chosen & ~np.concatenate([goes_on, [False]])
    return np.flatnonzero(first), np.flatnonzero(last)
