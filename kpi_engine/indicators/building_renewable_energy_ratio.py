"""Renewable energy ratio of buildings [%]: renewable over all primary energy, by the balance of EN ISO 52000-1."""

from typing import Final

from kpi_engine.families.energy_performance import (
    BALANCE,
    CITATION,
    FACTORS,
    BalanceInputs,
    WeightsRow,
    balance_indicator,
    of_balance,
    refused,
    selected,
    weights_of,
)
from kpi_engine.formulas.bounded import Bounded, ratio
from kpi_engine.indicator import Better, Months, Outcome
from kpi_engine.window import Window

PERCENT: Final = 100.0


class RenewableRatioInputs(BalanceInputs):
    """The flows with what all primary energy weighs, and ``renewable``: what the renewable part weighs."""

    renewable: WeightsRow | None


def inputs(window: Window) -> RenewableRatioInputs:
    """Select the flows, and both kinds of weights."""
    flows = selected(window, lambda factor: factor.total)
    renewable = weights_of(window.given(FACTORS), lambda factor: factor.renewable)
    return RenewableRatioInputs(**dict(flows), renewable=renewable)


def compute(inputs: RenewableRatioInputs) -> Outcome:
    """Return renewable over all primary energy; None where all of it is nothing, or less."""
    whole, part = of_balance(inputs, inputs.factors), of_balance(inputs, inputs.renewable)
    if whole.value is None or part.value is None:
        return Outcome(None, whole.coverage, None, refused(inputs) or whole.reason)
    if whole.value <= 0.0:
        why = "the export is worth as much as all primary energy used, and nothing can be divided by it"
        return Outcome(None, whole.coverage, None, why)
    over, under = (Bounded.between(one.value, one.lower, one.upper) for one in (part, whole))
    share = ratio(over, under, part.value / whole.value).scaled(PERCENT)
    return Outcome.of(share, whole.coverage, reason=whole.reason)


INDICATOR: Final = balance_indicator(
    name="building_renewable_energy_ratio",
    title="Renewable energy ratio of buildings",
    unit="%",
    definition="The renewable part of the primary energy of buildings, of all of it [%], by the balance of EN ISO "
    f"52000-1, {BALANCE}",
    formula="RER = E_ren / (E_ren + E_nren), each as building_primary_energy has it",
    citation=CITATION.format(scis="2.1.3"),
    frameworks=("EN ISO 52000-1 (RER)",),
    better=Better.HIGHER,
    inputs_model=RenewableRatioInputs,
    inputs=inputs,
    compute=compute,
    months=Months.SIDE_BY_SIDE,
)
