"""Heat delivered [kWh]: what the heat meters of consumers counted in the period."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.sum_of_meters import counted_energy, energy_indicator
from kpi_engine.indicator import Needs

INDICATOR: Final = energy_indicator(
    name="heat_delivered",
    title="Heat delivered",
    definition="Heat delivered [kWh]: what the heat meters of consumers counted in the period. Submeters of a meter "
    "that counts, and production, are left out.",
    formula="Q = sum over meters of (register at the end - register at the start)",
    citation="EN 1434-1, energy counted by a heat meter (formula recalled); SCIS KPI Guide v2.0, 2.1.1 thermal energy "
    "consumption TE_C (formula recalled)",
    frameworks=("SCIS 2.1.1", "EN 1434-1"),
    needs=Needs((consumers("heat"),)),
    inputs=counted_energy("heat"),
    boundary="Consumers' topmost heat meters",
)
