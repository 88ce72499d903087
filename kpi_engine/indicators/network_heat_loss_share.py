"""Heat that a network loses [%]: what plants produced and the meters of the sites they serve did not count."""

from dataclasses import replace
from math import fsum
from typing import Final

from kpi_engine.evidence.amounts import bounded, coverage, estimated_share, reason
from kpi_engine.families.heat_networks import DEFINITION, HeatLossInputs, loss_indicator, not_known
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.indicator import Months, Outcome

PERCENT: Final = 100.0


def compute(inputs: HeatLossInputs) -> Outcome:
    """Return (supplied - delivered) over supplied; None where an amount is missing or nothing was supplied."""
    lists = (inputs.supplied_kwh, inputs.delivered_kwh)
    if unknown := not_known(*lists):
        return unknown
    supplied, delivered = (bounded(one).value or 0.0 for one in lists)
    covered = coverage(*lists)
    if supplied <= 0.0:
        return Outcome(None, covered, None, "no heat was supplied, so no share of it was lost")
    share = PERCENT * fsum((supplied, -delivered)) / supplied
    through = ratio(bounded(inputs.delivered_kwh), bounded(inputs.supplied_kwh), delivered / supplied)
    found = added((Bounded.exact(PERCENT), through.scaled(-PERCENT))).with_value(share)
    outcome = Outcome.of(found, covered, estimated_share(*lists), reason(*lists))
    return replace(outcome, scale=PERCENT)


INDICATOR: Final = loss_indicator(
    name="network_heat_loss_share",
    title="Heat lost by the network",
    unit="%",
    definition=f"Heat that plants produced and that did not arrive [%], {DEFINITION} A negative share means that a "
    "meter is missing from one side, or is wrong. The estimated share is that of all amounts read.",
    formula="l = (sum over plants - sum over topmost meters served) / sum over plants",
    citation="Heat loss share (Q_supplied - Q_delivered) / Q_supplied over the same closed period, as used for "
    "district heating networks; distribution losses of EN 15316-4-5 (both recalled)",
    compute=compute,
    months=Months.SIDE_BY_SIDE,
)
