"""Hours with good air [%]: occupied hours with at most 800 ppm of CO2 above outdoor air (EN 16798-1, II)."""

from typing import Final

from kpi_engine.families.good_air import good_air

INDICATOR: Final = good_air("building_co2_hours", "II")
