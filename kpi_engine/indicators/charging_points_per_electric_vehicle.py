"""Public charging points per registered electric vehicle."""

from typing import Final

from kpi_engine.families.reported import reported_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = reported_indicator(
    "charging_points_per_electric_vehicle",
    "charging_points",
    "registered_electric_vehicles",
    title="Public charging points per electric vehicle",
    unit="1",
    definition="Charging points open to the public over the electric vehicles registered in the municipality, as "
    "means over the year.",
    citation="ISO 37122:2019, 7.11, electric vehicle charging stations per registered electric vehicle (recalled); "
    "points are counted, not stations",
    frameworks=("ISO 37122, 7.11",),
    better=Better.HIGHER,
)
