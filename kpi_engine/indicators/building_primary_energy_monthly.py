"""Non-renewable primary energy of buildings per floor area [kWh/m2], by the monthly balance of EN ISO 52000-1."""

from typing import Final

from ingest.model.calendar import Period
from kpi_engine.families.energy_performance import (
    CITATION,
    FLOWS,
    BalanceInputs,
    balance_indicator,
    per_area,
    selecting,
)
from kpi_engine.indicator import Better, Months

INDICATOR: Final = balance_indicator(
    name="building_primary_energy_monthly",
    title="Primary energy of buildings per floor area, monthly balance",
    unit="kWh/m2",
    definition="Non-renewable primary energy of buildings per floor area [kWh/m2] by the balance of EN ISO 52000-1, "
    "with civil months as its steps. Within a month what was exported pays for what was delivered at another hour; by "
    f"the hour, in building_primary_energy, it does not. What counts: {FLOWS}",
    formula="E = (E_del f_el + Q f_heat + E_pv f_pv - E_exp (f_pv + k_exp (f_exp - f_pv))) / floor area, by the month "
    "E_del = max(import - export, 0), E_exp = max(export - import, 0)",
    citation=CITATION.format(scis="2.3.2"),
    frameworks=("EN ISO 52000-1", "SCIS 2.3.2"),
    better=Better.LOWER,
    interval="month",
    periods=(Period.MONTH, Period.YEAR),
    inputs_model=BalanceInputs,
    inputs=selecting(lambda factor: factor.non_renewable, Period.MONTH),
    compute=per_area,
    months=Months.ADD_UP,
)
