"""Base electric load of buildings [kW]: what 95 % of hours exceed."""

from typing import Final

from kpi_engine.families.building_load import BuildingLoadInputs, load_indicator, of_hours
from kpi_engine.formulas.hour_columns import percentile
from kpi_engine.indicator import Better, Outcome

SHARE: Final = 0.05


def compute(inputs: BuildingLoadInputs) -> Outcome:
    """Return the 5th percentile of hours."""
    return of_hours(percentile(inputs.load, SHARE), inputs)


INDICATOR: Final = load_indicator(
    name="building_base_load",
    title="Base electric load of buildings",
    unit="kW",
    definition="The hourly mean load [kW] at the main meters of buildings that 5 % of the hours of the period stay "
    "below, interpolated linearly between neighbouring hours: what runs day and night. With photovoltaics, hours in "
    "which nothing is imported are among the lowest. Of several meters it is that of their sum.",
    formula="P_base = 5th percentile over hours of (sum over main meters of energy counted in the hour / 1 h)",
    frameworks=("common practice",),
    better=Better.LOWER,
    compute=compute,
)
