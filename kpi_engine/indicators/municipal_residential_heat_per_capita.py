"""Thermal energy of households per inhabitant [GJ]."""

from typing import Final

from kpi_engine.families.reported import GJ_PER_KWH, READ_AS_NAMES, reported_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = reported_indicator(
    "municipal_residential_heat_per_capita",
    "residential_heat_reported",
    "population",
    title="Thermal energy of households per inhabitant",
    unit="GJ",
    definition="Thermal energy used by the households of the municipality in the year over its inhabitants [GJ].",
    citation=f"U4SSC EN: E: E: 3C residential thermal energy consumption {READ_AS_NAMES}",
    frameworks=("U4SSC EN: E: E: 3C",),
    better=Better.LOWER,
    scale=GJ_PER_KWH,
)
