"""Simple payback of investments [a]."""

from typing import Final

from kpi_engine.families.investments import InvestmentInputs, investment_indicator
from kpi_engine.formulas.economics import simple_payback
from kpi_engine.indicator import Better


def payback(inputs: InvestmentInputs) -> float | str:
    """Return investment over annual saving."""
    found = simple_payback(inputs.total("investment"), inputs.total("annual_saving"))
    return "nothing is saved, so the investment is never paid back" if found is None else found


INDICATOR: Final = investment_indicator(
    "investment_payback",
    title="Simple payback of investments",
    unit="a",
    definition="Years after which the yearly saving has paid what was invested [a], grants included and without "
    "interest.",
    formula="n = sum of investment / sum of annual_saving",
    framework="SCIS payback period, static",
    better=Better.LOWER,
    beside=("annual_saving",),
    arithmetic=payback,
)
