"""Comfort hours [%]: occupied hours whose temperature lies in category II of EN 16798-1 or better."""

from typing import Final

from kpi_engine.families.comfort import comfort_hours

INDICATOR: Final = comfort_hours("building_comfort_hours", "II")
