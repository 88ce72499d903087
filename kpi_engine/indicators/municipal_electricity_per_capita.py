"""Electricity used in a municipality per inhabitant [kWh]."""

from typing import Final

from kpi_engine.families.reported import READ_AS_NAMES, reported_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = reported_indicator(
    "municipal_electricity_per_capita",
    "electricity_use_reported",
    "population",
    title="Electricity of the municipality per inhabitant",
    unit="kWh",
    definition="Electricity used in the municipality in the year, by everybody, over its inhabitants [kWh].",
    citation=f"U4SSC EN: E: E: 2C electricity consumption {READ_AS_NAMES}",
    frameworks=("U4SSC EN: E: E: 2C",),
    better=Better.LOWER,
)
