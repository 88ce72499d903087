"""Excess flow over reference volume [%]: how much more water substations took than their heat should have taken."""

from dataclasses import replace
from math import fsum
from typing import Final

from kpi_engine.families.excess_flow import DEFINITION, ExcessFlowInputs, excess_flow_indicator, flow
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.indicator import Months, Outcome

PERCENT: Final = 100.0


def compute(inputs: ExcessFlowInputs) -> Outcome:
    """Return (volume - reference volume) over reference volume; None where an amount is missing or there is no heat."""
    found = flow(inputs)
    if found.unknown:
        return found.unknown
    flowed, reference = found.volume.value or 0.0, found.reference.value or 0.0
    if reference <= 0.0:
        return Outcome(None, found.coverage, None, found.reason or "no heat was taken, so no water was needed for it")
    share = PERCENT * fsum((flowed, -reference)) / reference
    times = ratio(found.volume, found.reference, flowed / reference).scaled(PERCENT)
    amount = added((times, Bounded.exact(-PERCENT))).with_value(share)
    return replace(Outcome.of(amount, found.coverage, found.estimated_share, found.reason), scale=PERCENT)


INDICATOR: Final = excess_flow_indicator(
    name="heat_excess_flow_share",
    title="Excess flow over reference flow",
    unit="%",
    definition="Volume that flowed through consumers' heat meters beyond the reference volume, over the reference "
    f"volume [%]; negative where water returned colder than it should. {DEFINITION}",
    formula="x = sum over meters of (dV - V_ref) / sum over meters of V_ref, V_ref = dQ / (k (T_s - T_r,ref))",
    compute=compute,
    months=Months.SIDE_BY_SIDE,
)
