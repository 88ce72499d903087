"""Energy of the public buildings of a municipality per floor area [kWh/m2]."""

from typing import Final

from kpi_engine.families.reported import READ_AS_NAMES, reported_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = reported_indicator(
    "municipal_public_building_energy",
    "public_building_energy_reported",
    "public_building_floor_area",
    title="Energy of the municipality's public buildings per floor area",
    unit="kWh/m2",
    definition="Energy of all carriers used by public buildings in the year over their floor area [kWh/m2]. ISO "
    "37120 states the same in GJ/m2: 1 kWh is 0.0036 GJ.",
    citation=f"U4SSC EN: E: E: 4A public building energy consumption {READ_AS_NAMES}; ISO 37120:2018, 7.5 (recalled)",
    frameworks=("U4SSC EN: E: E: 4A", "ISO 37120, 7.5"),
    better=Better.LOWER,
)
