"""Cumulative registers: what was counted between readings, whatever the counter did in between.

Contract "lifetime, reset to zero": the register never runs backwards; a decrease means that it restarted from zero,
and the new value is what has been counted since (as TimescaleDB's counter_agg has it). What was counted is
spread evenly over the stretch between two readings, so that the total is conserved however it is cut into buckets.
"""

from typing import Final

import numpy as np

from processors.steps.columns import Floats, Ints, Readings
from processors.steps.stretches import Stretches, pairs

ROUNDING: Final = 1e-12  # of a register, far below its last digit: what a change of units may take off it


def increments(before: Floats, after: Floats) -> Floats:
    """Return what was counted between the readings ``before`` and ``after``; never negative.

    A register that rests while its unit changes, say from MWh in an archive to kWh live, may seem to lose a last bit:
    that is rounding and no restart, which would count the whole register again.
    """
    counted = after - before
    return np.where(counted < -ROUNDING * np.abs(before), after, np.maximum(counted, 0.0))


def stretches(readings: Readings, max_gap: Ints) -> Stretches:
    """Return the stretches between neighbouring register readings; ``max_gap`` per slot, in microseconds.

    Silences are stretches too: what was counted during one is known exactly, only its shape is not.
    """
    left = pairs(readings)
    slot, begin, end = readings.slot[left], readings.time[left], readings.time[left + 1]
    unused = np.zeros(len(left))
    return Stretches(
        slot=slot,
        begin=begin,
        end=end,
        amount=increments(readings.value[left], readings.value[left + 1]),
        value=unused,
        slope=unused,
        measured=end - begin <= max_gap[slot],
    )
