"""Cost of emissions avoided [EUR/t]."""

from math import fsum
from typing import Final

from kpi_engine.families.investments import InvestmentInputs, investment_indicator
from kpi_engine.formulas.economics import reduction_cost
from kpi_engine.indicator import Better


def cost(inputs: InvestmentInputs) -> float | str:
    """Return (annualised investment - annual saving) over the emissions saved in a year."""
    found = reduction_cost(
        fsum(inputs.annuities), inputs.total("annual_saving"), inputs.total("annual_emissions_saved")
    )
    return "no emissions are saved, and nothing can be divided by them" if found is None else found


INDICATOR: Final = investment_indicator(
    "co2_reduction_cost",
    title="Cost of emissions avoided",
    unit="EUR/t",
    definition="What it costs to avoid a tonne of emissions [EUR/t]: the investment as an equal yearly payment over "
    "its lifetime at the discount rate, less the yearly saving, over the emissions saved in a year. "
    "Negative where the measures pay by themselves. The saved emissions are those that the city file "
    "states, not metered ones.",
    formula="c = (sum of I x i / (1 - (1 + i)^-n) - sum of annual_saving) / sum of annual_emissions_saved",
    framework="SCIS carbon reduction cost",
    better=Better.LOWER,
    beside=("annual_saving", "annual_emissions_saved", "discount_rate", "investment_lifetime"),
    arithmetic=cost,
)
