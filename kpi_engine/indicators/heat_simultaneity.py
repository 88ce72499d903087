"""Simultaneity of heat [%]: the peak of all consumers together over the sum of the peaks of each site."""

from typing import Final

from ingest.model.calendar import Period
from kpi_engine.families.of_figures import bounded_of, made_of
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.indicator import Better, Indicator, Inputs, Outcome
from kpi_engine.ports.metric import Metric, MetricInput, Relation, every, single
from kpi_engine.window import Window

PERCENT: Final = 100.0
TOGETHER: Final = Metric("heat_peak_load")
SITES: Final = Metric("heat_peak_load", Relation.SITES)


class HeatSimultaneityInputs(Inputs):
    """The peak of all consumers together, and that of each site, in kW."""

    together: MetricInput
    sites: tuple[MetricInput, ...]


def inputs(window: Window) -> HeatSimultaneityInputs:
    """Select the peaks."""
    return HeatSimultaneityInputs(together=single(window.given(TOGETHER)), sites=every(window.given(SITES)))


def compute(inputs: HeatSimultaneityInputs) -> Outcome:
    """Return the one over the sum of the others; never more than all of it."""
    figures = (inputs.together, *inputs.sites)
    together, alone = bounded_of(inputs.together), added(map(bounded_of, inputs.sites))
    if together.value is None or alone.value is None:
        return made_of(Bounded(None), figures)
    if alone.value <= 0.0:
        return made_of(Bounded(None), figures, "no heat flowed, so no peak is a share of others")
    share = ratio(together, alone, together.value / alone.value)
    within = Bounded(share.value, max(share.lower, 0.0), min(share.upper, 1.0)).with_value(share.value)
    return made_of(within.scaled(PERCENT), figures)


INDICATOR: Final = Indicator(
    name="heat_simultaneity",
    title="Simultaneity of heat delivered",
    unit="%",
    definition="Peak of heat delivered in the whole city over the sum of the peaks of its sites [%], each the largest "
    "civil hour of the month or year (heat_peak_load), whenever it was. The lower, the more the sites' peaks differ in "
    "time and the smaller a plant may be than what is connected to it. Where a site's meter stands below that of "
    "another site, the peaks of both are in the sum. A site without a figure leaves none.",
    formula="g = max over hours of sum over sites of P / sum over sites of (max over hours of P)",
    citation="Simultaneity g(N) = max_t sum P_i(t) / sum P_i,max (recalled)",
    frameworks=("SCIS peak load (recalled)",),
    better=Better.LOWER,
    boundary="Consumers' topmost heat meters, of the city and of each site",
    interval="hour",
    periods=(Period.MONTH, Period.YEAR),
    of_sites=False,
    inputs_model=HeatSimultaneityInputs,
    inputs=inputs,
    compute=compute,
    ports=(TOGETHER, SITES),
)
