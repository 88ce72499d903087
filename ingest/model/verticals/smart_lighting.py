"""Street lighting: luminaires, each with its controller, and the cabinets that feed and meter them (TALQ)."""

from typing import Final

from ingest.model.vertical import DeviceType, Vertical

VERTICAL: Final = Vertical(
    name="smart_lighting",
    title="Smart lighting",
    device_types=(
        DeviceType(
            name="luminaire",
            title="Luminaire",
            quantities=("electricity_energy", "burning_hours", "dimming_level", "electricity_power"),
            carrier="electricity",
            direction="consumption",
        ),
        DeviceType(
            name="lighting_cabinet",
            title="Lighting cabinet",
            quantities=("electricity_energy", "electricity_power"),
            carrier="electricity",
            direction="consumption",
        ),
    ),
)
