"""Buildings: meters and sub-meters of electricity and heat, photovoltaics, and the climate of their rooms."""

from typing import Final

from ingest.model.device_types import HEAT_METER
from ingest.model.vertical import DeviceType, Vertical

VERTICAL: Final = Vertical(
    name="buildings",
    title="Buildings",
    device_types=(
        DeviceType(
            name="electricity_meter",
            title="Electricity meter",
            quantities=("electricity_energy", "electricity_power"),
            carrier="electricity",
        ),
        HEAT_METER,
        DeviceType(
            name="photovoltaic_inverter",
            title="Photovoltaic inverter",
            quantities=("electricity_energy", "electricity_power"),
            carrier="electricity",
            direction="production",
        ),
        DeviceType(
            name="indoor_climate_sensor",
            title="Indoor climate sensor",
            quantities=("indoor_temperature", "relative_humidity", "co2_concentration"),
        ),
    ),
)
