"""The temperature of days from that of hours. Pure.

CalTRACK 2.0: up to six missing hours in a row are interpolated (2.2.4.1), of temperature only; a day of which more than
half of the hours were not measured has none (2.2.2.3). What is missing for longer is left out of the mean of its day.
"""

import numpy as np

from ingest.model.observation import FloatColumn, IntColumn


def interpolated(hours: FloatColumn, longest: int) -> FloatColumn:
    """Return hours with gaps of at most ``longest`` filled linearly between the hours on both sides."""
    known = np.flatnonzero(np.isfinite(hours))
    if not len(known):
        return hours
    places = np.arange(len(hours))
    following = np.searchsorted(known, places)
    inside = (following > 0) & (following < len(known))
    after = known[np.minimum(following, len(known) - 1)]
    before = known[np.maximum(following - 1, 0)]
    short = inside & (after - before - 1 <= longest) & np.isnan(hours)
    return np.where(short, np.interp(places, known, hours[known]), hours)


def day_means(hours: FloatColumn, day: IntColumn, days: int, longest: int, least_share: float) -> FloatColumn:
    """Return the mean of each of ``days`` days; ``day`` is the place of each hour's day, NaN what was not measured."""
    measured = np.bincount(day[np.isfinite(hours)], minlength=days)
    whole = np.bincount(day, minlength=days)
    filled = interpolated(hours, longest)
    known = np.isfinite(filled)
    sums = np.bincount(day[known], weights=filled[known], minlength=days)
    counts = np.bincount(day[known], minlength=days)
    is_enough = (measured >= least_share * whole) & (counts > 0)
    return np.where(is_enough, sums / np.maximum(counts, 1), np.nan)
