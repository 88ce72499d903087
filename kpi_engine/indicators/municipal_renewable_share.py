"""Renewable share of the final energy of a municipality [%]."""

from typing import Final

from kpi_engine.families.reported import PERCENT, READ_AS_NAMES, reported_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = reported_indicator(
    "municipal_renewable_share",
    "renewable_energy_reported",
    "final_energy_reported",
    title="Renewable share of the final energy of the municipality",
    unit="%",
    definition="The renewable part of the final energy that the municipality used in the year, of all carriers [%].",
    citation=f"U4SSC EN: E: E: 1C renewable energy consumption {READ_AS_NAMES}; ISO 37120:2018, 7.2 (recalled)",
    frameworks=("U4SSC EN: E: E: 1C", "ISO 37120, 7.2"),
    better=Better.HIGHER,
    scale=PERCENT,
)
