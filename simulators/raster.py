"""Rates that are polynomials on a quarter-hour raster, and the registers that count them exactly.

A rate (kW, m3/h) is given by its values at the points of the raster and is linear between them; products of two such
values are quadratic. A register counts a rate per hour since the meter was installed. So registers never contradict
gauges, a sum of meters is the meter of the sum, and a value is the same whether it is asked for live or years later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from ingest.model.time import DAY, HOUR, MINUTE
from simulators.device import INSTALLED, since_installation
from simulators.noise import FloatColumn, IntColumn

STEP: Final = 15 * MINUTE
CELLS: Final = DAY // STEP

_STEP_HOURS: Final = STEP / HOUR
_KNOWN_DAYS: Final = 4  # live, and the days of history around it

Polynomials = npt.NDArray[np.float64]
"""Rates by cell: shape (rates, 3, cells); the coefficients of 1, s and s2, where s is the share of the cell passed."""

Rates = Callable[[int, int], Polynomials]
"""The rates during the days [begin, end) since installation."""


def points(begin: int, end: int) -> IntColumn:
    """Return the raster's instants of the days [begin, end) since installation, both edges included."""
    return np.asarray(INSTALLED + begin * DAY + np.arange((end - begin) * CELLS + 1) * STEP)


def linear(values: FloatColumn) -> Polynomials:
    """Return the one rate that is linear between ``values`` at the raster's points."""
    rise = np.diff(values)
    return np.stack([values[:-1], rise, np.zeros(len(rise))])[np.newaxis]


def product(a: FloatColumn, b: FloatColumn) -> Polynomials:
    """Return the one rate that is the product of two, each linear between its values at the raster's points."""
    a0, b0, da, db = a[:-1], b[:-1], np.diff(a), np.diff(b)
    return np.stack([a0 * b0, a0 * db + b0 * da, da * db])[np.newaxis]


@dataclass(frozen=True)
class Count:
    """What a counter shows at some instants: rates and registers, shape (rates, instants) each."""

    rates: npt.NDArray[np.float64]
    registers: npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Days:
    """Consecutive days: rates by cell, and the registers at the beginning of each cell."""

    rates: Polynomials
    opening: npt.NDArray[np.float64]

    def at(self, since: IntColumn) -> Count:
        """Return rates and registers at instants since the first midnight."""
        cell, rest = np.divmod(since, STEP)
        share = rest / STEP
        constant, slope, bend = self.rates[:, 0, cell], self.rates[:, 1, cell], self.rates[:, 2, cell]
        counted = share * (constant + share * (slope / 2.0 + share * bend / 3.0))
        return Count(
            rates=constant + share * (slope + share * bend),
            registers=self.opening[:, cell] + _STEP_HOURS * counted,
        )


class Counter:
    """Registers that begin at zero on the day of installation and count ``rates`` from there."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._totals = np.zeros((1, 1))  # registers at the beginning of each day: shape (rates, days)
        self._days = lru_cache(maxsize=_KNOWN_DAYS)(self._compute_days)

    def at(self, times: IntColumn) -> Count:
        """Return rates and registers at ascending ``times``; before installation is a SimulationError."""
        since = since_installation(times)
        first, last = (int(each) // DAY for each in since[[0, -1]])
        return self._days(first, last + 1).at(since - first * DAY)

    def _compute_days(self, begin: int, end: int) -> _Days:
        """Sum registers day by day from the start, whatever was asked for, so that sums round alike."""
        self._extend(end - 1)
        rates = self.rates(begin, end)
        counted = _per_day(rates)
        opening = np.concatenate([np.zeros((*counted.shape[:2], 1)), counted[:, :, :-1]], axis=2)
        opening += self._totals[:, begin:end, np.newaxis]
        return _Days(rates, opening.reshape(len(rates), -1))

    def _extend(self, day: int) -> None:
        known = self._totals.shape[1] - 1
        if day > known:
            counted = _per_day(self.rates(known, day))[:, :, -1]
            latest = np.broadcast_to(self._totals[:, -1:], (len(counted), 1))
            fresh = np.concatenate([latest, counted], axis=1).cumsum(axis=1)
            earlier = np.broadcast_to(self._totals, (len(counted), known + 1))
            self._totals = np.concatenate([earlier, fresh[:, 1:]], axis=1)


def _per_day(rates: Polynomials) -> npt.NDArray[np.float64]:
    """Return what each cell's end adds to its day's beginning: rates, days, cells."""
    whole = _STEP_HOURS * (rates[:, 0] + rates[:, 1] / 2.0 + rates[:, 2] / 3.0)
    return np.asarray(whole.reshape(len(rates), -1, CELLS).cumsum(axis=2))
