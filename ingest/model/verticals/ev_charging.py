"""Charging of electric vehicles: charging points, one device per EVSE, which charges one vehicle at a time (OCPP)."""

from typing import Final

from ingest.model.vertical import DeviceType, Vertical

VERTICAL: Final = Vertical(
    name="ev_charging",
    title="EV charging",
    device_types=(
        DeviceType(
            name="charging_point",
            title="Charging point",
            quantities=("electricity_energy", "charging_sessions", "electricity_power", "plugged_in"),
            carrier="electricity",
            direction="consumption",
        ),
    ),
)
