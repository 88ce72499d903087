"""Electricity of the city's monitored boundary per inhabitant [kWh]."""

from typing import Final

from pydantic import Field

from kpi_engine.boundary.final_energy import consumers, energy
from kpi_engine.evidence.amounts import LONGEST, MeterAmounts
from kpi_engine.families.intensity import SiteFacts, outcome_per, site_facts
from kpi_engine.families.per_inhabitant import INHABITANTS, POPULATION
from kpi_engine.families.sum_of_meters import sum_of_meters
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Needs, Outcome
from kpi_engine.window import Window


class ElectricityPerCapitaInputs(Inputs):
    """Electricity counted by each meter in kWh, the inhabitants, and the period in seconds."""

    electricity_kwh: MeterAmounts = ()
    inhabitants: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> ElectricityPerCapitaInputs:
    """Select the meters, and the population."""
    return ElectricityPerCapitaInputs(
        electricity_kwh=energy(window, "electricity"),
        inhabitants=site_facts(window.given(POPULATION)),
        seconds=window.seconds,
    )


def compute(inputs: ElectricityPerCapitaInputs) -> Outcome:
    """Return the energy over the mean number of inhabitants."""
    return outcome_per(sum_of_meters(inputs.electricity_kwh), inputs.inhabitants, inputs.seconds, INHABITANTS)


INDICATOR: Final = Indicator(
    name="city_electricity_per_capita",
    title="Electricity of the monitored boundary per inhabitant",
    unit="kWh",
    definition="Electricity of the city's monitored boundary over its population [kWh per inhabitant in the period]: "
    "what the topmost electricity meters counted over the fact population of the city file, weighted by time where it "
    "changes. What is not metered is not in it: it is the city's total only where all of it is metered. A month is not "
    "scaled to a year.",
    formula="e = sum over topmost electricity meters / population",
    citation="U4SSC EN: E: E: 2C electricity consumption (name and unit read, formula recalled)",
    frameworks=("U4SSC EN: E: E: 2C", "ISO 37120 7"),
    boundary="Electricity delivered at the meters of the city file, against all inhabitants of the municipality",
    needs=Needs((consumers("electricity"),)),
    better=Better.LOWER,
    inputs_model=ElectricityPerCapitaInputs,
    inputs=inputs,
    compute=compute,
    of_sites=False,
    months=Months.ADD_UP,
    ports=(POPULATION,),
)
