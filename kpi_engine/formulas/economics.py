"""What measures cost and bring: payback, annuity, gain, and the cost of a tonne of emissions avoided.

SCIS KPI Guide v2.0, economic indicators (formulas recalled). Money is in one currency, rates are shares (0.05 for 5 %),
time is in years.
"""

from math import log


def simple_payback(investment: float, annual_saving: float) -> float | None:
    """Return after how many years the saving has paid the investment, without interest; None where nothing is saved."""
    return investment / annual_saving if annual_saving > 0.0 else None


def dynamic_payback(investment: float, annual_saving: float, rate: float) -> float | None:
    """Return after how many years the discounted saving has paid it: ln(m / (m - i I)) / ln(1 + i).

    None where the saving does not exceed the interest, so that it never has.
    """
    if rate == 0.0:
        return simple_payback(investment, annual_saving)
    left = annual_saving - rate * investment
    return log(annual_saving / left) / log(1.0 + rate) if left > 0.0 else None


def annuity(investment: float, rate: float, years: float) -> float:
    """Return the equal yearly payment for an investment: I i / (1 - (1 + i)^-n), or I / n without interest."""
    return investment * rate / (1.0 - (1.0 + rate) ** -years) if rate else investment / years


def reduction_cost(annual_cost: float, annual_saving: float, annual_emissions_saved: float) -> float | None:
    """Return the cost of each tonne avoided: (annualised cost - saving) / tonnes; negative where it pays by itself."""
    return (annual_cost - annual_saving) / annual_emissions_saved if annual_emissions_saved > 0.0 else None


def lifetime_gain(annual_saving: float, annual_cost: float, years: float) -> float:
    """Return what a measure brings in over its lifetime beyond what it costs, the same in every year."""
    return years * (annual_saving - annual_cost)
