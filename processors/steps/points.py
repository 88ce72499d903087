"""Points of registers: readings, and the instants at which a register ended and another one, or another day, began.

A register that starts anew has two points there: a closing one, at which the old count ended, and an opening one, from
which the new one is counted. NaN is the value of a point that nobody read: what was counted up to it is not known.
"""

from dataclasses import dataclass, replace

import numpy as np

from ingest.model.columns import ColumnTable
from processors.steps.columns import Floats, Ints, Mask, Readings
from processors.steps.contracts import Starts


@dataclass(frozen=True)
class Points:
    """Points sorted by slot, then time; a count does not go on to a point that ``opens`` anew."""

    slot: Ints
    time: Ints
    value: Floats
    closes: Mask
    opens: Mask
    known: Mask


@dataclass(frozen=True)
class _Breaks(ColumnTable):
    """Where a register starts anew: before the reading ``at``, from ``closed`` to ``opened``."""

    at: Ints
    closed: Ints
    closing: Floats
    opened: Ints
    opening: Floats


@dataclass(frozen=True)
class _Days:
    """By reading: the day that ``began`` last, whether it did so ``just`` then, and the day that it ``counts`` in.

    One at midnight counts in the day before, which it closes, unless it fell back to zero. Days are rows of ``starts``.
    """

    began: Ints
    just: Mask
    counts: Ints

    @classmethod
    def of(cls, readings: Readings, starts: Starts) -> "_Days":
        """Return the days of some readings."""
        began = np.searchsorted(starts.days, readings.time, side="right") - 1
        just = starts.days[began] == readings.time
        closes = just & (readings.value > 0)
        rows = np.flatnonzero(closes)
        rows = rows[rows > 0]
        follows = (readings.slot[rows] == readings.slot[rows - 1]) & (began[rows] == began[rows - 1] + 1)
        closes[rows] = ~follows | (readings.value[rows] >= readings.value[rows - 1])
        return cls(began, just, began - closes)


def points(readings: Readings, series_id: Ints, daily: Mask, starts: Starts) -> Points:
    """Return the points of kept register readings; ``series_id`` by slot, ``daily`` by reading."""
    never = np.zeros(len(readings), np.bool_)
    plain = Points(readings.slot, readings.time, readings.value, never, never, ~never)
    found = []
    if daily.any():
        days = _Days.of(readings, starts)
        opens = daily & days.just & (days.counts == days.began)
        plain = replace(plain, value=np.where(opens, 0.0, readings.value))
        found.append(_midnights(readings, daily, starts, days.counts))
    if len(starts.swaps):
        swapped = _swapped(readings, series_id, starts)
        by_the_day = daily[swapped.at - 1] & daily[swapped.at]  # starts anew each day, whoever is behind it
        found.append(swapped.select(~by_the_day))
    return _inserted(plain, found) if found else plain


def eras(readings: Readings, series_id: Ints, daily: Mask, starts: Starts) -> Ints:
    """Return for each register reading how often its register has started anew before it, as far as is declared."""
    era = np.zeros(len(readings), np.int64)
    if daily.any():
        era[daily] = np.searchsorted(starts.days, readings.time[daily], side="right")
    for slot in np.flatnonzero(np.isin(series_id, starts.swaps.series_id)).tolist():
        first, last = np.searchsorted(readings.slot, [slot, slot + 1])
        times = starts.swaps.time[starts.swaps.of(int(series_id[slot]))]
        era[first:last] += np.searchsorted(times, readings.time[first:last], side="right") << 32
    return era


def repeated_at_midnight(readings: Readings, daily: Mask, starts: Starts) -> Mask:
    """Return the readings of daily registers that still show what the day before ended with, until they wake.

    One at midnight itself closes that day.
    """
    if not daily.any():
        return np.zeros(len(readings), np.bool_)
    same = daily[1:] & (readings.slot[1:] == readings.slot[:-1]) & (readings.value[1:] == readings.value[:-1])
    if not same.any():
        return np.zeros(len(readings), np.bool_)
    days = _Days.of(readings, starts)
    day = days.counts
    turns = np.concatenate([[False], same & (day[1:] > day[:-1]) & (readings.value[1:] > 0.0)])
    goes_on = np.concatenate([[False], same & (day[1:] == day[:-1])])
    begun = np.maximum.accumulate(np.where(goes_on, 0, np.arange(len(readings))))
    repeated: Mask = turns[begun] & ~days.just
    return repeated


def _midnights(readings: Readings, daily: Mask, starts: Starts, day: Ints) -> _Breaks:
    """Return the breaks between readings of different days: the tail of the day was not seen, the next began at 0."""
    left = np.flatnonzero(daily[1:] & (readings.slot[1:] == readings.slot[:-1]) & (day[1:] > day[:-1]))
    unknown, zero = np.full(len(left), np.nan), np.zeros(len(left))
    return _Breaks(left + 1, starts.days[day[left] + 1], unknown, starts.days[day[left + 1]], zero)


def _swapped(readings: Readings, series_id: Ints, starts: Starts) -> _Breaks:
    """Return the breaks at replacements that lie between two readings; one at that instant is the new meter's."""
    parts = []
    for slot in np.flatnonzero(np.isin(series_id, starts.swaps.series_id)).tolist():
        rows = starts.swaps.of(int(series_id[slot]))
        first, last = np.searchsorted(readings.slot, [slot, slot + 1])
        time = starts.swaps.time[rows]
        at = first + np.searchsorted(readings.time[first:last], time, side="left")
        inside = (at > first) & (at < last)
        closing, opening = starts.swaps.closing[rows], starts.swaps.opening[rows]
        # What the new meter shows at that very instant beyond its opening was counted just before.
        reading = np.minimum(at, last - 1)
        time = time - ((readings.time[reading] == time) & (readings.value[reading] > opening))
        parts.append(_Breaks(at, time, closing, time, opening).select(inside))
    return _joined(parts)


def _inserted(plain: Points, found: list[_Breaks]) -> Points:
    breaks = _joined(found)
    breaks = breaks.select(np.lexsort((breaks.closed, breaks.at)))
    at = np.repeat(breaks.at, 2)
    is_closing = np.tile([True, False], len(breaks.at))
    value = np.where(is_closing, np.repeat(breaks.closing, 2), np.repeat(breaks.opening, 2))
    return Points(
        np.insert(plain.slot, at, plain.slot[at]),
        np.insert(plain.time, at, np.where(is_closing, np.repeat(breaks.closed, 2), np.repeat(breaks.opened, 2))),
        np.insert(plain.value, at, value),
        np.insert(plain.closes, at, is_closing),
        np.insert(plain.opens, at, ~is_closing),
        np.insert(plain.known, at, ~np.isnan(value)),
    )


def _joined(parts: list[_Breaks]) -> _Breaks:
    times, values = np.empty(0, np.int64), np.empty(0)
    none = _Breaks(times, times, values, times, values)
    return _Breaks.concatenate([none, *parts])
