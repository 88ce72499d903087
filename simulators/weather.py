"""The air outdoors as a pure function of seed, climate and time: temperature [degC], wind [m/s], humidity [percent].

Annual cycle plus weather that lasts for days plus a diurnal cycle in solar time: a plausible climate of temperate
Europe, neither a forecast nor a measured year. All verticals of a city share one sky: the same seed and climate.
"""

from dataclasses import dataclass
from math import copysign
from typing import Final

import numpy as np

from ingest.model.time import DAY, HOUR
from simulators.noise import FloatColumn, IntColumn, derive, smooth

_YEAR: Final = int(365.2425 * DAY)
_COLDEST: Final = 25 * DAY  # the last days of January; half a year later in the south
_WARMEST_HOUR: Final = 15 * HOUR

# Correlation time and share of the variance of the weather: fronts, days, and what the sky does within a day.
_SLOW: Final = ((9 * DAY, 0.45), (3 * DAY, 0.40), (30 * HOUR, 0.15))
_FAST: Final = 5 * HOUR


@dataclass(frozen=True)
class Climate:
    """How the weather behaves at a place: latitude and longitude in degrees, temperatures in K or degC, wind in m/s."""

    latitude: float
    longitude: float
    annual_amplitude: float = 8.3
    diurnal_amplitude: float = 3.2
    weather_deviation: float = 3.3
    mean_wind: float = 4.5

    @property
    def mean(self) -> float:
        """The yearly mean temperature by latitude: about 9 degC in southern Denmark, 14 degC in Madrid."""
        return 28.2 - 0.35 * abs(self.latitude)

    @property
    def cloudiness(self) -> float:
        """How clouded the sky usually is, on the scale of ``insolation.cloud_cover``: more towards the poles."""
        return 0.035 * (abs(self.latitude) - 45.0) + 0.42

    def winter(self, times: IntColumn) -> FloatColumn:
        """Return 1 in the coldest days of the year, -1 in the warmest."""
        phase = 2.0 * np.pi * ((times - _COLDEST) % _YEAR) / _YEAR
        return np.asarray(copysign(1.0, self.latitude) * np.cos(phase))


def daily_mean(seed: int, climate: Climate, times: IntColumn) -> FloatColumn:
    """Return the temperature without its daily course: what a building's mass feels."""
    season = -climate.annual_amplitude * climate.winter(times)
    weather = sum(
        (share**0.5 * smooth(derive(seed, "weather", str(period)), times, period) for period, share in _SLOW),
        start=np.zeros(len(times)),
    )
    return np.asarray(climate.mean + season + climate.weather_deviation * weather)


def outdoor_temperature(seed: int, climate: Climate, times: IntColumn) -> FloatColumn:
    """Return the temperature at each of ``times`` (microseconds)."""
    solar = times + int(climate.longitude / 360.0 * DAY)
    amplitude = climate.diurnal_amplitude * (1.0 - 0.55 * climate.winter(times))
    diurnal = amplitude * np.cos(2.0 * np.pi * ((solar - _WARMEST_HOUR) % DAY) / DAY)
    gusts = 0.6 * smooth(derive(seed, "weather", "gusts"), times, _FAST)
    return np.asarray(daily_mean(seed, climate, times) + diurnal + gusts)


def wind_speed(seed: int, climate: Climate, times: IntColumn) -> FloatColumn:
    """Return the wind at each of ``times``: Rayleigh distributed around the climate's mean, stronger in winter."""
    across, along = (_wind(derive(seed, "wind", name), times) for name in ("across", "along"))
    mean = climate.mean_wind * (1.0 + 0.18 * climate.winter(times))
    return np.asarray(mean * np.sqrt(2.0 / np.pi) * np.hypot(across, along))


def relative_humidity(seed: int, climate: Climate, times: IntColumn) -> FloatColumn:
    """Return the relative humidity at each of ``times``, 15 to 100: the dew point keeps still while the day warms."""
    depression = 3.8 - 1.9 * climate.winter(times) + 1.3 * smooth(derive(seed, "dew point"), times, 2 * DAY)
    dew_point = daily_mean(seed, climate, times) - depression
    share = vapour_pressure(dew_point) / vapour_pressure(outdoor_temperature(seed, climate, times))
    return np.asarray((100.0 * share).clip(15.0, 100.0))


def vapour_pressure(temperature: FloatColumn) -> FloatColumn:
    """Return the saturation vapour pressure over water in hPa (Magnus, recalled) at ``temperature`` in degC."""
    return np.asarray(6.112 * np.exp(17.62 * temperature / (243.12 + temperature)))


def _wind(seed: int, times: IntColumn) -> FloatColumn:
    slow, fast = (smooth(derive(seed, str(period)), times, period) for period in (2 * DAY, 4 * HOUR))
    return np.asarray(0.93**0.5 * slow + 0.07**0.5 * fast)
