"""Emissions of the city's monitored boundary per area of the municipality [kg/km2]."""

from typing import Final

from pydantic import Field

from kpi_engine.evidence.amounts import LONGEST
from kpi_engine.families.intensity import fact_or_statistic, outcome_per
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Outcome
from kpi_engine.ports.facts import FactOf
from kpi_engine.ports.metric import Metric, MetricInput, single
from kpi_engine.ports.statistics import StatisticInput, Statistics
from kpi_engine.window import Window

EMISSIONS: Final = Metric("city_emissions")
AREA: Final = Statistics("land_area", FactOf.CITY, is_needed=True)


class CityPerAreaInputs(Inputs):
    """The emissions of the city in kg, its area as it was imported in km2, and the period in seconds."""

    emissions: MetricInput
    area: StatisticInput
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> CityPerAreaInputs:
    """Select the emissions, and the area."""
    return CityPerAreaInputs(emissions=single(window.given(EMISSIONS)), area=window.given(AREA), seconds=window.seconds)


def compute(inputs: CityPerAreaInputs) -> Outcome:
    """Return the emissions over the mean area of the period."""
    area = fact_or_statistic((), inputs.area, inputs.seconds)
    found = outcome_per(inputs.emissions.outcome, area, inputs.seconds, AREA.name)
    if area or not inputs.area.missing:
        return found
    return Outcome(None, found.coverage, None, inputs.area.missing)


INDICATOR: Final = Indicator(
    name="city_emissions_per_area",
    title="Emissions of the monitored boundary per area of the municipality",
    unit="kg/km2",
    definition="Emissions of the city's monitored boundary over the area of the municipality [kg/km2 in the period]: "
    "city_emissions over the imported statistic land_area, weighted by time where it changes. What is not metered is "
    "not in it. The bounds are those of the emissions; the area is taken as exact.",
    formula="m = city_emissions / land_area",
    citation="Emissions per area, as cities report them beside those per inhabitant (recalled)",
    frameworks=("CITYkeys (recalled)",),
    better=Better.LOWER,
    boundary="Energy delivered at the meters of the city file, against the whole municipality",
    inputs_model=CityPerAreaInputs,
    inputs=inputs,
    compute=compute,
    of_sites=False,
    ports=(EMISSIONS, AREA),
    months=Months.ADD_UP,
)
