"""Gauges: time-weighted means, so that a device that reports by exception is averaged right.

Between two readings a gauge runs linearly, or keeps its previous value, as its quantity declares; across a silence
longer than max_gap nothing is known, and there is no stretch.
"""

import numpy as np
import numpy.typing as npt

from ingest.model.time import SECOND
from processors.steps.columns import Floats, Ints, Readings
from processors.steps.stretches import Pieces, Stretches, pairs


def stretches(readings: Readings, max_gap: Ints, is_linear: npt.NDArray[np.bool_]) -> Stretches:
    """Return the stretches between neighbouring readings; ``max_gap`` (microseconds) and ``is_linear`` per slot."""
    left = pairs(readings)
    left = left[readings.time[left + 1] - readings.time[left] <= max_gap[readings.slot[left]]]
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
        measured=known,
        begins_known=known,
        ends_known=known,
    )


def integrals(stretches: Stretches, pieces: Pieces) -> Floats:
    """Return each piece's integral in unit * seconds; a straight line's mean is its value half-way."""
    half_way = (pieces.start + pieces.end) / 2 - stretches.begin[pieces.of]
    mean = stretches.value[pieces.of] + stretches.slope[pieces.of] * half_way
    return mean * ((pieces.end - pieces.start) / SECOND)
