"""District heating: heat meters at plant and substation (EN 1434), pumps, and the weather the network answers to."""

from typing import Final

from ingest.model.device_types import HEAT_METER, WEATHER_STATION
from ingest.model.vertical import DeviceType, Vertical

VERTICAL: Final = Vertical(
    name="district_heating",
    title="District heating",
    device_types=(
        HEAT_METER,
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
            carrier="heat",
            direction="production",
        ),
        DeviceType(
            name="circulation_pump",
            title="Circulation pump of a heat network",
            quantities=("electricity_energy", "electricity_power"),
            carrier="electricity",
            direction="consumption",
            is_auxiliary=True,
        ),
        WEATHER_STATION,
    ),
)
