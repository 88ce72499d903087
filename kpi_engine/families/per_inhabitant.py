"""Energy of the monitored boundary per inhabitant: who is counted, a fact of the city file says and dates."""

from functools import partial
from typing import Final

from pydantic import Field

from kpi_engine.boundary.final_energy import energy
from kpi_engine.evidence.amounts import LONGEST, MeterAmounts, bounded, coverage, estimated_share, reason
from kpi_engine.families.intensity import SiteFacts, outcome_per, site_facts
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Outcome
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.window import Window

GJ_PER_KWH: Final = 0.0036
POPULATION: Final = Facts("population", "1", FactOf.CITY)
METERED_POPULATION: Final = Facts("metered_population", "1", FactOf.CITY, is_needed=True)


class PerInhabitantInputs(Inputs):
    """Heat and electricity counted by each meter in kWh, the inhabitants, and the period in seconds."""

    heat_kwh: MeterAmounts = ()
    electricity_kwh: MeterAmounts = ()
    inhabitants: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def of_everyone(window: Window) -> PerInhabitantInputs:
    """Select the meters of the indicator, and the population."""
    return _inputs(window, POPULATION)


def of_those_metered(window: Window) -> PerInhabitantInputs:
    """Select the meters of the indicator, and those whose heat is metered."""
    return _inputs(window, METERED_POPULATION)


def _inputs(window: Window, inhabitants: Facts) -> PerInhabitantInputs:
    return PerInhabitantInputs(
        heat_kwh=energy(window, "heat"),
        electricity_kwh=energy(window, "electricity"),
        inhabitants=site_facts(window.given(inhabitants)),
        seconds=window.seconds,
    )


def in_kwh(inputs: PerInhabitantInputs) -> Outcome:
    """Return the energy over the mean number of inhabitants [kWh]."""
    return _outcome(inputs, 1.0)


def in_gj(inputs: PerInhabitantInputs) -> Outcome:
    """Return the energy over the mean number of inhabitants [GJ]."""
    return _outcome(inputs, GJ_PER_KWH)


def _outcome(inputs: PerInhabitantInputs, scale: float) -> Outcome:
    lists = (inputs.heat_kwh, inputs.electricity_kwh)
    whole = Outcome.of(bounded(*lists).scaled(scale), coverage(*lists), estimated_share(*lists), reason(*lists))
    return outcome_per(whole, inputs.inhabitants, inputs.seconds, "the number of inhabitants")


inhabitant_indicator: Final = partial(
    Indicator,
    better=Better.LOWER,
    inputs_model=PerInhabitantInputs,
    of_sites=False,
    months=Months.ADD_UP,
)
"""What indicators of energy per inhabitant share."""
