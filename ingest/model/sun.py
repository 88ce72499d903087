"""Where the sun stands over a place: declination, hour angle and height; a pure function of time.

Instants are microseconds, places degrees (north and east positive). The sun's place is astral's, taken at midnights and
linear between them: within 0.01 degrees of astral's own, refraction left out.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from astral.julian import julianday, julianday_to_juliancentury
from astral.sun import eq_of_time, sun_declination

from ingest.model.observation import FloatColumn, IntColumn
from ingest.model.time import DAY, MINUTE, from_micros


@dataclass(frozen=True)
class Sun:
    """Where the sun stands at some instants: ``declination`` and ``hour_angle`` (zero at noon), both in radians."""

    declination: FloatColumn
    hour_angle: FloatColumn

    def height(self, latitude: float | FloatColumn) -> FloatColumn:
        """Return the sine of the sun's height over the horizon, negative at night; ``latitude`` in degrees."""
        across = np.cos(np.radians(latitude)) * np.cos(self.declination) * np.cos(self.hour_angle)
        return np.asarray(np.sin(np.radians(latitude)) * np.sin(self.declination) + across)


def sun(times: IntColumn, longitude: float | FloatColumn) -> Sun:
    """Return where the sun stands at ``times`` (microseconds) over ``longitude`` (degrees)."""
    day, passed = np.divmod(times, DAY)
    share = passed / DAY
    days, position = np.unique(day, return_inverse=True)
    today, tomorrow = (np.array([_elements(int(each)) for each in which]).T[:, position] for which in (days, days + 1))
    declination, minutes = today + (tomorrow - today) * share
    hour_angle = 2.0 * np.pi * (share - 0.5 + longitude / 360.0 + minutes * MINUTE / DAY)
    return Sun(np.radians(declination), np.asarray(hour_angle))


@lru_cache(maxsize=4096)
def _elements(day: int) -> tuple[float, float]:
    """Return declination [deg] and equation of time [min] at the beginning of a UTC day since 1970."""
    century = julianday_to_juliancentury(julianday(from_micros(day * DAY)))
    return sun_declination(century), eq_of_time(century)
