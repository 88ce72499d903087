"""Heat that a network loses [%]: what plants produced and the meters of the sites they serve did not count."""

from dataclasses import replace
from math import fsum
from typing import Final

from kpi_engine.amounts import MeterAmounts, amounts, bounded, coverage, estimated_share, reason, total
from kpi_engine.balancing import DELIVERED, SUPPLIED
from kpi_engine.bounded import Bounded, added, ratio
from kpi_engine.energy import consumers
from kpi_engine.indicator import Balance, Indicator, Inputs, Needs, Outcome
from kpi_engine.window import Window

PERCENT: Final = 100.0


class HeatLossInputs(Inputs):
    """Heat produced by each plant and counted by each topmost meter that it reaches, in kWh."""

    supplied_kwh: MeterAmounts
    delivered_kwh: MeterAmounts


def inputs(window: Window) -> HeatLossInputs:
    """Select the energy registers of both sides."""
    start, end = window.start, window.end
    return HeatLossInputs(
        supplied_kwh=amounts(window.in_role(SUPPLIED), "heat_energy", start, end),
        delivered_kwh=amounts(window.in_role(DELIVERED), "heat_energy", start, end),
    )


def compute(inputs: HeatLossInputs) -> Outcome:
    """Return (supplied - delivered) over supplied; None where an amount is missing or nothing was supplied."""
    lists = (inputs.supplied_kwh, inputs.delivered_kwh)
    supplied, delivered = map(total, lists)
    covered = coverage(*lists)
    if not inputs.supplied_kwh or not inputs.delivered_kwh:
        return Outcome(None, covered, None, "no plant, or no meter that it serves, is registered for this period")
    if supplied is None or delivered is None:
        return Outcome(None, covered, None, reason(*lists))
    if supplied <= 0.0:
        return Outcome(None, covered, None, "no heat was supplied, so no share of it was lost")
    share = PERCENT * fsum((supplied, -delivered)) / supplied
    through = ratio(bounded(inputs.delivered_kwh), bounded(inputs.supplied_kwh), delivered / supplied)
    found = added((Bounded.exact(PERCENT), through.scaled(-PERCENT))).with_value(share)
    outcome = Outcome.of(found, covered, estimated_share(*lists), reason(*lists))
    return replace(outcome, scale=PERCENT)


INDICATOR: Final = Indicator(
    name="network_heat_loss_share",
    title="Heat lost by the network",
    unit="%",
    definition="Heat that plants produced and that did not arrive [%], of a plant's site with all it serves, or of the "
    "city: plants against the topmost heat meters of the sites that they reach (serves). Heat that a second plant may "
    "have supplied is refused. A negative share means that a meter is missing from one side, or is wrong. The "
    "estimated share is that of all amounts read.",
    formula="l = (sum over plants - sum over topmost meters served) / sum over plants",
    citation="Heat loss share (Q_supplied - Q_delivered) / Q_supplied over the same closed period, as used for "
    "district heating networks; distribution losses of EN 15316-4-5 (both recalled)",
    frameworks=("EN 15316-4-5",),
    needs=Needs((consumers("heat"),), balance=Balance.NETWORK),
    inputs_model=HeatLossInputs,
    inputs=inputs,
    compute=compute,
)
