"""Heat produced [kWh]: what plants fed into heat networks in the period."""

from typing import Final

from kpi_engine.amounts import MeterAmounts
from kpi_engine.energy import energy
from kpi_engine.heat_plants import BOUNDARY, PLANTS
from kpi_engine.indicator import Indicator, Inputs, Months, Needs, Outcome
from kpi_engine.sum_of_meters import sum_of_meters
from kpi_engine.window import Window


class HeatProducedInputs(Inputs):
    """Heat fed in by each plant, in kWh."""

    energy_kwh: MeterAmounts


def inputs(window: Window) -> HeatProducedInputs:
    """Select the energy registers of the plants."""
    return HeatProducedInputs(energy_kwh=energy(window, "heat"))


def compute(inputs: HeatProducedInputs) -> Outcome:
    """Return the sum over the plants."""
    return sum_of_meters(inputs.energy_kwh)


INDICATOR: Final = Indicator(
    name="heat_produced",
    title="Heat produced by plants",
    unit="kWh",
    definition="Heat produced [kWh]: what plants, and other heat meters in direction production, counted in the period "
    "as fed into networks. What they use themselves before their meter is not in it, what networks lose is.",
    formula="Q = sum over plants of (register at the end - register at the start)",
    citation="EN 1434-1, energy counted by a heat meter; heat generation of EN 15316-4-5 (both recalled)",
    frameworks=("EN 15316-4-5", "EN 1434-1"),
    needs=Needs((PLANTS,)),
    inputs_model=HeatProducedInputs,
    inputs=inputs,
    compute=compute,
    is_sum=True,
    boundary=BOUNDARY,
    months=Months.ADD_UP,
)
