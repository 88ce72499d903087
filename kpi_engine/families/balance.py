"""Residuals of balances: what goes in at a main meter, or is produced behind it, and comes out of no submeter [kWh].

A residual is an amount of its own: losses, what is not submetered, what is fed into the grid, and meters that are
wrong. It may be negative. It is whole or null, like every sum.
"""

from collections.abc import Callable
from dataclasses import replace
from math import fsum
from typing import Final

from ingest.model.quantities.carrier import CARRIERS
from ingest.model.sentences import Sentence
from kpi_engine.boundary.balancing import MAIN, PRODUCTION, SUBMETER
from kpi_engine.boundary.final_energy import consumers
from kpi_engine.evidence.amounts import MeterAmounts, amounts, bounded, coverage, estimated_share, exact, reason, total
from kpi_engine.formulas.bounded import added
from kpi_engine.indicator import Balance, Indicator, Inputs, Outcome
from kpi_engine.ports.balance import Balanced
from kpi_engine.window import Window

CITATION: Final = (
    "Conservation of energy at the node behind a main meter; balance of main and submeters as in metering plans of "
    "energy management (ISO 50001, recalled)"
)


class MeterBalanceInputs(Inputs):
    """What main meters, producers behind them and their submeters counted, in kWh."""

    main_kwh: MeterAmounts
    production_kwh: MeterAmounts = ()
    submeters_kwh: MeterAmounts


def compute(inputs: MeterBalanceInputs) -> Outcome:
    """Return main plus production minus submeters; None where one of them lacks an amount."""
    lists = (inputs.main_kwh, inputs.production_kwh, inputs.submeters_kwh)
    if not inputs.main_kwh or not inputs.submeters_kwh:
        return Outcome(None, coverage(*lists), None, Sentence("no main meter has a submeter in this period").of())
    if total(*lists) is None:
        return Outcome(None, coverage(*lists), None, reason(*lists))
    signed = ((1.0, inputs.main_kwh), (1.0, inputs.production_kwh), (-1.0, inputs.submeters_kwh))
    terms = [sign * part for sign, entries in signed for part in exact(entries)]
    into = bounded(inputs.main_kwh, inputs.production_kwh)
    found = added((into, bounded(inputs.submeters_kwh).scaled(-1.0))).with_value(fsum(terms) + 0.0)
    outcome = Outcome.of(found, coverage(*lists), estimated_share(*lists), reason(*lists))
    return replace(outcome, scale=into.value)


def meter_balance(carrier: str, title: str, more: str) -> Indicator[MeterBalanceInputs]:
    """Return the indicator of the residual of one carrier's main meters; ``more`` says what else is in it."""
    return Indicator(
        name=CARRIERS[carrier].balance,
        title=title,
        unit="kWh",
        definition=f"What main meters of {carrier} counted and their direct submeters did not [kWh]: losses and use "
        f"that is not submetered{more}. A main meter is one with submeters of the same carrier (submeter_of), wherever "
        "they stand, while one of them is valid. The estimated share is that of all amounts read, not of the residual.",
        formula="R = sum over main meters + sum over producers behind them - sum over their direct submeters",
        citation=CITATION,
        frameworks=("ISO 50001",),
        ports=(Balanced(Balance.SUBMETERS, consumers(carrier)),),
        inputs_model=MeterBalanceInputs,
        inputs=_inputs(CARRIERS[carrier].register),
        compute=compute,
        boundary=f"Main meters of {carrier}, producers behind them and their direct submeters, wherever they stand",
    )


def _inputs(register: str) -> Callable[[Window], MeterBalanceInputs]:
    def inputs(window: Window) -> MeterBalanceInputs:
        def of(role: str) -> MeterAmounts:
            return amounts(window.in_role(role), register, window.start, window.end)

        return MeterBalanceInputs(main_kwh=of(MAIN), production_kwh=of(PRODUCTION), submeters_kwh=of(SUBMETER))

    return inputs
