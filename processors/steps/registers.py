"""Cumulative registers: what was counted between readings, whatever the counter did in between.

Readings that did not happen are left out first (``excursions``). What a fall means that remains is told by what the
register can count (``counting``). What was counted is spread evenly over the stretch between two readings, so that the
total is conserved however it is cut into buckets. A stretch over which nobody knows what was counted counts the least
it can, is not measured, and says what it may have been at most.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ingest.model.time import DAY
from processors.steps.columns import Ints, Mask, Readings
from processors.steps.contracts import Contracts, Starts
from processors.steps.counting import ROUNDING, Counted, Steps, counted
from processors.steps.excursions import REACH, ExcursionLimits, excursions
from processors.steps.jitter import levels
from processors.steps.points import Points, eras, points, repeated_at_midnight
from processors.steps.stretches import UNKNOWN, Doubt, Stretches, tiers

SPARSE: Final = 16  # expected intervals: a register that is read rarely is decided by no fewer readings


@dataclass(frozen=True)
class Registers:
    """The registers among the windows: series and contract by slot, when they start anew, and when contracts changed.

    A reading is read by the contract in force at its time, and a step by that of the reading it begins with.
    """

    series_id: Ints
    max_gap: Ints  # microseconds
    filling: Ints  # microseconds
    interval: Ints  # microseconds
    of_slots: Contracts
    starts: Starts

    @cached_property
    def contracts(self) -> Contracts:
        """The contracts of the slots, and after them those that took their place."""
        changes = self.starts.changes
        return self.of_slots if changes is None else self.of_slots.followed_by(changes.contracts)

    def rules(self, slot: Ints, time: Ints) -> Ints:
        """Return the row of ``contracts`` in force at each of ``time``; rows are sorted by ``slot``."""
        changes = self.starts.changes
        if changes is None:
            return slot
        rule = slot.copy()
        for one in np.flatnonzero(np.isin(self.series_id, changes.series_id)).tolist():
            rows = changes.of(int(self.series_id[one]))
            first, last = np.searchsorted(slot, [one, one + 1])
            number = np.searchsorted(changes.time[rows], time[first:last], side="right")
            later = len(self.of_slots) + rows.start + number - 1
            rule[first:last] = np.where(number > 0, later, one)
        return rule

    def spans(self, slot: Ints, rule: Ints) -> Ints:
        """Return how far around a reading what happened is decided, microseconds; 0 where the contract decides."""
        return span_of(self.contracts.excursion[rule], self.interval[slot])


def span_of(excursion: Ints, interval: Ints) -> Ints:
    """Return the longest excursion of registers that are read each ``interval``; all in microseconds."""
    return np.where(excursion > 0, np.maximum(excursion, SPARSE * interval), 0)


def reach_of(excursion: Ints, interval: Ints) -> Ints:
    """Return how far from a fall a reading may change what happened, of registers that are read each ``interval``."""
    return REACH * np.maximum(span_of(excursion, interval), DAY)


def rejected(readings: Readings, registers: Registers) -> Mask:
    """Return which register readings did not happen."""
    fallen = np.flatnonzero((np.diff(readings.value) < 0.0) & (readings.slot[1:] == readings.slot[:-1])) + 1
    contracts = registers.contracts
    if not len(fallen) and not contracts.is_daily.any():
        return np.zeros(len(readings), np.bool_)
    rule = registers.rules(readings.slot, readings.time)
    era = eras(readings, registers.series_id, contracts.is_daily[rule], registers.starts)
    tolerance = contracts.jitter[rule] + ROUNDING * np.abs(readings.value)
    result = repeated_at_midnight(readings, contracts.is_daily[rule], registers.starts)
    spans = registers.spans(readings.slot, rule)
    limits = ExcursionLimits(spans, contracts.excursion_readings[rule], contracts.max_rate[rule], tolerance)
    return result | excursions(readings, era, limits)


def stretches(readings: Readings, registers: Registers) -> Stretches:
    """Return the stretches between neighbouring register readings that happened.

    Silences are stretches too: what was counted during one is known exactly, only its shape is not.
    """
    taken, count = steps(readings, registers)
    found, left = taken.points, taken.left
    slot, length = found.slot[left], taken.length
    tier = tiers(length, slot, registers.max_gap, registers.filling)
    unused, known = np.zeros(len(left)), found.known
    return Stretches(
        slot=slot,
        begin=found.time[left],
        end=found.time[left + 1],
        amount=count.amount,
        value=unused,
        slope=unused,
        tier=np.where(count.is_known, tier, np.int8(UNKNOWN)),
        begins_known=known[left],
        ends_known=known[left + 1],
        doubt=None if count.is_certain else Doubt(count.amount - count.lower, count.upper - count.amount),
    )


def steps(readings: Readings, registers: Registers) -> tuple[Steps, Counted]:
    """Return the steps between neighbouring readings that happened, and what was counted on each."""
    contracts = registers.contracts
    daily = contracts.is_daily[registers.rules(readings.slot, readings.time)]
    found = points(readings, registers.series_id, daily, registers.starts)
    rule = registers.rules(found.slot, found.time)
    level = levels(found, contracts.jitter[rule], ROUNDING)
    taken = Steps(found, _neighbours(found), level, rule, registers.spans(found.slot, rule))
    return taken, counted(taken, contracts)


def _neighbours(found: Points) -> Ints:
    """Return the index of every point that another one of the same slot comes after."""
    goes_on = (found.slot[1:] == found.slot[:-1]) & (found.time[1:] > found.time[:-1])
    return np.flatnonzero(goes_on)
