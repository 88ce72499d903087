"""Return on investment [%]: what measures bring in over their lifetime beyond what they cost, of what was invested."""

from math import fsum
from typing import Final

from kpi_engine.families.investments import PERCENT, InvestmentInputs, investment_indicator
from kpi_engine.formulas.economics import lifetime_gain
from kpi_engine.indicator import Better


def share(inputs: InvestmentInputs) -> float | str:
    """Return the sum over years and sites of (saving - annuity), over what all of them invested."""
    invested = inputs.total("investment")
    if invested <= 0.0:
        return "nothing was invested"
    gains = (
        lifetime_gain(one.annual_saving or 0.0, yearly, one.investment_lifetime or 1.0)
        for one, yearly in zip(inputs.sites, inputs.annuities, strict=True)
    )
    return PERCENT * fsum(gains) / invested


INDICATOR: Final = investment_indicator(
    "investment_return",
    title="Return on investment",
    unit="%",
    definition="What the measures save over their lifetime beyond what the investment costs, of what was invested "
    "[%]. Each year saves annual_saving and costs the investment as an equal yearly payment over its "
    "lifetime at the discount_rate; 0 % means that it just pays, and below that it does not. The saving "
    "is taken to be the same in every year. Of sites with different lifetimes each counts over its own.",
    formula="ROI = sum over sites of n x (annual_saving - I x i / (1 - (1 + i)^-n)) / sum of investment, n = "
    "investment_lifetime, i = discount_rate",
    framework="SCIS return on investment",
    better=Better.HIGHER,
    beside=("annual_saving", "discount_rate", "investment_lifetime"),
    arithmetic=share,
)
