"""Primary energy and emissions of buildings per floor area, by the balance of EN ISO 52000-1."""

from typing import Final

from kpi_engine.families.energy_performance import BALANCE, CITATION, FORMULA, per_area_indicator, selecting
from kpi_engine.indicator import Better, Months

INDICATORS: Final = (
    per_area_indicator(
        name="building_primary_energy",
        title="Primary energy of buildings per floor area",
        unit="kWh/m2",
        definition="Non-renewable primary energy of buildings per floor area [kWh/m2] by the balance of EN ISO "
        f"52000-1, {BALANCE}",
        formula=FORMULA,
        citation=CITATION.format(scis="2.3.2"),
        frameworks=("EN ISO 52000-1", "SCIS 2.3.2"),
        better=Better.LOWER,
        inputs=selecting(lambda factor: factor.non_renewable),
        months=Months.ADD_UP,
    ),
    per_area_indicator(
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
    ),
    per_area_indicator(
        name="building_primary_energy_total",
        title="Total primary energy of buildings per floor area",
        unit="kWh/m2",
        definition="Primary energy of buildings per floor area, renewable and not [kWh/m2], by the balance of EN ISO "
        f"52000-1, {BALANCE}",
        formula=FORMULA,
        citation=CITATION.format(scis="2.3.2"),
        frameworks=("EN ISO 52000-1", "SCIS 2.3.2"),
        better=Better.LOWER,
        inputs=selecting(lambda factor: factor.total),
        months=Months.ADD_UP,
    ),
    per_area_indicator(
        name="building_emissions_by_balance",
        title="Emissions of buildings per floor area, by EN ISO 52000-1",
        unit="kg/m2",
        definition=f"Emissions of CO2 of buildings per floor area [kg/m2] by the balance of EN ISO 52000-1, {BALANCE}",
        formula=FORMULA,
        citation=CITATION.format(scis="2.3.1"),
        frameworks=("EN ISO 52000-1", "SCIS 2.3.1"),
        better=Better.LOWER,
        inputs=selecting(lambda factor: factor.emissions),
        months=Months.ADD_UP,
    ),
)
