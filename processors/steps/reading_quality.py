"""Outliers and impossible rates among readings: judged by their neighbours, many series at once; nothing is changed.

A reading has neighbours where nothing was silent around it: no two of the readings in its window are further apart than
``apart``. Where it has not enough of them on either side it is not judged. What a reading is judged to be is a function
of the readings within ``reach`` neighbours of it, and of nothing else.
"""

from dataclasses import dataclass
from enum import IntFlag
from typing import Final

import numpy as np

from ingest.model.columns import ColumnTable
from ingest.model.time import HOUR
from processors.steps.columns import Floats, Ints, Mask, Readings

SCALE: Final = 1.4826  # makes the median absolute deviation of normal noise its standard deviation
BESIDE_A_SPIKE: Final = 2  # on each side: between two spikes a good reading looks like one, but for the next but one


class QualityFlag(IntFlag):
    """What a reading was judged to be; REJECTED: the figures leave it out."""

    OUTLIER = 1
    RATE = 2
    STUCK = 4
    REJECTED = 8
    EXCURSION = 16  # of a register: away from its line (processors.steps.excursions)


def judgements(flags: int) -> list[str]:
    """Return the names of what a reading was judged to be; what figures leave out is no judgement of its own."""
    return [
        flag.name.lower()
        for flag in (QualityFlag.OUTLIER, QualityFlag.RATE, QualityFlag.STUCK, QualityFlag.EXCURSION)
        if flag & flags and flag.name
    ]


@dataclass(frozen=True)
class QualityLimits(ColumnTable):
    """What may change, by slot (``plausible_change.Change``); times in microseconds, rates per hour.

    ``apart``: how far apart neighbours may be. ``rejects``: whether the figures leave out what is judged to be wrong.
    """

    neighbours: Ints
    deviations: Floats
    outlier_from: Floats
    rate_from: Floats
    max_rate: Floats
    stuck_after: Ints
    apart: Ints
    rejects: Mask

    @property
    def reach(self) -> Ints:
        """How far from a reading others decide what it is: its neighbours, and theirs."""
        return np.where(self.neighbours > 0, 2 * np.maximum(self.neighbours, BESIDE_A_SPIKE), 0) * self.apart

    @property
    def is_checked(self) -> Mask:
        """Which slots are judged at all."""
        checked: Mask = np.isfinite(self.outlier_from) | np.isfinite(self.max_rate) | (self.stuck_after > 0)
        return checked


def quality_flags(readings: Readings, changes: QualityLimits) -> Ints:
    """Return the flags of each reading, 0 for nearly all; those whose context was not read whole are not to be used."""
    flags = np.zeros(len(readings), np.int64)
    steps = _suspicious(readings, changes)
    if not len(steps):
        return flags
    too_fast = steps[_is_too_fast(readings, changes, steps)]
    flags[too_fast + 1] |= QualityFlag.RATE
    spikes = _spikes(readings, changes, too_fast)
    flags[spikes + 1] &= ~int(QualityFlag.RATE)  # the way back is no fault of the reading after the spike
    flags[spikes] |= QualityFlag.RATE
    outliers = _outliers(readings, changes, steps)
    wrong = np.union1d(spikes, outliers)
    alone = wrong[~_in_a_long_run(wrong, readings, changes)]
    flags[np.intersect1d(alone, outliers)] |= QualityFlag.OUTLIER
    flags[alone[changes.rejects[readings.slot[alone]]]] |= QualityFlag.REJECTED
    return flags


def _suspicious(readings: Readings, changes: QualityLimits) -> Ints:
    """Return the readings from which it is so far to the next one that anything around may be judged.

    An outlier is off the median of its neighbours, so off some neighbour on either side: one step on the way there is
    at least its share of the tolerance. Nearly all readings are done with by this one comparison.
    """
    least = np.minimum(changes.outlier_from / np.maximum(changes.neighbours, 1), changes.rate_from)
    step = np.abs(readings.value[1:] - readings.value[:-1])
    return np.flatnonzero((step > least[readings.slot[:-1]]) & (readings.slot[1:] == readings.slot[:-1]))


def _is_too_fast(readings: Readings, changes: QualityLimits, steps: Ints) -> Mask:
    slot, length = readings.slot[steps], readings.time[steps + 1] - readings.time[steps]
    change = np.abs(readings.value[steps + 1] - readings.value[steps])
    too_fast: Mask = (
        (change > changes.rate_from[slot])
        & (change > changes.max_rate[slot] * (length / HOUR))
        & (length <= changes.apart[slot])
    )
    return too_fast


def _spikes(readings: Readings, changes: QualityLimits, too_fast: Ints) -> Ints:
    """Return single readings to which, and back from which, the quantity moved too fast."""
    middle = np.intersect1d(too_fast + 1, too_fast)
    value, time, slot = readings.value, readings.time, readings.slot[middle]
    there, back = value[middle] - value[middle - 1], value[middle + 1] - value[middle]
    across, length = np.abs(there + back), time[middle + 1] - time[middle - 1]
    possible = (across <= changes.rate_from[slot]) | (across <= changes.max_rate[slot] * (length / HOUR))
    found = middle[(there * back < 0) & possible]
    found, window = _windows(readings, changes, found, BESIDE_A_SPIKE)
    spikes: Ints = found[
        np.abs(value[found] - np.median(value[window], axis=1)) > changes.rate_from[readings.slot[found]]
    ]
    return spikes


def _outliers(readings: Readings, changes: QualityLimits, steps: Ints) -> Ints:
    """Return the readings that the Hampel identifier finds, among those near one of ``steps``."""
    found = [np.empty(0, np.int64)]
    of_step = changes.neighbours[readings.slot[steps]]
    for count in np.unique(of_step).tolist():
        near = np.unique(steps[of_step == count][:, None] + np.arange(1 - count, count + 1))
        found.append(_hampel(readings, changes, near, count))
    return np.sort(np.concatenate(found))


def _hampel(readings: Readings, changes: QualityLimits, at: Ints, count: int) -> Ints:
    """Return those ``at`` that are outliers of the window of ``count`` neighbours on each side."""
    at, window = _windows(readings, changes, at, count)
    slot, values = readings.slot[at], readings.value[window]
    median = np.median(values, axis=1)
    spread = SCALE * np.median(np.abs(values - median[:, None]), axis=1)
    bound = np.maximum(changes.outlier_from[slot], changes.deviations[slot] * spread)
    outliers: Ints = at[np.abs(readings.value[at] - median) > bound]
    return outliers


def _windows(readings: Readings, changes: QualityLimits, at: Ints, count: int) -> tuple[Ints, Ints]:
    """Return those ``at`` that have ``count`` neighbours on each side, and what is in the window of each."""
    at = at[(at >= count) & (at < len(readings) - count)]
    window = at[:, None] + np.arange(-count, count + 1)
    slot = readings.slot[at]
    same = (readings.slot[window[:, 0]] == slot) & (readings.slot[window[:, -1]] == slot)
    close = (np.diff(readings.time[window], axis=1) <= changes.apart[slot][:, None]).all(axis=1)
    return at[same & close], window[same & close]


def _in_a_long_run(wrong: Ints, readings: Readings, changes: QualityLimits) -> Mask:
    """Return which of ``wrong`` are in a row of more than there are neighbours on a side: so it is, then.

    A thermostat that goes to and fro makes every reading an outlier of its neighbours.
    """
    starts = np.concatenate([[True], np.diff(wrong) > 1])[: len(wrong)]
    run = np.cumsum(starts) - 1
    long: Mask = np.bincount(run)[run] > changes.neighbours[readings.slot[wrong]] if len(wrong) else starts
    return long
