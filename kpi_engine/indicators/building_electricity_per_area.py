"""Electricity delivered to buildings per floor area [kWh/m2]."""

from typing import Final

from kpi_engine.families.building_intensity import carrier_per_area

INDICATOR: Final = carrier_per_area(
    "electricity",
    "Electricity of buildings per floor area",
    "Electricity delivered at the main meters of buildings; what photovoltaics cover does not pass them",
)
