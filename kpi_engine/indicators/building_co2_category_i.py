"""Hours with good air [%]: occupied hours with at most 550 ppm of CO2 above outdoor air (EN 16798-1, I)."""

from typing import Final

from kpi_engine.families.good_air import good_air

INDICATOR: Final = good_air("building_co2_category_i", "I")
