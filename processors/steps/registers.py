"""Cumulative registers: what was counted between readings, whatever the counter did in between.

A register never runs backwards: a decrease means that it rolled over, where its size is declared and that is
plausible, or that it restarted from zero, and then the new value is what has been counted since. What was counted is
spread evenly over the stretch between two readings, so that the total is conserved however it is cut into buckets.
Of a stretch over which nobody knows what was counted nothing is counted, and it is not measured.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ingest.model.time import HOUR
from processors.steps.columns import Floats, Ints, Mask, Readings
from processors.steps.contracts import Contracts, Starts
from processors.steps.glitches import glitches, is_low
from processors.steps.jitter import levels
from processors.steps.points import Points, eras, points
from processors.steps.stretches import UNKNOWN, Stretches, tiers

ROUNDING: Final = 1e-12  # of a register, far below its last digit: what a change of units may take off it
LARGEST_SLIP: Final = 0.01  # of a lifetime register: who restarts from zero reads far less than before
LARGEST_ROLLOVER: Final = 0.1  # of the modulus: more is no rollover, where no greatest increase is declared


@dataclass(frozen=True)
class Registers:
    """The registers among the windows: series and contract by slot, when they start anew, and when contracts changed.

    A reading is read by the contract in force at its time, and a step by that of the reading it begins with.
    """

    series_id: Ints
    max_gap: Ints  # microseconds
    filling: Ints  # microseconds
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


def rejected(readings: Readings, registers: Registers) -> Mask:
    """Return which register readings did not happen."""
    if not is_low(readings.value).any():
        return np.zeros(len(readings), np.bool_)
    contracts, rule = registers.contracts, registers.rules(readings.slot, readings.time)
    era = eras(readings, registers.series_id, contracts.is_daily[rule], registers.starts)
    longest, jitter = contracts.longest_glitch[rule], contracts.jitter[rule]
    return glitches(readings, era, longest, jitter + ROUNDING * np.abs(readings.value))


def stretches(readings: Readings, registers: Registers) -> Stretches:
    """Return the stretches between neighbouring register readings that happened.

    Silences are stretches too: what was counted during one is known exactly, only its shape is not. Where nobody knows
    what was counted, a stretch longer than max_gap is left out: a sum over it would not be whole.
    """
    daily = registers.contracts.is_daily[registers.rules(readings.slot, readings.time)]
    found = points(readings, registers.series_id, daily, registers.starts)
    left = _neighbours(found)
    slot, length = found.slot[left], found.time[left + 1] - found.time[left]
    amount = _counted(found, left, registers)
    unknown = np.isnan(amount)
    some_unknown = bool(unknown.any())
    tier = tiers(length, slot, registers.max_gap, registers.filling)
    unused, known = np.zeros(len(left)), found.known
    table = Stretches(
        slot=slot,
        begin=found.time[left],
        end=found.time[left + 1],
        amount=np.where(unknown, 0.0, amount) if some_unknown else amount,
        value=unused,
        slope=unused,
        tier=np.where(unknown, np.int8(UNKNOWN), tier) if some_unknown else tier,
        begins_known=known[left],
        ends_known=known[left + 1],
    )
    return table.select(~unknown | (length <= registers.max_gap[slot])) if some_unknown else table


def _counted(found: Points, left: Ints, registers: Registers) -> Floats:
    """Return what was counted from each point ``left`` to the next one; NaN where nobody knows."""
    contracts, rule = registers.contracts, registers.rules(found.slot, found.time)
    level = levels(found, contracts.jitter[rule], ROUNDING)
    amount = increments(Steps(found, left, level, rule), contracts)
    return amount if found.known.all() else np.where(found.known[left] & found.known[left + 1], amount, np.nan)


@dataclass(frozen=True)
class Steps:
    """Steps of registers from the points ``left`` to the next ones, at their levels; ``rule``: contracts of points."""

    points: Points
    left: Ints
    level: Floats
    rule: Ints

    def ends(self, rows: Mask) -> tuple[Floats, Floats]:
        """Return the levels before and after some of the steps."""
        left = self.left[rows]
        return self.level[left], self.level[left + 1]

    def largest(self, rows: Mask, contracts: Contracts) -> Floats:
        """Return the most that can be counted in some of the steps; NaN where nothing is declared.

        That of an hour is allowed for the shortest step: a coarse register moves by a whole unit at once.
        """
        left = self.left[rows]
        hours: Floats = np.maximum(self.points.time[left + 1] - self.points.time[left], HOUR) / HOUR
        return contracts.max_rate[self.rule[left]] * hours


def increments(steps: Steps, contracts: Contracts) -> Floats:
    """Return what was counted in each step, never negative; NaN where that cannot be believed.

    A register that rests while its unit changes, say from MWh in an archive to kWh live, may seem to lose a last bit:
    that is rounding and no restart, which would count the whole register again.
    """
    every = np.ones(len(steps.left), np.bool_)
    before, after = steps.ends(every)
    counted = after - before
    fell = counted < -ROUNDING * np.abs(before)
    counted = np.maximum(counted, 0.0)
    if fell.any():
        counted[fell] = _after_fall(steps, fell, contracts)
    if not np.isnan(contracts.max_rate).all():
        counted[counted > steps.largest(every, contracts)] = np.nan
    return counted


def _after_fall(steps: Steps, fell: Mask, contracts: Contracts) -> Floats:
    """Return what was counted where a register reads less than before: it rolled over, or restarted from zero.

    A closing reading below the last one is neither, but a slip of the pen; nor is a slight fall of a lifetime register,
    which would count a lifetime again for one digit of jitter that nobody declared.
    """
    before, after = steps.ends(fell)
    left = steps.left[fell]
    rule = steps.rule[left]
    modulus, largest = contracts.modulus[rule], steps.largest(fell, contracts)
    largest = np.where(np.isnan(largest), LARGEST_ROLLOVER * modulus, largest)
    rolled = modulus - before + after
    rolls = (before <= modulus) & (rolled <= largest)
    slips = steps.points.closes[left + 1] | (contracts.is_lifetime[rule] & (before - after <= LARGEST_SLIP * before))
    return np.where(rolls, rolled, np.where(slips, 0.0, after))


def _neighbours(found: Points) -> Ints:
    """Return the index of every point from which the count goes on to the next one."""
    goes_on = (found.slot[1:] == found.slot[:-1]) & ~found.opens[1:] & (found.time[1:] > found.time[:-1])
    return np.flatnonzero(goes_on)
