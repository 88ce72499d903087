"""Emissions of the city's monitored boundary per inhabitant [kg]."""

from typing import Final

from pydantic import Field

from kpi_engine.evidence.amounts import LONGEST
from kpi_engine.families.intensity import SiteFacts, fact_or_statistic, outcome_per
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Outcome
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.metric import Metric, MetricInput, single
from kpi_engine.ports.statistics import StatisticInput, Statistics
from kpi_engine.window import Window

EMISSIONS: Final = Metric("city_emissions")
POPULATION: Final = Facts("population", "1", FactOf.CITY)
GIVEN: Final = Statistics("population", FactOf.CITY)


class EmissionsPerCapitaInputs(Inputs):
    """The emissions of the city in kg, the population, and the period in seconds.

    ``statistic``: what was imported of the population; it counts where the city file states none.
    """

    emissions: MetricInput
    population: SiteFacts
    statistic: StatisticInput | None = None
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> EmissionsPerCapitaInputs:
    """Select the emissions, and the population."""
    return EmissionsPerCapitaInputs(
        emissions=single(window.given(EMISSIONS)),
        population=fact_or_statistic(window.given(POPULATION), window.given(GIVEN), window.seconds),
        statistic=window.given(GIVEN) if window.given(GIVEN).sources else None,
        seconds=window.seconds,
    )


def compute(inputs: EmissionsPerCapitaInputs) -> Outcome:
    """Return the emissions over the mean population of the period."""
    return outcome_per(inputs.emissions.outcome, inputs.population, inputs.seconds, "population")


INDICATOR: Final = Indicator(
    name="city_emissions_per_capita",
    title="Emissions of the monitored boundary per inhabitant",
    unit="kg",
    definition="Emissions of the city's monitored boundary over its population [kg per inhabitant in the period]: "
    "city_emissions over the population that the city file states, else over the imported statistic of that name, "
    "weighted by time where it changes. What is not metered is not in it: it is the city's total only where all of it "
    "is metered.",
    formula="m = city_emissions / population",
    citation="U4SSC EN: EN: AQ: 2C greenhouse gas emissions per capita (name and unit read, formula recalled); "
    "CITYkeys carbon dioxide emission (recalled)",
    frameworks=("U4SSC EN: EN: AQ: 2C (energy only)", "CITYkeys"),
    better=Better.LOWER,
    boundary="Energy delivered at the meters of the city file, against all inhabitants of the municipality",
    inputs_model=EmissionsPerCapitaInputs,
    inputs=inputs,
    compute=compute,
    of_sites=False,
    ports=(EMISSIONS, POPULATION, GIVEN),
    own_rules="2",  # 1: meters and factors were read instead of the figure of them
    months=Months.ADD_UP,
)
