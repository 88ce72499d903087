"""Renewable primary energy of buildings per floor area [kWh/m2], by the balance of EN ISO 52000-1."""

from typing import Final

from kpi_engine.families.energy_performance import BALANCE, CITATION, FORMULA, per_area_indicator, selecting
from kpi_engine.indicator import Better, Months

INDICATOR: Final = per_area_indicator(
    name="building_primary_energy_renewable",
    title="Renewable primary energy of buildings per floor area",
    unit="kWh/m2",
    definition="Renewable primary energy of buildings per floor area [kWh/m2] by the balance of EN ISO 52000-1, "
    f"{BALANCE}",
    formula=FORMULA,
    citation=CITATION.format(scis="2.3.2"),
    frameworks=("EN ISO 52000-1",),
    better=Better.NEITHER,
    inputs=selecting(lambda factor: factor.renewable),
    months=Months.ADD_UP,
)
