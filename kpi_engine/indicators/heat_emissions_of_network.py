"""Emissions of heat delivered [kg], by what the network that serves emitted in the same period."""

from typing import Final

from ingest.model.calendar import Period
from kpi_engine.families.of_figures import bounded_of, made_of
from kpi_engine.formulas.bounded import times
from kpi_engine.indicator import Better, Indicator, Inputs, Outcome
from kpi_engine.ports.metric import Metric, MetricInput, Relation, single
from kpi_engine.window import Window

HEAT: Final = Metric("heat_delivered")
FACTOR: Final = Metric("heat_network_emission_factor", Relation.NETWORK)


class NetworkEmissionsInputs(Inputs):
    """Heat delivered in kWh, and the emission factor of the network that serves, in kg/kWh."""

    heat: MetricInput
    factor: MetricInput


def inputs(window: Window) -> NetworkEmissionsInputs:
    """Select both figures."""
    return NetworkEmissionsInputs(heat=single(window.given(HEAT)), factor=single(window.given(FACTOR)))


def compute(inputs: NetworkEmissionsInputs) -> Outcome:
    """Return heat times factor, between what both lie between."""
    return made_of(times(bounded_of(inputs.heat), bounded_of(inputs.factor)), (inputs.heat, inputs.factor))


INDICATOR: Final = Indicator(
    name="heat_emissions_of_network",
    title="Emissions of heat delivered, factor of its own network",
    unit="kg",
    definition="Emissions of heat delivered [kg] by the factor of the network that serves: heat_delivered of a site, "
    "or of the city, times heat_network_emission_factor of the plant that serves it (serves in the city file), or of "
    "the city, in the same month or year. Of several plants it is that of a group of the city file that has all of "
    "them, or that of the city where it has no others. So heat bears what its own plants burned then, by the "
    "allocation that the city has chosen. It moves whenever the network's figure does: what is to stand still is "
    "reckoned by a published factor (heat_emissions, pharos factors from-network). A site that plants of several "
    "networks serve, or none for a part of the period, has no figure. The months of a year do not add up to it, since "
    "each has its own factor.",
    formula="m = heat_delivered x heat_network_emission_factor of the network that serves",
    citation="EN 15316-4-5 (recalled); GHG Protocol Scope 2 Guidance, supplier-specific factor of heat (recalled)",
    frameworks=("EN 15316-4-5", "GHG Protocol Scope 2"),
    better=Better.LOWER,
    boundary="Heat at the meters of heat_delivered; fuels of the plants of one network",
    periods=(Period.MONTH, Period.YEAR),
    inputs_model=NetworkEmissionsInputs,
    inputs=inputs,
    compute=compute,
    ports=(HEAT, FACTOR),
)
