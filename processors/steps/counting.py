"""What a register counted from one point to the next, and between which bounds where that is not certain.

A rise was counted, unless the meter cannot count so fast. A fall is a roll-over where the size of the register is
declared and that is plausible. Else what the register reads was counted since it restarted from zero, where it can have
been counted in that time; where it cannot, the register went on from an older value, and nobody knows what was counted.
Amounts are in the unit of the register, rates per hour, times in microseconds.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.time import DAY, HOUR
from processors.steps.columns import Floats, Ints, Mask
from processors.steps.contracts import Contracts
from processors.steps.excursions import Rates
from processors.steps.points import Points

ROUNDING: Final = 1e-12  # of a register, far below its last digit: what a change of units may take off it
LARGEST_SLIP: Final = 0.01  # of a register: who restarts from zero reads far less than before
RESTART: Final = 0.5  # of a register: more than that is no restart, where no rate tells
LARGEST_ROLLOVER: Final = 0.1  # of the modulus: more is no rollover, where no greatest increase is declared


@dataclass(frozen=True)
class Steps:
    """Steps of registers from the points ``left`` to the next ones, at their levels.

    By point: ``rule``, its contract, and ``span``, how far around it rates tell what a fall means.
    """

    points: Points
    left: Ints
    level: Floats
    rule: Ints
    span: Ints

    @property
    def before(self) -> Floats:
        """The level before each step."""
        return self.level[self.left]

    @property
    def after(self) -> Floats:
        """The level after each step."""
        return self.level[self.left + 1]

    @property
    def length(self) -> Ints:
        """How long each step lasted."""
        return self.points.time[self.left + 1] - self.points.time[self.left]

    @property
    def is_read(self) -> Mask:
        """Whether the register was read at both ends, and did not start anew in between."""
        points, right = self.points, self.left + 1
        mask: Mask = points.known[self.left] & points.known[right] & ~points.opens[right]
        return mask


@dataclass(frozen=True)
class Counted:
    """What was counted in each step, ``lower`` <= ``amount`` <= ``upper``; infinite where nothing bounds it."""

    amount: Floats
    lower: Floats
    upper: Floats
    is_known: Mask

    @property
    def is_certain(self) -> bool:
        """Whether every amount is exact."""
        return bool((self.lower == self.amount).all() and (self.upper == self.amount).all())


def counted(steps: Steps, contracts: Contracts) -> Counted:
    """Return what was counted in each step; where it is not known, the least it can have been."""
    rule = steps.rule[steps.left]
    before, after = steps.before, steps.after
    amount = after - before
    lower, upper, is_known = amount.copy(), amount.copy(), steps.is_read
    is_net, declared = contracts.is_net[rule], contracts.max_rate[rule]
    hours = steps.length / HOUR
    fell = is_known & ~is_net & (amount < 0.0)
    slight = fell & (amount >= -ROUNDING * np.abs(before))
    fell &= ~slight
    amount[slight] = lower[slight] = upper[slight] = 0.0
    too_fast = is_known & ~fell & (np.abs(amount) > declared * np.maximum(hours, 1.0))
    if fell.any() or too_fast.any() or not is_known.all():
        is_known = is_known & ~too_fast
        unclear = fell | ~is_known
        rate = _rates(steps, unclear, declared)
        _unknown(~is_known, amount, lower, upper, rate * hours, is_net)
        if fell.any():
            found = _Fall(before[fell], after[fell], hours[fell], rate[fell], contracts.modulus[rule[fell]])
            decides, closes = contracts.decides[rule[fell]], steps.points.closes[steps.left + 1][fell]
            amount[fell], lower[fell], upper[fell] = found.read(decides, closes, declared[fell])
    return Counted(amount, lower, upper, is_known)


def _unknown(rows: Mask, amount: Floats, lower: Floats, upper: Floats, greatest: Floats, is_net: Mask) -> None:
    """Enter for some rows that anything from nothing to the ``greatest`` may have been counted."""
    greatest = np.where(np.isnan(greatest), np.inf, greatest)[rows]
    amount[rows] = 0.0
    upper[rows] = greatest
    lower[rows] = np.where(is_net[rows], -greatest, 0.0)


def _rates(steps: Steps, unclear: Mask, declared: Floats) -> Floats:
    """Return the most that an hour counts: as declared, else by the steps around each that is ``unclear``; or NaN."""
    rate = declared.copy()
    left = steps.left
    rows = np.flatnonzero(unclear & np.isnan(declared))
    rise, length = steps.after - steps.before, steps.length
    own = steps.is_read & (rise >= 0.0)
    slot = steps.points.slot[left]
    for one in np.unique(slot[rows]).tolist():
        first, last = np.searchsorted(slot, [one, one + 1])
        part = np.arange(first, last)[own[first:last]]
        rates = Rates(steps.points.time[left[part] + 1], rise[part], length[part])
        for row in rows[slot[rows] == one].tolist():
            begin, end = int(steps.points.time[left[row]]), int(steps.points.time[left[row] + 1])
            span = int(steps.span[left[row]]) or DAY
            found = (rates.around(begin, span), rates.around(end, span))
            rate[row] = np.fmax(*found)
    return rate


@dataclass(frozen=True)
class _Fall:
    """Falls of registers ``before`` to ``after`` within some ``hours``, and the most that an hour counts, or NaN."""

    before: Floats
    after: Floats
    hours: Floats
    rate: Floats
    modulus: Floats

    def read(self, decides: Mask, closes: Mask, declared: Floats) -> tuple[Floats, Floats, Floats]:
        """Return amount, lower and upper bound of each.

        A closing reading below the last one is a slip of the pen. ``decides``: where the contract does not say that
        every fall is a restart.
        """
        amount, lower, upper = self._decided()
        restarts = ~decides
        amount[restarts] = lower[restarts] = upper[restarts] = self.after[restarts]
        rolled, rolls = self._rolled(declared)
        amount[rolls] = lower[rolls] = upper[rolls] = rolled[rolls]
        amount[closes] = lower[closes] = upper[closes] = 0.0
        return amount, lower, upper

    def _rolled(self, declared: Floats) -> tuple[Floats, Mask]:
        """Return what was counted by registers that rolled over, and which did."""
        rolled = self.modulus - self.before + self.after
        most = declared * np.maximum(self.hours, 1.0)
        rolls = (self.before <= self.modulus) & (
            rolled <= np.where(np.isnan(most), LARGEST_ROLLOVER * self.modulus, most)
        )
        return rolled, rolls

    def _decided(self) -> tuple[Floats, Floats, Floats]:
        """Return what can have been counted, as far as what the register can count tells."""
        fall = self.before - self.after
        greatest = self.rate * self.hours
        is_bounded = ~np.isnan(greatest)
        may_restart = self.after <= self.rate * np.maximum(self.hours, 1.0)
        slips = fall <= LARGEST_SLIP * self.before
        amount = np.where(is_bounded, np.where(may_restart, self.after, 0.0), 0.0)
        amount = np.where(~is_bounded & (self.after <= RESTART * self.before), self.after, amount)
        # One that can have run backwards by so much, and stands where no restart leads, may have done just that.
        backwards = np.where(is_bounded, (fall <= greatest) & (self.after > RESTART * self.before), slips)
        lower = np.where(backwards, -fall, np.where(is_bounded & may_restart, self.after, 0.0))
        upper = np.where(is_bounded, np.fmax(greatest, amount), np.where(slips, 0.0, self.after))
        return np.where(backwards, 0.0, amount), lower, np.maximum(upper, 0.0)
