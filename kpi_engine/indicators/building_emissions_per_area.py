"""Emissions of energy delivered to buildings per floor area [kg/m2], dated factors."""

from typing import Final

from pydantic import Field

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.evidence.amounts import LONGEST
from kpi_engine.families.building_intensity import BUILDINGS, FLOOR_AREA
from kpi_engine.families.emissions import EmissionInputs, of_all_carriers
from kpi_engine.families.emissions import compute as emissions
from kpi_engine.families.intensity import SiteFacts, outcome_per, site_facts
from kpi_engine.indicator import Better, Indicator, Months, Needs, Outcome
from kpi_engine.ports.dated_factors import DATED_FACTORS
from kpi_engine.window import Window


class EmissionsPerAreaInputs(EmissionInputs):
    """The stretches of the period, one per factor and carrier, floor areas in m2, the period in seconds."""

    floor_area_m2: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> EmissionsPerAreaInputs:
    """Select the main meters of buildings in every stretch of one factor, and the floor areas."""
    return EmissionsPerAreaInputs(
        stretches=of_all_carriers(window).stretches,
        floor_area_m2=site_facts(window.given(FLOOR_AREA)),
        seconds=window.seconds,
    )


def compute(inputs: EmissionsPerAreaInputs) -> Outcome:
    """Return the emissions over the floor area, sum over sum."""
    return outcome_per(emissions(inputs), inputs.floor_area_m2, inputs.seconds, "floor_area")


INDICATOR: Final = Indicator(
    name="building_emissions_per_area",
    title="Emissions of buildings per floor area",
    unit="kg/m2",
    definition="Emissions of the heat and electricity delivered to buildings per floor area [kg/m2]: what their main "
    "meters counted, each carrier with its published, dated and sourced factor (annual method), over the floor area of "
    "the city file, weighted by time where it changes. A carrier that is metered and has no factor leaves no figure, "
    "and so does a site without a floor area. Photovoltaic production is neither added nor credited.",
    formula="m = sum over carriers and stretches of (energy x factor valid in it) / sum over sites of floor area",
    citation="SCIS KPI Guide v2.0, 2.3.1 greenhouse gas emissions (TE_C x GEF_T + EE_C x GEF_E) / A_b (formula "
    "recalled); the source of the factor is kept with every figure",
    frameworks=("SCIS 2.3.1",),
    better=Better.LOWER,
    boundary="Energy delivered at the main meters of buildings; what the factor counts upstream of them stands with it",
    needs=Needs(
        (consumers("heat", verticals=BUILDINGS), consumers("electricity", verticals=BUILDINGS)),
    ),
    ports=(DATED_FACTORS, FLOOR_AREA),
    inputs_model=EmissionsPerAreaInputs,
    inputs=inputs,
    compute=compute,
    months=Months.ADD_UP,
)
