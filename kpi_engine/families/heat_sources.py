"""What heat is made of: shares of the heat of plants as the city file states them of their sites, by heat produced.

A share that changes within the period is weighted by time, since how much heat was made before and after is not read;
its least and its most bound it. A plant of which no share is stated may have any, and leaves no value.
"""

from math import fsum, inf
from typing import Final

from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.boundary.final_energy import energy
from kpi_engine.evidence.amounts import MeterAmounts, bounded, coverage, estimated_share, reason
from kpi_engine.families.heat_plants import BOUNDARY, PLANTS
from kpi_engine.families.intensity import SiteFact, SiteFacts, site_facts
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Needs, Outcome
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.window import Window

PERCENT: Final = 100.0
_NAMED: Final = 3
NO_SHARE: Final = Sentence("no share is given").of()


class HeatSourceInputs(Inputs):
    """Heat fed in by each plant in kWh, and the share that is stated of it in percent, by plant."""

    supplied_kwh: MeterAmounts
    share_percent: SiteFacts


def compute(inputs: HeatSourceInputs) -> Outcome:
    """Return the mean share over plants, weighted by their heat; None where a share or an amount is missing."""
    covered, whole = coverage(inputs.supplied_kwh), bounded(inputs.supplied_kwh)
    if whole.value is None:
        return Outcome(None, covered, None, reason(inputs.supplied_kwh))
    if whole.value <= 0.0:
        return Outcome(None, covered, None, Sentence("no heat was produced, so no share of it is known").of())
    shares = [_share(plant.meter, inputs.share_percent) for plant in inputs.supplied_kwh]
    parts = [_product(share, plant.bounded) for share, plant in zip(shares, inputs.supplied_kwh, strict=True)]
    made = added(parts)
    middle = fsum((made.lower, made.upper)) / 2.0 if made.value is None else made.value
    found = ratio(made, whole, middle / whole.value)
    least, most = min(share.lower for share in shares), max(share.upper for share in shares)
    value = None if made.value is None else made.value / whole.value
    within = Bounded(value, max(found.lower, least), min(found.upper, most)).with_value(value)
    why = "; ".join(filter(None, [_lacking(inputs), reason(inputs.supplied_kwh)])) or None
    return Outcome.of(within, covered, estimated_share(inputs.supplied_kwh) if value is not None else None, why)


def _share(plant: str, stated: SiteFacts) -> Bounded:
    """Return the share of one plant [%]: its mean over time, between its least and its most."""
    spans = [one for one in stated if one.site == plant]
    ends = [(0.0, PERCENT) if one.value is None else (one.value, one.value) for one in spans] or [(0.0, PERCENT)]
    known = [one.value * one.seconds for one in spans if one.value is not None]
    value = fsum(known) / fsum(one.seconds for one in spans) if spans and len(known) == len(spans) else None
    return Bounded(value, min(low for low, _ in ends), max(high for _, high in ends)).with_value(value)


def _product(share: Bounded, heat: Bounded) -> Bounded:
    """Return the product of two amounts that are not negative."""
    value = None if share.value is None or heat.value is None else share.value * heat.value
    upper = inf if heat.upper == inf else share.upper * max(heat.upper, 0.0)
    return Bounded(value, share.lower * max(heat.lower, 0.0), upper).with_value(value)


def _lacking(inputs: HeatSourceInputs) -> str | None:
    plants = {plant.meter for plant in inputs.supplied_kwh}
    sentences = {f"{one.site}: {_why(one)}" for one in inputs.share_percent if one.value is None and one.site in plants}
    unstated = plants - {one.site for one in inputs.share_percent}
    sentences |= {f"{plant}: {NO_SHARE}" for plant in unstated}
    return first_of(sorted(sentences), _NAMED, "; ") or None


def _why(one: SiteFact) -> str:
    return one.missing or Sentence("no share is given").of()


def share_of_heat(
    name: str, title: str, what: str, citation: str, frameworks: tuple[str, ...]
) -> Indicator[HeatSourceInputs]:
    """Return the indicator of a share of heat that the city file states as the fact ``name``; ``what`` it counts."""
    shares = Facts(name, "percent", FactOf.DEVICES, selection=PLANTS)

    def inputs(window: Window) -> HeatSourceInputs:
        return HeatSourceInputs(supplied_kwh=energy(window, "heat"), share_percent=site_facts(window.given(shares)))

    return Indicator(
        name=name,
        title=title,
        unit="%",
        definition=f"{what} Each plant's share is the fact {name} of its site, with its source and its days; plants "
        "are weighted by the heat that they produced. Where a share changes within the period, its mean over time "
        "counts, between its least and its most. A plant without a stated share leaves no figure, only bounds.",
        formula="s = sum over plants of (share x heat produced) / sum over plants of heat produced",
        citation=citation,
        frameworks=frameworks,
        needs=Needs((PLANTS,)),
        inputs_model=HeatSourceInputs,
        inputs=inputs,
        compute=compute,
        ports=(shares,),
        better=Better.HIGHER,
        boundary=BOUNDARY,
        months=Months.SIDE_BY_SIDE,
    )
