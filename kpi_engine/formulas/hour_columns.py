"""Columns of hours with their bounds, and what stands for hours that are not known.

An hour that is not known takes the mean of the same hour of the days around it, within its own bounds; its bounds stay.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

import numpy as np
import numpy.typing as npt

from kpi_engine.formulas.bounded import Bounded

Floats = npt.NDArray[np.float64]

DAY_HOURS: Final = 24
DAYS_AROUND: Final = 15


@dataclass(frozen=True)
class BoundedHours:
    """An amount by the hour: ``value``, NaN where not known, between ``lower`` and ``upper``, which may be infinite."""

    value: Floats
    lower: Floats
    upper: Floats

    @property
    def is_known(self) -> npt.NDArray[np.bool_]:
        """Which hours are known."""
        return ~np.isnan(self.value)

    def filled(self) -> "BoundedHours":
        """Return the hours with what stands for those that are not known; NaN stays where nothing is known at all."""
        if self.is_known.all() or not self.is_known.any():
            return self
        value = np.clip(_substituted(self.value), self.lower, self.upper)
        return BoundedHours(value, np.fmin(self.lower, value), np.fmax(self.upper, value))

    def __add__(self, other: "BoundedHours") -> "BoundedHours":
        return BoundedHours(self.value + other.value, self.lower + other.lower, self.upper + other.upper)

    def __sub__(self, other: "BoundedHours") -> "BoundedHours":
        return BoundedHours(self.value - other.value, self.lower - other.upper, self.upper - other.lower)

    def non_negative(self) -> "BoundedHours":
        """Return the hours with nothing below 0: of what cannot be negative, whatever its parts say."""
        return BoundedHours(*(np.maximum(column, 0.0) for column in (self.value, self.lower, self.upper)))

    def over_steps(self, hours: Sequence[int]) -> "BoundedHours":
        """Return the sums over steps of so many hours each, which follow each other and hold every hour."""
        starts = np.concatenate([[0], np.cumsum(hours)[:-1]]).astype(np.int64)
        return BoundedHours(*(np.add.reduceat(column, starts) for column in (self.value, self.lower, self.upper)))

    def total(self) -> Bounded:
        """Return the sum over all hours; no value where an hour has none."""
        value = float(self.value.sum()) if len(self.value) else np.nan
        found = Bounded(None if np.isnan(value) else value, _sum(self.lower, -np.inf), _sum(self.upper, np.inf))
        return found.with_value(found.value)


def least_of(one: BoundedHours, other: BoundedHours) -> BoundedHours:
    """Return hour by hour the smaller of two amounts."""
    return _both(np.minimum, one, other)


def greatest_of(one: BoundedHours, other: BoundedHours) -> BoundedHours:
    """Return hour by hour the larger of two amounts."""
    return _both(np.maximum, one, other)


def peak(hours: BoundedHours) -> Bounded:
    """Return the largest hour: at least the largest lower bound, at most the largest upper one."""
    if not len(hours.value) or not hours.is_known.any():
        return Bounded(None)
    value = float(np.nanmax(hours.value))
    return Bounded(value, float(np.max(hours.lower)), float(np.max(hours.upper))).with_value(value)


def percentile(hours: BoundedHours, share: float) -> Bounded:
    """Return the hour below which ``share`` (0 to 1) of all hours lie, interpolated linearly between neighbours."""
    if not len(hours.value) or not hours.is_known.all():
        return Bounded(None)
    value = _quantile(hours.value, share)
    return Bounded(value, _quantile(hours.lower, share), _quantile(hours.upper, share)).with_value(value)


def _quantile(values: Floats, share: float) -> float:
    """Return a quantile, also where some values are infinite, between which nothing can be interpolated."""
    place = share * (len(values) - 1)
    low, high = np.sort(values)[[int(np.floor(place)), int(np.ceil(place))]].tolist()
    return float(low + (high - low) * (place - np.floor(place))) if isfinite(low) and isfinite(high) else float(high)


def _both(of: Callable[[Floats, Floats], Floats], one: BoundedHours, other: BoundedHours) -> BoundedHours:
    return BoundedHours(of(one.value, other.value), of(one.lower, other.lower), of(one.upper, other.upper))


def _sum(values: Floats, unknown: float) -> float:
    found = float(values.sum())
    return unknown if np.isnan(found) else found


def _substituted(value: Floats) -> Floats:
    found = value.copy()
    overall = float(np.nanmean(value))
    for place in np.flatnonzero(np.isnan(value)).tolist():
        same = value[place % DAY_HOURS :: DAY_HOURS]
        mid = place // DAY_HOURS
        near = same[max(mid - DAYS_AROUND, 0) : mid + DAYS_AROUND + 1]
        known = near[~np.isnan(near)]
        found[place] = known.mean() if len(known) else overall
    return found
