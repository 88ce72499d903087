"""What the verticals answer to: the weather, and how much the grid emits for each kWh it delivers."""

from typing import Final

from ingest.model.device_types import WEATHER_STATION
from ingest.model.vertical import DeviceType, Vertical

VERTICAL: Final = Vertical(
    name="environment",
    title="Environment",
    device_types=(
        WEATHER_STATION,
        DeviceType(
            name="grid_signal",
            title="Grid signal",
            quantities=("grid_emission_factor", "grid_renewable_share", "electricity_price"),
        ),
    ),
)
