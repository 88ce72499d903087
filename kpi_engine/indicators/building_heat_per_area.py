"""Heat delivered to buildings per floor area [kWh/m2]."""

from typing import Final

from kpi_engine.families.building_intensity import carrier_per_area

INDICATOR: Final = carrier_per_area(
    "heat",
    "Heat of buildings per floor area",
    "Heat delivered at the main meters of buildings, hot water included",
)
