"""Share of investments that grants paid [%]."""

from typing import Final

from kpi_engine.families.investments import PERCENT, InvestmentInputs, investment_indicator
from kpi_engine.indicator import Better


def grant_share(inputs: InvestmentInputs) -> float | str:
    """Return grants over investment."""
    whole = inputs.total("investment")
    return PERCENT * inputs.total("grant") / whole if whole else "nothing was invested"


INDICATOR: Final = investment_indicator(
    "investment_grant_share",
    title="Grants in investments",
    unit="%",
    definition="Share of what was invested in measures at sites that grants paid [%]. A site without a grant states 0.",
    formula="g = sum of grant / sum of investment",
    framework="SCIS grants",
    better=Better.NEITHER,
    beside=("grant",),
    arithmetic=grant_share,
)
