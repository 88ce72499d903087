"""Final energy of the municipality per inhabitant [GJ]."""

from typing import Final

from kpi_engine.families.reported import GJ_PER_KWH, reported_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = reported_indicator(
    "municipal_final_energy_per_capita",
    "final_energy_reported",
    "population",
    title="Final energy of the municipality per inhabitant",
    unit="GJ",
    definition="Final energy that the municipality used in the year, of all carriers and sectors, over its "
    "inhabitants [GJ].",
    citation="ISO 37120:2018, 7.1 (number of the clause recalled, definition read on the pages of a city)",
    frameworks=("ISO 37120, 7.1",),
    better=Better.LOWER,
    scale=GJ_PER_KWH,
)
