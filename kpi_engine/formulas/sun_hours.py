"""How long the sun stands below a height, hour by hour: its real place, without refraction (ingest.model.sun).

The height is linear between instants five minutes apart: a crossing is within seconds of the exact one, unless the sun
just grazes the height.
"""

from functools import lru_cache
from typing import Final

import numpy as np

from ingest.model.observation import FloatColumn
from ingest.model.sun import sun
from ingest.model.time import HOUR, MINUTE

STEP: Final = 5 * MINUTE  # every civil hour begins at a multiple of it


@lru_cache(maxsize=16_384)
def hours_below(latitude: float, longitude: float, edges: tuple[int, ...], height: float) -> FloatColumn:
    """Return how many hours the sun stands below ``height`` [deg] between neighbouring ``edges`` (microseconds)."""
    times = np.append(np.arange(edges[0], edges[-1], STEP), edges[-1])
    above = sun(times, longitude).height(latitude) - np.sin(np.radians(height))
    low, high = np.minimum(above[:-1], above[1:]), np.maximum(above[:-1], above[1:])
    share = np.clip(-low / np.maximum(high - low, 1e-15), 0.0, 1.0)
    hours: FloatColumn = np.add.reduceat(share * np.diff(times) / HOUR, np.searchsorted(times, edges[:-1]))
    hours.flags.writeable = False
    return hours
