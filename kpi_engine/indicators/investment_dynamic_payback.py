"""Payback of investments with interest [a]."""

from typing import Final

from kpi_engine.families.investments import PERCENT, InvestmentInputs, investment_indicator
from kpi_engine.formulas.economics import dynamic_payback
from kpi_engine.indicator import Better


def payback(inputs: InvestmentInputs) -> float | str:
    """Return after how many years the discounted savings have paid the investment."""
    rate, *others = {one.discount_rate or 0.0 for one in inputs.sites}
    if others:
        return "sites state different discount rates, so their savings cannot be discounted together"
    found = dynamic_payback(inputs.total("investment"), inputs.total("annual_saving"), rate / PERCENT)
    return "the saving does not exceed the interest, so the investment is never paid back" if found is None else found


INDICATOR: Final = investment_indicator(
    "investment_dynamic_payback",
    title="Payback of investments with interest",
    unit="a",
    definition="Years after which the yearly saving, discounted by the discount_rate, has paid what was invested "
    "[a], grants included. Sites with different rates have no common figure.",
    formula="n = ln(m / (m - i x I)) / ln(1 + i), I = sum of investment, m = sum of annual_saving, i = discount_rate",
    framework="SCIS payback period, dynamic",
    better=Better.LOWER,
    beside=("annual_saving", "discount_rate"),
    arithmetic=payback,
)
