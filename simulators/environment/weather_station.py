"""A weather station: the sky that the whole city shares, as instruments see it."""

from dataclasses import dataclass

from simulators.device import Readings
from simulators.noise import IntColumn
from simulators.place import Place


@dataclass(frozen=True)
class WeatherStation:
    """Thermometer and hygrometer in the shade, pyranometer on a mast, anemometer at 10 m."""

    place: Place

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ``times``."""
        conditions = self.place.at(times)
        return {
            "outdoor_temperature": conditions.outdoor_temperature,
            "global_irradiance": conditions.irradiance.total,
            "wind_speed": conditions.wind_speed,
            "relative_humidity": conditions.relative_humidity,
        }
