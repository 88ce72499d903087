"""Specific yield of photovoltaics [kWh/kW]: what they produced per installed capacity."""

from typing import Final

from pydantic import Field

from ingest.model.city.device import Direction
from kpi_engine.boundary.final_energy import energy
from kpi_engine.evidence.amounts import LONGEST, MeterAmounts
from kpi_engine.families.intensity import SiteFacts, per, site_facts
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Needs, Outcome, Selection
from kpi_engine.ports.facts_of_sites import FactsOfSites
from kpi_engine.window import Window

CAPACITY: Final = FactsOfSites("photovoltaic_capacity", "kW")


class SpecificYieldInputs(Inputs):
    """Electricity counted by each inverter in kWh, installed capacities in kW, the period in seconds."""

    production_kwh: MeterAmounts
    capacity_kw: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> SpecificYieldInputs:
    """Select the inverters, and the capacities of their sites."""
    return SpecificYieldInputs(
        production_kwh=energy(window, "electricity"),
        capacity_kw=site_facts(window.given(CAPACITY)),
        seconds=window.seconds,
    )


def compute(inputs: SpecificYieldInputs) -> Outcome:
    """Return the production over the capacity, sum over sum."""
    return per([inputs.production_kwh], inputs.capacity_kw, inputs.seconds, "photovoltaic_capacity")


INDICATOR: Final = Indicator(
    name="pv_specific_yield",
    title="Yield of photovoltaics per installed capacity",
    unit="kWh/kW",
    definition="What photovoltaic inverters produced per installed capacity [kWh/kW] in the period: the fact "
    "photovoltaic_capacity of the city file for every site with an inverter, weighted by time where it changes; a "
    "site without one leaves no figure. Not corrected for the sun of the period.",
    formula="Y = sum over inverters of energy produced / sum over sites of installed capacity",
    citation="Final yield Y_f of IEC 61724-1 (recalled)",
    frameworks=("IEC 61724-1 final yield",),
    better=Better.HIGHER,
    boundary="Electricity that inverters delivered, used on site or fed into the grid",
    needs=Needs(
        (
            Selection(
                ("electricity_energy",), "electricity", ("photovoltaic_inverter",), direction=Direction.PRODUCTION
            ),
        ),
        nested=False,
    ),
    ports=(CAPACITY,),
    inputs_model=SpecificYieldInputs,
    inputs=inputs,
    compute=compute,
    months=Months.ADD_UP,
)
