"""Non-renewable primary energy of buildings per floor area [kWh/m2], by the balance of EN ISO 52000-1."""

from dataclasses import replace
from typing import Final

import numpy as np
from pydantic import Field

from ingest.model.city.device import Direction
from kpi_engine.boundary.final_energy import consumers
from kpi_engine.evidence.amounts import LONGEST, MeterAmounts, amounts, bounded, coverage, reason
from kpi_engine.evidence.hour_numbers import NO_HOURS, HourNumbers
from kpi_engine.families.building_intensity import BUILDINGS
from kpi_engine.families.hour_inputs import HourlyInputs, HourValues, hour_values, not_known
from kpi_engine.families.intensity import SiteFacts, outcome_per, site_facts
from kpi_engine.formulas.energy_balance import ElectricityFactors, crossing, weighted
from kpi_engine.formulas.hour_columns import BoundedHours
from kpi_engine.indicator import Better, Entry, Indicator, Months, Outcome, Selection
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.hours import MatchedHours, MeterGroup
from kpi_engine.ports.meters import FurtherMeters
from kpi_engine.ports.primary_energy import ChosenFactors, PrimaryEnergyFactors
from kpi_engine.window import Window

IMPORT, PRODUCTION, EXPORT = "import", "production", "export"
ENERGY: Final = ("electricity_energy",)
SIDES: Final = MatchedHours(
    (
        MeterGroup(IMPORT, Selection(ENERGY, "electricity", verticals=BUILDINGS)),
        MeterGroup(
            PRODUCTION,
            Selection(ENERGY, "electricity", ("photovoltaic_inverter",), BUILDINGS, direction=Direction.PRODUCTION),
            is_needed=False,
        ),
        MeterGroup(
            EXPORT,
            Selection(ENERGY, "electricity", ("electricity_meter",), BUILDINGS, direction=Direction.PRODUCTION),
            is_needed=False,
        ),
    )
)
HEAT: Final = FurtherMeters((consumers("heat", verticals=BUILDINGS),))
AREA: Final = Facts("floor_area", "m2", FactOf.SITES, verticals=BUILDINGS)
FACTORS: Final = PrimaryEnergyFactors()


class PrimaryEnergyRow(Entry):
    """Non-renewable primary energy in kWh for each kWh, by ``version`` of the set ``name``, with its source.

    ``replaced``: of what exported electricity replaces in the grid; ``k_exp``: how much of that is credited.
    """

    name: str
    version: str
    source: str
    electricity: float = Field(ge=0, le=10)
    heat: float = Field(ge=0, le=10)
    photovoltaics: float = Field(ge=0, le=10)
    replaced: float = Field(ge=0, le=10)
    k_exp: float = Field(default=0.0, ge=0, le=1)


class PrimaryEnergyInputs(HourlyInputs):
    """Hours of import, production and export, and the heat of each main meter, in kWh; factors, floor areas in m2.

    ``is_export_known``: a meter counts what is fed in; ``seconds``: of the period.
    """

    import_kwh: HourValues
    production_kwh: HourValues = HourValues(value=NO_HOURS)
    export_kwh: HourValues = HourValues(value=NO_HOURS)
    heat_kwh: MeterAmounts = ()
    factors: PrimaryEnergyRow | None
    floor_area_m2: SiteFacts
    is_export_known: bool = True
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> PrimaryEnergyInputs:
    """Select the hours of electricity, the heat, the factors and the areas."""
    table = window.given(SIDES)
    return PrimaryEnergyInputs(
        import_kwh=hour_values(table, IMPORT),
        production_kwh=hour_values(table, PRODUCTION),
        export_kwh=hour_values(table, EXPORT),
        heat_kwh=amounts(window.given(HEAT), "heat_energy", window.start, window.end),
        factors=_row(window.given(FACTORS)),
        floor_area_m2=site_facts(window.given(AREA)),
        is_export_known=EXPORT in table.columns or IMPORT in table.nets or PRODUCTION not in table.columns,
        seconds=window.seconds,
    )


def compute(inputs: PrimaryEnergyInputs) -> Outcome:
    """Return the weighted energy over the floor area."""
    sides = [one for one in (inputs.import_kwh, inputs.production_kwh, inputs.export_kwh) if one.value]
    heat = [inputs.heat_kwh] if inputs.heat_kwh else []
    covered = min([*(one.known_share for one in sides), *map(coverage, heat)], default=0.0)
    why = "; ".join(filter(None, [not_known(*sides), *map(reason, heat)])) or None
    if inputs.factors is None:
        return Outcome(None, covered, None, "no primary-energy factors are published by the name that the city gives")
    if not inputs.is_export_known:
        return Outcome(None, covered, None, "nobody meters what is fed into the grid, so what is used is not known")
    if not inputs.import_kwh.value:
        return Outcome(None, covered, None, why or "no hours of electricity are known")
    by = inputs.factors
    count = len(inputs.import_kwh.value)
    bought, made, sold = (_filled(one, count) for one in (inputs.import_kwh, inputs.production_kwh, inputs.export_kwh))
    found = weighted(
        crossing(bought - sold, made),
        ElectricityFactors(by.electricity, by.photovoltaics, by.replaced),
        [(bounded(one), by.heat) for one in heat],
        by.k_exp,
    )
    whole = replace(Outcome.of(found, covered), reason=why)
    return outcome_per(whole, inputs.floor_area_m2, inputs.seconds, "floor_area")


def _filled(hours: HourValues, count: int) -> BoundedHours:
    """Return the hours of one side; where nobody is on it, it is 0 in each of ``count`` hours."""
    return hours.filled if hours.value else HourValues(value=HourNumbers(np.zeros(count))).hours


def _row(chosen: ChosenFactors | None) -> PrimaryEnergyRow | None:
    if chosen is None or chosen.version is None:
        return None
    factors = chosen.version.factors
    return PrimaryEnergyRow(
        name=chosen.choice.factors,
        version=chosen.version.version,
        source=f"{chosen.version.source}; {chosen.version.page}",
        electricity=factors.electricity.non_renewable,
        heat=factors.heat.non_renewable,
        photovoltaics=factors.photovoltaics.non_renewable,
        replaced=factors.exported_electricity.non_renewable,
        k_exp=chosen.choice.k_exp,
    )


INDICATOR: Final = Indicator(
    name="building_primary_energy",
    title="Primary energy of buildings per floor area",
    unit="kWh/m2",
    definition="Non-renewable primary energy of buildings per floor area [kWh/m2] by the balance of EN ISO 52000-1, "
    "hour by hour: electricity that the grid delivered in net, heat delivered and what photovoltaics made, less what "
    "was exported, each with the factor of the set and version that the city file names (primary_energy). The export "
    "is weighed as it was made (step A), and k_exp of the city file says how much of what it replaces in the grid is "
    "credited (step B). All that is metered counts as use of the building, appliances included, which the standard "
    "leaves out. Where photovoltaics are and nobody meters what is fed in, there is no figure.",
    formula="E = (E_del f_el + Q f_heat + E_pv f_pv - E_exp (f_pv + k_exp (f_exp - f_pv))) / floor area, by the hour "
    "E_del = max(import - export, 0), E_exp = max(export - import, 0)",
    citation="EN ISO 52000-1:2017, steps A and B (re-derived from the examples J1 to J5 of ISO/TR 52000-2); SCIS KPI "
    "Guide v2.0, 2.3.2 (recalled); the source of the factors is kept with every figure",
    frameworks=("EN ISO 52000-1", "SCIS 2.3.2"),
    better=Better.LOWER,
    boundary="Energy at the main meters of buildings, and photovoltaics behind them",
    interval="hour",
    inputs_model=PrimaryEnergyInputs,
    inputs=inputs,
    compute=compute,
    ports=(SIDES, HEAT, AREA, FACTORS),
    months=Months.ADD_UP,
)
