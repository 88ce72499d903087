"""Occupied hours within the categories of EN 16798-1 [%]: temperature, adaptive comfort and CO2."""

from typing import Final

from kpi_engine.families.adaptive_comfort import adaptive_comfort
from kpi_engine.families.comfort import comfort_hours
from kpi_engine.families.good_air import good_air

INDICATORS: Final = (
    comfort_hours("building_comfort_category_i", "I"),
    comfort_hours("building_comfort_hours", "II"),
    comfort_hours("building_comfort_category_iii", "III"),
    adaptive_comfort("building_adaptive_comfort_category_i", "I"),
    adaptive_comfort("building_adaptive_comfort_hours", "II"),
    adaptive_comfort("building_adaptive_comfort_category_iii", "III"),
    good_air("building_co2_category_i", "I"),
    good_air("building_co2_hours", "II"),
    good_air("building_co2_category_iii", "III"),
)
