"""Excursions of registers: readings that leave the line a meter counts along, and return to it, did not happen.

A register that falls may have restarted, gone on from an older value, or shown something that is not its own: zeros of
an inverter at night, a foreign telegram, a value that has not been restored yet. What it was is told by the readings on
both sides. They were an excursion where the register is back on its line within what it can count, by a jump that the
other readings around do not explain. Where the reading that reaches the old line merely goes on from those before it,
the new line is the meter's.

Everything here is a function of the readings around a fall: within the longest excursion of it, and what tells their
own jumps, within a few times that. So a window that reaches ``REACH`` excursions further on both sides decides the
same.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ingest.model.columns import ColumnTable
from ingest.model.time import HOUR
from processors.steps.columns import Floats, Ints, Mask, Readings

REACH: Final = 5  # excursions: to the falls near what is counted, the readings near those, their jumps, and their rates
FACTOR: Final = 2.0  # how much faster than in its fastest hour nearby a register is taken to be able to count
CONTRAST: Final = 10.0  # where no rate is known: a jump so many times the step across it is none of the meter's
LEAST: Final = 0.1  # of an hour: a coarse register that moves by one unit in less has not shown its rate
_ATTEMPTS: Final = 8  # readings beyond the old line that are looked at, before none of them is on it


@dataclass(frozen=True)
class ExcursionLimits(ColumnTable):
    """What decides an excursion, by reading: ``span`` and ``readings`` at most, ``rate`` per hour, NaN if not declared.

    ``tolerance``: how far a register may fall without having fallen.
    """

    span: Ints
    readings: Ints
    rate: Floats
    tolerance: Floats


@dataclass(frozen=True)
class Jump:
    """A way to read a fall: readings ``first`` to ``last`` were an excursion, ``across`` was counted over it.

    ``over`` its time; ``jump``: the step between the line and the excursion that is not the fall, ``within`` its time.
    ``usual``: the largest rise from one reading of the excursion to the next.
    """

    first: int
    last: int
    across: float
    over: int
    jump: float
    within: int
    usual: float

    def is_likely(self, rate: float) -> bool:
        """Whether it explains the readings, at the most that is counted in an hour; NaN where that is not known."""
        if 0.0 <= self.jump <= FACTOR * self.usual:
            return False  # it merely went on
        if np.isnan(rate):
            return abs(self.jump) > CONTRAST * max(self.across, 0.0)
        return self.across <= most(rate, self.over) and abs(self.jump) > rate * self.within / HOUR


def most(rate: float, length: int) -> float:
    """Return the most that is counted in ``length`` microseconds: of an hour at least, since registers are coarse."""
    return rate * max(length, HOUR) / HOUR


def falls(readings: Readings, era: Ints, tolerance: Floats) -> Ints:
    """Return the readings at which a register shows less than before, in one era; ``tolerance`` by reading."""
    lower = readings.value[1:] < readings.value[:-1] - tolerance[1:]
    if not lower.any():
        return np.empty(0, np.int64)
    same = (readings.slot[1:] == readings.slot[:-1]) & (era[1:] == era[:-1])
    return np.flatnonzero(lower & same) + 1


def excursions(readings: Readings, era: Ints, limits: ExcursionLimits) -> Mask:
    """Return which readings did not happen; what is left is looked at once more, since one may hide another."""
    result = _excursions(readings, era, limits)
    if result.any():
        left = np.flatnonzero(~result)
        result[left[_excursions(readings.select(left), era[left], limits.select(left))]] = True
    return result


def _excursions(readings: Readings, era: Ints, limits: ExcursionLimits) -> Mask:
    result = np.zeros(len(readings), np.bool_)
    fallen = falls(readings, era, limits.tolerance)
    fallen = fallen[limits.span[fallen] > 0]
    for begin, end in _segments(readings, era, fallen):
        rows = slice(begin, end)
        part = fallen[(fallen >= begin) & (fallen < end)] - begin
        result[rows] = _Segment(readings.time[rows], readings.value[rows], limits.select(rows)).rejected(part)
    return result


def _segments(readings: Readings, era: Ints, fallen: Ints) -> Iterator[tuple[int, int]]:
    """Yield the runs of readings of one slot and era in which a register fell."""
    if not len(fallen):
        return
    turns = np.flatnonzero((readings.slot[1:] != readings.slot[:-1]) | (era[1:] != era[:-1])) + 1
    edges = np.concatenate([[0], turns, [len(readings)]])
    for number in np.unique(np.searchsorted(edges, fallen, side="right") - 1).tolist():
        yield int(edges[number]), int(edges[number + 1])


class Rates:
    """The most that a register counted in an hour around an instant, by steps that are taken to be its own.

    Steps that end in one hour count together, over the time that they lasted: one by itself says little of a register
    that moves by whole units.
    """

    def __init__(self, time: Ints, rise: Floats, length: Ints) -> None:
        """Take steps that end at ``time``, in its order, rose by ``rise`` and lasted ``length`` microseconds."""
        hour = time // HOUR
        long = length > HOUR
        within, count = np.unique(hour[~long], return_inverse=True)
        sums = np.bincount(count, weights=rise[~long], minlength=len(within)).astype(np.float64)
        lasted = np.bincount(count, weights=length[~long], minlength=len(within)) / HOUR
        at = np.concatenate([within * HOUR, time[long]])
        rate = np.concatenate([sums / np.maximum(lasted, LEAST), rise[long] * (HOUR / np.maximum(length[long], 1))])
        order = np.argsort(at, kind="stable")
        self._at, self._rate = at[order], rate[order]

    def around(self, instant: int, span: int) -> float:
        """Return FACTOR times the greatest rate per hour within ``span`` of an instant; NaN where there is none."""
        first, last = np.searchsorted(self._at, (instant - span - HOUR + 1, instant + span + 1))
        greatest = float(self._rate[first:last].max(initial=0.0))
        return FACTOR * greatest if greatest > 0.0 else np.nan


class _Segment:
    """The readings of one register from one start to the next."""

    def __init__(self, time: Ints, value: Floats, limits: ExcursionLimits) -> None:
        self._time, self._value, self._limits = time, value, limits

    def rejected(self, fallen: Ints) -> Mask:
        """Return which readings were excursions; ``fallen`` are where it fell.

        The shortest excursions come first, and no longer one begins or ends at a reading of them, or beside one.
        """
        found = np.zeros(len(self._time), np.bool_)
        for chosen in sorted(self._chosen(fallen), key=lambda way: (way.last - way.first, way.first)):
            rims = (chosen.first - 1, chosen.first, chosen.last, chosen.last + 1)
            if not any(found[one] for one in rims):
                found[chosen.first : chosen.last + 1] = True
        return found

    def _chosen(self, fallen: Ints) -> Iterator[Jump]:
        """Yield for each fall how it is read best, where it may have been an excursion."""
        ways = [(at, self._ways(at, ahead, behind)) for at, ahead, behind in self._crossings(fallen)]
        jumps = [self._jump_of(at, way) for at, every in ways for way in every]
        rates = rates_of(self._time, self._value, self._limits.tolerance, jumps)
        for at, every in ways:
            declared = float(self._limits.rate[at])
            rate = declared
            if np.isnan(declared):
                rate = rates.around(int(self._time[at]), int(self._limits.span[at]))
            likely = [way for way in every if way.is_likely(rate)]
            # Nothing is what a meter shows that has nothing to say: where it may be the excursion, it is.
            at_zero = [way for way in likely if way.first == at] if self._value[at] <= 0.0 else []
            if likely:
                yield min(at_zero or likely, key=lambda way: (way.last - way.first, way.across / way.over))

    @staticmethod
    def _jump_of(at: int, way: Jump) -> int:
        """Return the reading to which the jump of a way leads."""
        return way.last + 1 if way.first == at else way.first

    def _crossings(self, fallen: Ints) -> Iterator[tuple[int, int, int]]:
        """Yield for each fall the next reading that is back where it fell from, and the last one it fell beyond."""
        value, tolerance = self._value.tolist(), self._limits.tolerance.tolist()
        after = _next_at_least(value, [(at, value[at - 1] - tolerance[at]) for at in fallen.tolist()])
        before = _last_at_most(value, [(at, value[at] + tolerance[at]) for at in fallen.tolist()])
        yield from zip(fallen.tolist(), after, before, strict=True)

    def _ways(self, at: int, ahead: int, behind: int) -> list[Jump]:
        """Return how the fall at a reading may be read: those from it on, or those before it, were an excursion."""
        found = self._from_zero(at)
        time, value, limits = self._time, self._value, self._limits
        span, readings = int(limits.span[at]), int(limits.readings[at])
        line, tolerance = float(value[at - 1]), float(limits.tolerance[at])
        for back in range(ahead, min(ahead + _ATTEMPTS, len(time)) if ahead >= 0 else 0):
            if time[back] - time[at - 1] > span or back - at > readings:
                break
            is_away = value[back - 1] < line - tolerance or value[back - 1] > value[back] + tolerance
            if is_away and value[back] >= line - tolerance:
                found.append(self._way(at, back - 1, back))
        for left in range(behind, max(behind - _ATTEMPTS, -1), -1):
            if time[at] - time[left] > span or at - 1 - left > readings:
                break
            is_away = value[left + 1] > value[at] + tolerance or value[left + 1] < value[left] - tolerance
            if is_away and value[left] <= value[at] + tolerance:
                found.append(self._way(left + 1, at - 1, left + 1))
        return found

    def _from_zero(self, at: int) -> list[Jump]:
        """Return how a fall to zero may be read whatever was shown before: who restarts counts up in small steps."""
        if self._value[at] > 0.0:
            return []
        above = np.flatnonzero(self._value[at : at + self._within(at)] > 0.0)
        if not len(above) or above[0] > self._limits.readings[at]:
            return []
        return [replace(self._way(at, at + int(above[0]) - 1, at + int(above[0])), across=0.0)]

    def _within(self, at: int) -> int:
        """Return how many readings from one on are within the longest excursion."""
        return int(np.searchsorted(self._time, self._time[at] + self._limits.span[at], side="right")) - at

    def _way(self, first: int, last: int, to: int) -> Jump:
        """Return the way by which the readings ``first`` to ``last`` were an excursion, with the jump ``to`` one."""
        time, value = self._time, self._value
        return Jump(
            first=first,
            last=last,
            across=float(value[last + 1] - value[first - 1]),
            over=int(time[last + 1] - time[first - 1]),
            jump=float(value[to] - value[to - 1]),
            within=int(time[to] - time[to - 1]),
            usual=float(np.diff(value[first : last + 1]).max(initial=0.0)),
        )


def rates_of(time: Ints, value: Floats, tolerance: Floats, jumps: list[int]) -> Rates:
    """Return the rates of a register's steps, but those that fall and those to the readings ``jumps``."""
    rise = np.diff(value)
    own = rise >= -tolerance[1:]
    own[np.array(jumps, np.int64) - 1] = False
    return Rates(time[1:][own], np.maximum(rise[own], 0.0), np.diff(time)[own])


def _next_at_least(value: list[float], asked: list[tuple[int, float]]) -> list[int]:
    """Return for each (reading, level), in order, the first reading from there on that is at the level; -1 for none."""
    found: list[int] = []
    lower: list[float] = []
    places: list[int] = []
    upcoming = len(asked) - 1
    for index in range(len(value) - 1, -1, -1):
        while lower and -lower[-1] <= value[index]:
            lower.pop()
            places.pop()
        lower.append(-value[index])
        places.append(index)
        while upcoming >= 0 and asked[upcoming][0] == index:
            at = bisect_right(lower, -asked[upcoming][1]) - 1
            found.append(places[at] if at >= 0 else -1)
            upcoming -= 1
    return found[::-1]


def _last_at_most(value: list[float], asked: list[tuple[int, float]]) -> list[int]:
    """Return for each (reading, level), in order, the last reading before it that is no higher; -1 for none."""
    found: list[int] = []
    lower: list[float] = []
    places: list[int] = []
    for index, one in enumerate(value):
        while len(found) < len(asked) and asked[len(found)][0] == index:
            at = bisect_right(lower, asked[len(found)][1]) - 1
            found.append(places[at] if at >= 0 else -1)
        while lower and lower[-1] >= one:
            lower.pop()
            places.pop()
        lower.append(one)
        places.append(index)
    return found
