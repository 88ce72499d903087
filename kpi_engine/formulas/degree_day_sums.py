"""Degree days of many days [K.d] with their bounds, by a definition, and what a normal year would have taken. Pure."""

import numpy as np
import numpy.typing as npt

from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.degree_days import DegreeDays

Floats = npt.NDArray[np.float64]


def heating(by: DegreeDays, mean: Floats, lower: Floats, upper: Floats) -> Bounded:
    """Return the sum over days; ``lower`` and ``upper`` bound the mean of each day. NaN leaves no value."""
    return _summed(*map(by.heating, (mean, upper, lower)))  # a warmer day never has more degree days of heating


def cooling(by: DegreeDays, mean: Floats, lower: Floats, upper: Floats) -> Bounded:
    """Return the same of days that are cooled."""
    return _summed(*map(by.cooling, (mean, lower, upper)))


def _summed(days: Floats, least: Floats, most: Floats) -> Bounded:
    value = float(np.sum(days))
    known = None if np.isnan(value) else value
    return Bounded(known, float(np.sum(least)), float(np.sum(most))).with_value(known)


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
