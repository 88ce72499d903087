"""Sums and extremes of many small groups at once.

Sums run in the order of the rows, so that the same rows in the same order give the same bits; ``exact_sums`` are
rounded once.
"""

from dataclasses import dataclass
from math import fsum
from typing import TypeVar

import numpy as np

from processors.steps.columns import ABSENT, Floats, Ints

Column = TypeVar("Column", Ints, Floats)


@dataclass(frozen=True)
class Groups:
    """Which of ``count`` groups each row belongs to."""

    of: Ints
    count: int

    def sums(self, values: Floats) -> Floats:
        """Return the sum of each group, 0 for a group without rows."""
        return np.bincount(self.of, weights=values, minlength=self.count).astype(np.float64)

    def sizes(self) -> Ints:
        """Return the number of rows of each group."""
        return np.bincount(self.of, minlength=self.count)

    def least(self, values: Floats) -> Floats:
        """Return the smallest value of each group, NaN for a group without one."""
        return _nan_where_infinite(self._extreme(np.fmin, values, np.inf))

    def most(self, values: Floats) -> Floats:
        """Return the largest value of each group, NaN for a group without one."""
        return _nan_where_infinite(self._extreme(np.fmax, values, -np.inf))

    def earliest(self, times: Ints) -> Ints:
        """Return the first time of each group, ABSENT for a group without one."""
        latest = np.iinfo(np.int64).max
        found = self._extreme(np.minimum, np.where(times == ABSENT, latest, times), latest)
        return np.where(found == latest, ABSENT, found)

    def latest(self, times: Ints) -> Ints:
        """Return the last time of each group, ABSENT for a group without one."""
        return self._extreme(np.maximum, times, ABSENT)

    def exact_sums(self, values: Floats) -> Floats:
        """Return each group's exactly rounded sum, NaN where it has no number; rows are sorted by group."""
        present = ~np.isnan(values)
        sizes = Groups(self.of[present], self.count).sizes()
        numbers, ends = values[present].tolist(), np.cumsum(sizes)
        begins = zip(ends - sizes, ends, strict=True)
        return np.array([fsum(numbers[a:b]) if b > a else np.nan for a, b in begins], np.float64)

    def _extreme(self, ufunc: np.ufunc, values: Column, initial: float) -> Column:
        result = np.full(self.count, initial, dtype=values.dtype)
        ufunc.at(result, self.of, values)
        return result


def _nan_where_infinite(values: Floats) -> Floats:
    return np.where(np.isinf(values), np.nan, values)
