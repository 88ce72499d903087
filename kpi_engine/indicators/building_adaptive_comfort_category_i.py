"""Adaptive comfort hours [%]: occupied hours within the adaptive limits of category I of EN 16798-1 or better."""

from typing import Final

from kpi_engine.families.adaptive_comfort import adaptive_comfort

INDICATOR: Final = adaptive_comfort("building_adaptive_comfort_category_i", "I")
