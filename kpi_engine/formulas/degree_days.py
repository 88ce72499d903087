"""Degree days [K.d] from the mean temperatures of civil days, by named rules that differ in base and threshold.

Rules of different names are not comparable: at a mean of 16 degC, one base gives 1 K.d and another one nothing.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from kpi_engine.bounded import Bounded

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class DegreeDayRule:
    """Days up to ``limit`` (``heating``), or from it on, count their distance from ``base``; all in degC."""

    name: str
    base: float
    limit: float
    heating: bool

    def of(self, mean: Floats) -> Floats:
        """Return the degree days of each day from its mean temperature."""
        if self.heating:
            return np.where(mean <= self.limit, self.base - mean, 0.0)
        return np.where(mean >= self.limit, mean - self.base, 0.0)


# Eurostat and JRC, nrg_chdd (read in files that quote its metadata): not continuous at the limit.
EUROSTAT_HEATING: Final = DegreeDayRule("eurostat-heating", 18.0, 15.0, heating=True)
EUROSTAT_COOLING: Final = DegreeDayRule("eurostat-cooling", 21.0, 24.0, heating=False)
# Danish graddage (recalled): every day below 17 degC counts.
BASE_17: Final = DegreeDayRule("graddage-17", 17.0, 17.0, heating=True)


def degree_days(rule: DegreeDayRule, mean: Floats, lower: Floats, upper: Floats) -> Bounded:
    """Return the sum over days; ``lower`` and ``upper`` bound the mean of each day. NaN leaves no value."""
    value = float(np.sum(rule.of(mean)))
    value = float("nan") if np.isnan(mean).any() else value
    ends = (upper, lower) if rule.heating else (lower, upper)  # a warmer day never has more degree days of heating
    least, most = (float(np.sum(rule.of(end))) for end in ends)
    return Bounded(None if np.isnan(value) else value, least, most).with_value(None if np.isnan(value) else value)


def normalised(energy: Bounded, independent_share: float, reference: float, actual: Bounded) -> Bounded:
    """Return what would have been used in the reference weather: E_base + (E - E_base) x HDD_ref / HDD_act.

    E_base is ``independent_share`` (0 to 1) of the energy: hot water and whatever else the weather does not move.
    ``actual`` is positive, else there is no value.
    """
    if energy.value is None or actual.value is None or actual.lower <= 0.0:
        return Bounded(None)
    dependent = 1.0 - independent_share
    by = [independent_share + dependent * reference / days for days in (actual.upper, actual.value, actual.lower)]
    ends = [end * factor for end in (energy.lower, energy.upper) for factor in (by[0], by[2])]
    return Bounded(energy.value * by[1], min(ends), max(ends)).with_value(energy.value * by[1])
