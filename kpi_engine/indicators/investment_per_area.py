"""Investment per floor area [EUR/m2]."""

from typing import Final

from kpi_engine.families.investments import InvestmentInputs, investment_indicator
from kpi_engine.indicator import Better


def per_area(inputs: InvestmentInputs) -> float | str:
    """Return investment over floor area."""
    area = inputs.total("floor_area")
    return inputs.total("investment") / area if area else "floor_area is 0 in sum, and nothing can be divided by it"


INDICATOR: Final = investment_indicator(
    "investment_per_area",
    title="Investment per floor area",
    unit="EUR/m2",
    definition="What was invested in measures at sites per floor area [EUR/m2], grants included.",
    formula="i = sum of investment / sum of floor_area",
    framework="SCIS total investments",
    better=Better.NEITHER,
    beside=("floor_area",),
    arithmetic=per_area,
)
