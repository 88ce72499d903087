"""Energy of buildings per floor area [kWh/m2]: heat and electricity delivered over the main meters."""

from typing import Final

from pydantic import Field

from kpi_engine.boundary.final_energy import consumers, energy
from kpi_engine.evidence.amounts import LONGEST, MeterAmounts
from kpi_engine.families.building_intensity import BUILDINGS, FLOOR_AREA
from kpi_engine.families.intensity import SiteFacts, per, site_facts
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Needs, Outcome
from kpi_engine.window import Window


class BuildingEnergyInputs(Inputs):
    """Heat and electricity counted by each main meter in kWh, floor areas in m2, the period in seconds."""

    heat_kwh: MeterAmounts = ()
    electricity_kwh: MeterAmounts = ()
    floor_area_m2: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> BuildingEnergyInputs:
    """Select the main meters of both carriers, and the floor areas."""
    return BuildingEnergyInputs(
        heat_kwh=energy(window, "heat"),
        electricity_kwh=energy(window, "electricity"),
        floor_area_m2=site_facts(window.given(FLOOR_AREA)),
        seconds=window.seconds,
    )


def compute(inputs: BuildingEnergyInputs) -> Outcome:
    """Return (heat + electricity) over floor area, sum over sum."""
    energies = [inputs.heat_kwh, inputs.electricity_kwh]
    return per(energies, inputs.floor_area_m2, inputs.seconds, "floor_area")


INDICATOR: Final = Indicator(
    name="building_energy_per_area",
    title="Energy of buildings per floor area",
    unit="kWh/m2",
    definition="Heat and electricity delivered to buildings per floor area [kWh/m2]: main meters only, so what stands "
    "behind one (tenants, a charging point) is in it once. Carriers without a meter at a building are not in its "
    "figure; which ones are stands in the inputs. Photovoltaic production is no consumption, and self-used "
    "electricity does not pass the main meter: this is energy delivered. Floor area is that of the city file for "
    "every site of vertical buildings with such a meter, weighted by time where it changes; a site without one leaves "
    "no figure.",
    formula="E = (sum over main meters of heat + sum over main meters of electricity) / sum over sites of floor area",
    citation="SCIS KPI Guide v2.0, 2.1.1 energy consumption (TE + EE) / A_b (formula recalled); U4SSC EN: E: E: 4A "
    "public building energy (name and unit read, formula recalled)",
    frameworks=("SCIS 2.1.1", "U4SSC EN: E: E: 4A (where all buildings are public)"),
    needs=Needs(
        (consumers("heat", verticals=BUILDINGS), consumers("electricity", verticals=BUILDINGS)),
    ),
    ports=(FLOOR_AREA,),
    better=Better.LOWER,
    boundary="Energy delivered at the main meters of buildings",
    inputs_model=BuildingEnergyInputs,
    inputs=inputs,
    compute=compute,
    months=Months.ADD_UP,
)
