"""Figures of the monitored boundary per inhabitant: who is counted, a fact of the city file says and dates."""

from dataclasses import replace
from functools import partial
from typing import Final

from pydantic import Field

from kpi_engine.evidence.amounts import LONGEST
from kpi_engine.families.intensity import SiteFacts, outcome_per, site_facts
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Outcome
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.metric import Metric, MetricInput, single
from kpi_engine.window import Window

GJ_PER_KWH: Final = 0.0036
INHABITANTS: Final = "the number of inhabitants"
POPULATION: Final = Facts("population", "1", FactOf.CITY)
METERED_POPULATION: Final = Facts("metered_population", "1", FactOf.CITY, is_needed=True)


class PerInhabitantInputs(Inputs):
    """The energy as another figure has it in kWh, the inhabitants, and the period in seconds."""

    energy: MetricInput
    inhabitants: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window, energy: Metric, inhabitants: Facts) -> PerInhabitantInputs:
    """Select the energy, and the inhabitants."""
    return PerInhabitantInputs(
        energy=single(window.given(energy)),
        inhabitants=site_facts(window.given(inhabitants)),
        seconds=window.seconds,
    )


def in_gj(inputs: PerInhabitantInputs) -> Outcome:
    """Return the energy over the mean number of inhabitants [GJ]."""
    found = inputs.energy.outcome
    ends = (None if end is None else end * GJ_PER_KWH for end in (found.value, found.lower, found.upper))
    value, lower, upper = ends
    whole = replace(found, value=value, lower=lower, upper=upper)
    return outcome_per(whole, inputs.inhabitants, inputs.seconds, INHABITANTS)


inhabitant_indicator: Final = partial(
    Indicator,
    unit="GJ",
    better=Better.LOWER,
    inputs_model=PerInhabitantInputs,
    compute=in_gj,
    own_rules="2",  # 1: meters were read instead of the figure of them
    of_sites=False,
    months=Months.ADD_UP,
)
"""What indicators of energy per inhabitant share that take the figure of that energy."""
