"""What the sun sends through the clouds: irradiance [W/m2] on the ground and on a roof, a pure function of time.

The sun's place is astral's, taken at midnights and linear between them; a sky without clouds is Haurwitz's (1945), its
dimming by cloud Kasten and Czeplak's (1980); both formulas recalled. The roof faces the equator.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from astral.julian import julianday, julianday_to_juliancentury
from astral.sun import eq_of_time, sun_declination

from ingest.model.time import DAY, MINUTE, from_micros
from simulators.noise import FloatColumn, IntColumn, derive, smooth
from simulators.weather import Climate

_LOWEST_SUN: Final = 0.05  # sine of the height below which a roof sees no beam: neighbours and hills
_CLOUDS: Final = ((3 * DAY, 0.50), (20 * 60 * MINUTE, 0.30), (90 * MINUTE, 0.20))  # fronts, days, single clouds


@dataclass(frozen=True)
class Sun:
    """Where the sun stands at some instants: ``declination`` and ``hour_angle`` (zero at noon), both in radians."""

    declination: FloatColumn
    hour_angle: FloatColumn

    def height(self, latitude: float) -> FloatColumn:
        """Return the sine of the sun's height over the horizon, negative at night; ``latitude`` in degrees."""
        across = np.cos(np.radians(latitude)) * np.cos(self.declination) * np.cos(self.hour_angle)
        return np.asarray(np.sin(np.radians(latitude)) * np.sin(self.declination) + across)


def sun(times: IntColumn, longitude: float) -> Sun:
    """Return where the sun stands at ``times`` (microseconds) over ``longitude`` (degrees)."""
    day, passed = np.divmod(times, DAY)
    share = passed / DAY
    days, position = np.unique(day, return_inverse=True)
    today, tomorrow = (np.array([_elements(int(each)) for each in which]).T[:, position] for which in (days, days + 1))
    declination, minutes = today + (tomorrow - today) * share
    hour_angle = 2.0 * np.pi * (share - 0.5 + longitude / 360.0 + minutes * MINUTE / DAY)
    return Sun(np.radians(declination), np.asarray(hour_angle))


@dataclass(frozen=True)
class Irradiance:
    """Irradiance at some instants in W/m2: ``total`` on the ground, ``diffuse`` the part of it from the whole sky."""

    sun: Sun
    latitude: float
    total: FloatColumn
    diffuse: FloatColumn

    def on_roof(self, tilt: float) -> FloatColumn:
        """Return W/m2 on a roof that is tilted by ``tilt`` degrees towards the equator."""
        facing = self.latitude - np.copysign(tilt, self.latitude)
        height, incidence = self.sun.height(self.latitude), self.sun.height(float(facing))
        ratio = np.where(height > _LOWEST_SUN, np.maximum(incidence, 0.0) / np.maximum(height, _LOWEST_SUN), 0.0)
        from_sky = self.diffuse * (1.0 + np.cos(np.radians(tilt))) / 2.0
        return np.asarray((self.total - self.diffuse) * ratio + from_sky)


def irradiance(seed: int, climate: Climate, times: IntColumn) -> Irradiance:
    """Return the irradiance at ``times`` (microseconds) under the weather of ``seed``."""
    where = sun(times, climate.longitude)
    height = np.maximum(where.height(climate.latitude), 0.0)
    clear = 1098.0 * height * np.exp(-0.057 / np.maximum(height, 1e-3))
    cover = cloud_cover(seed, climate, times)
    total = clear * (1.0 - 0.75 * cover**3.4)
    return Irradiance(where, climate.latitude, np.asarray(total), np.asarray(total * (0.18 + 0.82 * cover**2)))


def cloud_cover(seed: int, climate: Climate, times: IntColumn) -> FloatColumn:
    """Return the share of the sky that is clouded, 0 to 1: more in winter and towards the poles."""
    state = sum(
        (share**0.5 * smooth(derive(seed, "clouds", str(period)), times, period) for period, share in _CLOUDS),
        start=np.zeros(len(times)),
    )
    usual = climate.cloudiness + 0.3 * climate.winter(times)
    return np.asarray(1.0 / (1.0 + np.exp(-2.2 * (state + usual))))


@lru_cache(maxsize=4096)
def _elements(day: int) -> tuple[float, float]:
    """Return declination [deg] and equation of time [min] at the beginning of a UTC day since 1970."""
    century = julianday_to_juliancentury(julianday(from_micros(day * DAY)))
    return sun_declination(century), eq_of_time(century)
