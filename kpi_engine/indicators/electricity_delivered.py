"""Electricity delivered [kWh]: what the topmost electricity meters counted in the period."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.sum_of_meters import counted_energy, energy_indicator
from kpi_engine.indicator import Needs

INDICATOR: Final = energy_indicator(
    name="electricity_delivered",
    title="Electricity delivered",
    definition="Electricity delivered [kWh]: what the electricity meters of consumers counted in the period. Submeters "
    "of a meter that counts, and production, are left out; what photovoltaics cover behind a meter does not pass it.",
    formula="E = sum over meters of (register at the end - register at the start)",
    citation="SCIS KPI Guide v2.0, 2.1.1 electrical energy consumption EE_C (formula recalled)",
    frameworks=("SCIS 2.1.1",),
    needs=Needs((consumers("electricity"),)),
    inputs=counted_energy("electricity"),
    boundary="Consumers' topmost electricity meters",
)
