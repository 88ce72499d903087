"""Electricity of public street lighting per length of lit street [kWh/km]."""

from typing import Final

from kpi_engine.families.reported import M_PER_KM, reported_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = reported_indicator(
    "municipal_street_lighting_per_km",
    "street_lighting_energy_reported",
    "street_length",
    title="Electricity of the municipality's street lighting per length",
    unit="kWh/km",
    definition="Electricity used by public street lighting in the year over the length of streets with lights "
    "[kWh/km].",
    citation="ISO 37120:2018, 7.6 (definition read on the pages of a city)",
    frameworks=("ISO 37120, 7.6",),
    better=Better.LOWER,
    scale=M_PER_KM,
)
