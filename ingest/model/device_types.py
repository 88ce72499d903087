"""Types of device that stand in more than one vertical, so that a heat meter is the same wherever it hangs."""

from typing import Final

from ingest.model.vertical import DeviceType

HEAT_METER: Final = DeviceType(
    name="heat_meter",
    title="Heat meter",
    quantities=(
        "heat_energy",
        "volume",
        "volume_supply_temperature",
        "volume_return_temperature",
        "supply_temperature",
        "return_temperature",
        "heat_power",
        "flow",
    ),
    carrier="heat",
)

WEATHER_STATION: Final = DeviceType(
    name="weather_station",
    title="Weather station",
    quantities=("outdoor_temperature", "global_irradiance", "wind_speed", "relative_humidity"),
)
