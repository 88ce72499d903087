"""Interval readings: each is the amount of the expected interval that ends at its time, spread evenly over it.

No instant counts twice. Where an interval begins before the one before it ended, it counts from there on, and of its
amount the part that belongs to this time; that part is no measurement any more. Stamps that are off by a moment are
none of this: an overlap of a sixtieth of the interval leaves the amount whole.
"""

from typing import Final

import numpy as np

from processors.steps.columns import Ints, Readings
from processors.steps.stretches import ESTIMATED, MEASURED, Stretches, pairs

MOMENT: Final = 1 / 60  # of the interval


def stretches(readings: Readings, interval: Ints) -> Stretches:
    """Return one stretch per reading; ``interval`` per slot, in microseconds."""
    length = interval[readings.slot]
    begin = readings.time - length
    left = pairs(readings)
    begin[left + 1] = np.maximum(begin[left + 1], readings.time[left])
    share = (readings.time - begin) / length
    whole = share >= 1 - MOMENT
    unused, known = np.zeros(len(readings)), np.ones(len(readings), np.bool_)
    return Stretches(
        slot=readings.slot,
        begin=begin,
        end=readings.time,
        amount=np.where(whole, readings.value, readings.value * share),
        value=unused,
        slope=unused,
        tier=np.where(whole, np.int8(MEASURED), np.int8(ESTIMATED)),
        begins_known=known,
        ends_known=known,
    )
