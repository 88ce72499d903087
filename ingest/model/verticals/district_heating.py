"""District heating: heat meters at plant and substation (EN 1434), and the weather the network answers to."""

from typing import Final

from ingest.model.vertical import DeviceType, Vertical

VERTICAL: Final = Vertical(
    name="district_heating",
    title="District heating",
    device_types=(
        DeviceType(
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
        ),
        DeviceType(
            name="heat_plant",
            title="Heat plant",
            quantities=(
                "heat_energy",
                "heat_power",
                "heat_emission_factor",
                "supply_temperature",
                "return_temperature",
            ),
        ),
        DeviceType(name="weather_station", title="Weather station", quantities=("outdoor_temperature",)),
    ),
)
