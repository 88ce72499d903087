"""What all devices of a city share: the clock on its walls and the sky above it, at the points of the raster.

Both are computed once for all devices that ask for the same days.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from simulators import insolation, weather
from simulators.civil_clock import hour_of_day, local
from simulators.noise import FloatColumn, IntColumn
from simulators.raster import points
from simulators.weather import Climate

_KNOWN_STRETCHES: Final = 8


@dataclass(frozen=True)
class Place:
    """A city as its devices feel it; ``sky`` is the seed of its weather."""

    zone: str
    climate: Climate
    sky: int

    def during(self, begin: int, end: int) -> "Conditions":
        """Return the conditions during the days [begin, end) since installation."""
        return _during(self, begin, end)

    def at(self, times: IntColumn) -> "Conditions":
        """Return the conditions at ascending ``times`` (microseconds)."""
        return Conditions(self, times)


class Conditions:
    """Clock and sky of a place at ``times``; each is computed when it is first asked for."""

    def __init__(self, place: Place, times: IntColumn) -> None:
        self.place, self.times = place, times

    @cached_property
    def wall(self) -> IntColumn:
        """Microseconds on the clock of the place's zone."""
        return local(self.times, self.place.zone)

    @cached_property
    def hour(self) -> FloatColumn:
        """Hours since midnight on that clock."""
        return hour_of_day(self.wall)

    @cached_property
    def daily_mean(self) -> FloatColumn:
        """Outdoor temperature in degC without its daily course."""
        return weather.daily_mean(self.place.sky, self.place.climate, self.times)

    @cached_property
    def outdoor_temperature(self) -> FloatColumn:
        """Outdoor temperature in degC."""
        return weather.outdoor_temperature(self.place.sky, self.place.climate, self.times)

    @cached_property
    def wind_speed(self) -> FloatColumn:
        """Wind in m/s."""
        return weather.wind_speed(self.place.sky, self.place.climate, self.times)

    @cached_property
    def relative_humidity(self) -> FloatColumn:
        """Relative humidity of the air outdoors in percent."""
        return weather.relative_humidity(self.place.sky, self.place.climate, self.times)

    @cached_property
    def irradiance(self) -> insolation.Irradiance:
        """What the sun sends, in W/m2."""
        return insolation.irradiance(self.place.sky, self.place.climate, self.times)


@lru_cache(maxsize=_KNOWN_STRETCHES)
def _during(place: Place, begin: int, end: int) -> Conditions:
    return Conditions(place, points(begin, end))
