"""Heat delivered [kWh]: what the heat meters of consumers counted in the period."""

from typing import Final

from kpi_engine.amounts import MeterAmounts
from kpi_engine.energy import consumers, energy
from kpi_engine.indicator import Indicator, Inputs, Months, Needs, Outcome
from kpi_engine.sum_of_meters import sum_of_meters
from kpi_engine.window import Window


class HeatDeliveredInputs(Inputs):
    """Heat counted by each meter, in kWh."""

    energy_kwh: MeterAmounts


def inputs(window: Window) -> HeatDeliveredInputs:
    """Select the energy registers of the window."""
    return HeatDeliveredInputs(energy_kwh=energy(window, "heat"))


def compute(inputs: HeatDeliveredInputs) -> Outcome:
    """Return the sum over the meters."""
    return sum_of_meters(inputs.energy_kwh)


INDICATOR: Final = Indicator(
    name="heat_delivered",
    title="Heat delivered",
    unit="kWh",
    definition="Heat delivered [kWh]: what the heat meters of consumers counted in the period. Submeters of a meter "
    "that counts, and production, are left out.",
    formula="Q = sum over meters of (register at the end - register at the start)",
    citation="EN 1434-1, energy counted by a heat meter (formula recalled); SCIS KPI Guide v2.0, 2.1.1 thermal energy "
    "consumption TE_C (formula recalled)",
    frameworks=("SCIS 2.1.1", "EN 1434-1"),
    needs=Needs((consumers("heat"),)),
    inputs_model=HeatDeliveredInputs,
    inputs=inputs,
    compute=compute,
    is_sum=True,
    boundary="Consumers' topmost heat meters",
    months=Months.ADD_UP,
)
