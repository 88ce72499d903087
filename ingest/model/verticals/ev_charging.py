"""Charging of electric vehicles: charging points, one device per EVSE, which charges one vehicle at a time (OCPP).

An installation stands for the points of a place whose records do not say at which of them a session took place.
"""

from typing import Final

from ingest.model.vertical import DeviceType, Vertical

VERTICAL: Final = Vertical(
    name="ev_charging",
    title="EV charging",
    device_types=(
        DeviceType(
            name="charging_point",
            title="Charging point",
            quantities=(
                "electricity_energy",
                "charging_sessions",
                "electricity_power",
                "plugged_in",
                "connector_status",
            ),
            carrier="electricity",
            direction="consumption",
        ),
        DeviceType(
            name="charging_installation",
            title="Charging points of one place",
            quantities=("electricity_energy", "charging_sessions", "electricity_power"),
            carrier="electricity",
            direction="consumption",
            parallel_sessions=True,
        ),
    ),
)
