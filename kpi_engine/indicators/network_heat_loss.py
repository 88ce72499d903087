"""Heat that a network loses [kWh]: what plants produced and the meters of the sites they serve did not count."""

from dataclasses import replace
from math import fsum
from typing import Final

from kpi_engine.evidence.amounts import bounded, coverage, estimated_share, reason
from kpi_engine.families.heat_networks import DEFINITION, HeatLossInputs, loss_indicator, not_known
from kpi_engine.formulas.bounded import added
from kpi_engine.indicator import Months, Outcome


def compute(inputs: HeatLossInputs) -> Outcome:
    """Return supplied minus delivered, held against what was supplied; None where an amount is missing."""
    lists = (inputs.supplied_kwh, inputs.delivered_kwh)
    if unknown := not_known(*lists):
        return unknown
    supplied, delivered = map(bounded, lists)
    lost = fsum((supplied.value or 0.0, -(delivered.value or 0.0)))
    found = added((supplied, delivered.scaled(-1.0))).with_value(lost)
    return replace(Outcome.of(found, coverage(*lists), estimated_share(*lists), reason(*lists)), scale=supplied.value)


INDICATOR: Final = loss_indicator(
    name="network_heat_loss",
    title="Heat lost by the network, amount",
    unit="kWh",
    definition=f"Heat that plants produced and that did not arrive [kWh], {DEFINITION} A negative loss means that a "
    "meter is missing from one side, or is wrong. It is a difference of two large amounts, so how far it can be wrong "
    "is held against what was supplied, as for network_heat_loss_share. The estimated share is that of all amounts "
    "read.",
    formula="L = sum over plants - sum over topmost meters served",
    citation="Distribution losses of EN 15316-4-5 as the difference of what is fed in and what is delivered over the "
    "same closed period (recalled)",
    compute=compute,
    months=Months.ADD_UP,
)
