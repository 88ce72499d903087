"""Excess flow [m3]: water that substations took beyond what their heat takes if it returns as cold as it should."""

from dataclasses import replace
from math import fsum
from typing import Final

from kpi_engine.families.excess_flow import DEFINITION, ExcessFlowInputs, excess_flow_indicator, flow
from kpi_engine.formulas.bounded import added
from kpi_engine.indicator import Outcome


def compute(inputs: ExcessFlowInputs) -> Outcome:
    """Return volume minus reference volume, held against the volume; None where an amount is missing."""
    found = flow(inputs)
    if found.unknown:
        return found.unknown
    excess = fsum((found.volume.value or 0.0, -(found.reference.value or 0.0)))
    amount = added((found.volume, found.reference.scaled(-1.0))).with_value(excess)
    outcome = Outcome.of(amount, found.coverage, found.estimated_share, found.reason)
    return replace(outcome, scale=found.volume.value)


INDICATOR: Final = excess_flow_indicator(
    name="heat_excess_flow",
    title="Excess flow of substations",
    unit="m3",
    definition="Volume that flowed through consumers' heat meters beyond the reference volume [m3]; negative where "
    f"water returned colder than it should. {DEFINITION} It is a difference, so how far it can be wrong is held "
    "against the volume. Substations by excess flow: pharos kpi rank heat_excess_flow.",
    formula="V_x = sum over meters of (dV - dQ / (k (T_s - T_r,ref))), T_s = dE8 / dV",
    compute=compute,
)
