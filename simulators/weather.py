"""Outdoor temperature [degC] as a pure function of seed, climate and time.

Annual cycle plus weather that lasts for days plus a diurnal cycle in solar time: a plausible climate of temperate
Europe, neither a forecast nor a measured year.
"""

from dataclasses import dataclass, field
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
    """How temperature behaves at a place: latitude and longitude in degrees, the rest in K or degC."""

    latitude: float
    longitude: float
    annual_amplitude: float = 8.3
    diurnal_amplitude: float = 3.2
    weather_deviation: float = 3.3
    mean: float = field(init=False)

    def __post_init__(self) -> None:
        """Derive the yearly mean from the latitude: about 9 degC in southern Denmark, 14 degC in Madrid."""
        object.__setattr__(self, "mean", 28.2 - 0.35 * abs(self.latitude))


def daily_mean(seed: int, climate: Climate, times: IntColumn) -> FloatColumn:
    """Return the temperature without its daily course: what a building's mass feels."""
    phase = 2.0 * np.pi * ((times - _COLDEST) % _YEAR) / _YEAR
    season = -copysign(climate.annual_amplitude, climate.latitude) * np.cos(phase)
    weather = sum(
        (share**0.5 * smooth(derive(seed, "weather", str(period)), times, period) for period, share in _SLOW),
        start=np.zeros(len(times)),
    )
    return np.asarray(climate.mean + season + climate.weather_deviation * weather)


def outdoor_temperature(seed: int, climate: Climate, times: IntColumn) -> FloatColumn:
    """Return the temperature at each of ``times`` (microseconds)."""
    solar = times + int(climate.longitude / 360.0 * DAY)
    height = np.cos(2.0 * np.pi * ((times - _COLDEST) % _YEAR) / _YEAR)
    amplitude = climate.diurnal_amplitude * (1.0 - copysign(0.55, climate.latitude) * height)
    diurnal = amplitude * np.cos(2.0 * np.pi * ((solar - _WARMEST_HOUR) % DAY) / DAY)
    gusts = 0.6 * smooth(derive(seed, "weather", "gusts"), times, _FAST)
    return np.asarray(daily_mean(seed, climate, times) + diurnal + gusts)
