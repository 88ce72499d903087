"""Final energy of the city's monitored boundary [kWh]: heat delivered and electricity consumed, nothing twice."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers, energy
from kpi_engine.evidence.amounts import MeterAmounts
from kpi_engine.families.sum_of_meters import sum_of_meters
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Needs, Outcome
from kpi_engine.window import Window


class FinalEnergyInputs(Inputs):
    """Heat and electricity counted by each meter that stands below no other one, in kWh."""

    heat_kwh: MeterAmounts = ()
    electricity_kwh: MeterAmounts = ()


def inputs(window: Window) -> FinalEnergyInputs:
    """Select the energy registers of both carriers."""
    return FinalEnergyInputs(
        heat_kwh=energy(window, "heat"),
        electricity_kwh=energy(window, "electricity"),
    )


def compute(inputs: FinalEnergyInputs) -> Outcome:
    """Return the sum over carriers and meters."""
    return sum_of_meters(inputs.heat_kwh, inputs.electricity_kwh)


INDICATOR: Final = Indicator(
    name="city_final_energy",
    title="Final energy of the monitored boundary",
    unit="kWh",
    definition="Final energy of the city's monitored boundary [kWh]: heat delivered to consumers and electricity at "
    "the topmost meters. What plants produce and networks lose is not final energy; a meter below another one, of "
    "whatever carrier, is counted in that one. The boundary is the meters of the city file, not the municipality's "
    "statistics.",
    formula="E = sum over heat meters of consumers + sum over topmost electricity meters",
    citation="ISO 37120:2018, total end-use energy, as an absolute amount (definition recalled); SCIS KPI Guide v2.0, "
    "2.1.1 (recalled)",
    frameworks=("SCIS 2.1.1", "ISO 37120 7 (numerator)"),
    needs=Needs((consumers("heat"), consumers("electricity"))),
    better=Better.LOWER,
    boundary="Energy delivered at the topmost meters of the city file",
    inputs_model=FinalEnergyInputs,
    inputs=inputs,
    compute=compute,
    of_sites=False,
    months=Months.ADD_UP,
)
