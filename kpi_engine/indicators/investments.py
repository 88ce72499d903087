"""What investments in measures cost and bring in, from what sites state of them."""

from math import fsum
from typing import Final

from kpi_engine.families.investments import PERCENT, InvestmentInputs, investment_indicator
from kpi_engine.formulas.economics import dynamic_payback, lifetime_gain, reduction_cost, simple_payback
from kpi_engine.indicator import Better


def per_area(inputs: InvestmentInputs) -> float | str:
    """Return investment over floor area."""
    area = inputs.total("floor_area")
    return inputs.total("investment") / area if area else "floor_area is 0 in sum, and nothing can be divided by it"


def grant_share(inputs: InvestmentInputs) -> float | str:
    """Return grants over investment."""
    whole = inputs.total("investment")
    return PERCENT * inputs.total("grant") / whole if whole else "nothing was invested"


def payback(inputs: InvestmentInputs) -> float | str:
    """Return investment over annual saving."""
    found = simple_payback(inputs.total("investment"), inputs.total("annual_saving"))
    return "nothing is saved, so the investment is never paid back" if found is None else found


def payback_with_interest(inputs: InvestmentInputs) -> float | str:
    """Return after how many years the discounted savings have paid the investment."""
    rate, *others = {one.discount_rate or 0.0 for one in inputs.sites}
    if others:
        return "sites state different discount rates, so their savings cannot be discounted together"
    found = dynamic_payback(inputs.total("investment"), inputs.total("annual_saving"), rate / PERCENT)
    return "the saving does not exceed the interest, so the investment is never paid back" if found is None else found


def return_on_investment(inputs: InvestmentInputs) -> float | str:
    """Return the sum over years and sites of (saving - annuity), over what all of them invested."""
    invested = inputs.total("investment")
    if invested <= 0.0:
        return "nothing was invested"
    gains = (
        lifetime_gain(one.annual_saving or 0.0, yearly, one.investment_lifetime or 1.0)
        for one, yearly in zip(inputs.sites, inputs.annuities, strict=True)
    )
    return PERCENT * fsum(gains) / invested


def cost_of_avoided_emissions(inputs: InvestmentInputs) -> float | str:
    """Return (annualised investment - annual saving) over the emissions saved in a year."""
    found = reduction_cost(
        fsum(inputs.annuities), inputs.total("annual_saving"), inputs.total("annual_emissions_saved")
    )
    return "no emissions are saved, and nothing can be divided by them" if found is None else found


INDICATORS: Final = (
    investment_indicator(
        "investment_per_area",
        title="Investment per floor area",
        unit="EUR/m2",
        definition="What was invested in measures at sites per floor area [EUR/m2], grants included.",
        formula="i = sum of investment / sum of floor_area",
        framework="SCIS total investments",
        better=Better.NEITHER,
        beside=("floor_area",),
        arithmetic=per_area,
    ),
    investment_indicator(
        "investment_grant_share",
        title="Grants in investments",
        unit="%",
        definition="Share of what was invested in measures at sites that grants paid [%]. A site without a grant "
        "states 0.",
        formula="g = sum of grant / sum of investment",
        framework="SCIS grants",
        better=Better.NEITHER,
        beside=("grant",),
        arithmetic=grant_share,
    ),
    investment_indicator(
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
    ),
    investment_indicator(
        "investment_dynamic_payback",
        title="Payback of investments with interest",
        unit="a",
        definition="Years after which the yearly saving, discounted by the discount_rate, has paid what was invested "
        "[a], grants included. Sites with different rates have no common figure.",
        formula="n = ln(m / (m - i x I)) / ln(1 + i), I = sum of investment, m = sum of annual_saving, i = "
        "discount_rate",
        framework="SCIS payback period, dynamic",
        better=Better.LOWER,
        beside=("annual_saving", "discount_rate"),
        arithmetic=payback_with_interest,
    ),
    investment_indicator(
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
        arithmetic=return_on_investment,
    ),
    investment_indicator(
        "co2_reduction_cost",
        title="Cost of emissions avoided",
        unit="EUR/t",
        definition="What it costs to avoid a tonne of emissions [EUR/t]: the investment as an equal yearly payment "
        "over its lifetime at the discount rate, less the yearly saving, over the emissions saved in a year. "
        "Negative where the measures pay by themselves. The saved emissions are those that the city file "
        "states, not metered ones.",
        formula="c = (sum of I x i / (1 - (1 + i)^-n) - sum of annual_saving) / sum of annual_emissions_saved",
        framework="SCIS carbon reduction cost",
        better=Better.LOWER,
        beside=("annual_saving", "annual_emissions_saved", "discount_rate", "investment_lifetime"),
        arithmetic=cost_of_avoided_emissions,
    ),
)
