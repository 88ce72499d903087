"""Interval readings: each is the amount of the expected interval that ends at its time, spread evenly over it."""

import numpy as np

from processors.steps.columns import Ints, Readings
from processors.steps.stretches import Stretches


def stretches(readings: Readings, interval: Ints) -> Stretches:
    """Return one stretch per reading; ``interval`` per slot, in microseconds."""
    unused, known = np.zeros(len(readings)), np.ones(len(readings), np.bool_)
    return Stretches(
        slot=readings.slot,
        begin=readings.time - interval[readings.slot],
        end=readings.time,
        amount=readings.value,
        value=unused,
        slope=unused,
        measured=known,
        begins_known=known,
        ends_known=known,
    )
