"""Greenhouse gas emissions of a municipality per inhabitant [t]."""

from typing import Final

from kpi_engine.families.reported import READ_AS_NAMES, reported_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = reported_indicator(
    "municipal_emissions_per_capita",
    "total_emissions_reported",
    "population",
    title="Emissions of the municipality per inhabitant",
    unit="t",
    definition="Emissions of the municipality in all, CO2 equivalents of all sectors, over its inhabitants [t].",
    citation=f"U4SSC EN: EN: AQ: 2C greenhouse gas emissions {READ_AS_NAMES}; ISO 37120:2018, 8.3 (recalled); "
    "CITYkeys (recalled)",
    frameworks=("U4SSC EN: EN: AQ: 2C", "ISO 37120, 8.3", "CITYkeys CO2 emissions"),
    better=Better.LOWER,
)
