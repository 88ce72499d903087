"""What the sun sends through the clouds: irradiance [W/m2] on the ground and on a roof, a pure function of time.

A sky without clouds is Haurwitz's (1945), its dimming by cloud Kasten and Czeplak's (1980); both formulas recalled. The
roof faces the equator.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.sun import Sun, sun
from ingest.model.time import DAY, MINUTE
from simulators.noise import FloatColumn, IntColumn, derive, smooth
from simulators.weather import Climate

_LOWEST_SUN: Final = 0.05  # sine of the height below which a roof sees no beam: neighbours and hills
_CLOUDS: Final = ((3 * DAY, 0.50), (20 * 60 * MINUTE, 0.30), (90 * MINUTE, 0.20))  # fronts, days, single clouds


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
