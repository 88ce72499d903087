"""Hours of a gauge with their bounds: a known hour is its mean, and a short silence lies near its neighbours.

A silence of at most 6 hours between two known ones is interpolated linearly, and lies within what the quantity usually
changes in an hour, for each hour from the nearer one. In any other one it may have been whatever is plausible.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ingest.model.quantities.quantity import QUANTITIES
from kpi_engine.formulas.hour_columns import BoundedHours

INTERPOLATED: Final = 6  # hours: of temperature, CalTRACK 2.0, 2.2 to 2.4 (read)


def bounded_gauge(raw: npt.NDArray[np.float64], quantity: str) -> BoundedHours:
    """Return the hours of a gauge, NaN where not known; short silences are interpolated, other values stay NaN."""
    low, high = QUANTITIES[quantity].plausible
    unknown = np.isnan(raw)
    lower, upper = np.where(unknown, low, raw), np.where(unknown, high, raw)
    known, places = np.flatnonzero(~unknown), np.arange(len(raw))
    if len(known) < 2 or not unknown.any():
        return BoundedHours(raw, lower, upper)
    after = np.clip(np.searchsorted(known, places), 1, len(known) - 1)
    before, behind = known[after - 1], known[after]
    short = unknown & (before < places) & (places < behind) & (behind - before - 1 <= INTERPOLATED)
    value = np.where(short, np.interp(places, known, raw[known]), raw)
    near, far = np.minimum(raw[before], raw[behind]), np.maximum(raw[before], raw[behind])
    reach = (QUANTITIES[quantity].usual.tolerance or high - low) * np.minimum(places - before, behind - places)
    lower = np.where(short, np.maximum(near - reach, low), lower)
    upper = np.where(short, np.minimum(far + reach, high), upper)
    return BoundedHours(value, lower, upper)
