"""Gauges: time-weighted means, so that a device that reports by exception is averaged right.

Between two readings a gauge runs linearly, or keeps its previous value, as its quantity declares; beyond max_gap, up to
its filling, that is interpolated and counts in the mean. Across a longer silence nothing is known: there is no stretch.
"""

import numpy as np

from ingest.model.time import SECOND
from processors.steps.columns import Floats, Ints, Mask, Readings
from processors.steps.stretches import ESTIMATED, Pieces, Stretches, pairs, tiers


def stretches(readings: Readings, max_gap: Ints, filling: Ints, is_linear: Mask) -> Stretches:
    """Return the stretches between neighbouring readings; gaps (microseconds) and ``is_linear`` per slot."""
    left = pairs(readings)
    tier = tiers(readings.time[left + 1] - readings.time[left], readings.slot[left], max_gap, filling)
    if (unknown := tier == ESTIMATED).any():
        left, tier = left[~unknown], tier[~unknown]
    slot, begin, end = readings.slot[left], readings.time[left], readings.time[left + 1]
    known = np.ones(len(left), np.bool_)
    change = readings.value[left + 1] - readings.value[left]
    return Stretches(
        slot=slot,
        begin=begin,
        end=end,
        amount=np.zeros(len(left)),
        value=readings.value[left],
        slope=np.where(is_linear[slot], change / (end - begin), 0.0),
        tier=tier,
        begins_known=known,
        ends_known=known,
    )


def integrals(stretches: Stretches, pieces: Pieces) -> Floats:
    """Return each piece's integral in unit * seconds; a straight line's mean is its value half-way."""
    half_way = (pieces.start + pieces.end) / 2 - stretches.begin[pieces.of]
    mean = stretches.value[pieces.of] + stretches.slope[pieces.of] * half_way
    return mean * ((pieces.end - pieces.start) / SECOND)
