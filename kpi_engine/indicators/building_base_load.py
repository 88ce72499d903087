"""Base electric load of buildings [kW]: what 95 % of hours exceed."""

from dataclasses import replace
from typing import Final

from kpi_engine.building_load import BOUNDARY, CITATION, LOAD, BuildingLoadInputs, inputs, nothing_known
from kpi_engine.formulas.hour_columns import percentile
from kpi_engine.indicator import Better, Indicator, Outcome

SHARE: Final = 0.05


def compute(inputs: BuildingLoadInputs) -> Outcome:
    """Return the 5th percentile of hours."""
    found = percentile(inputs.load, SHARE)
    if found.value is None:
        return nothing_known(inputs)
    return replace(Outcome.of(found, inputs.known_share), reason=inputs.lacking)


INDICATOR: Final = Indicator(
    name="building_base_load",
    title="Base electric load of buildings",
    unit="kW",
    definition="The hourly mean load [kW] at the main meters of buildings that 5 % of the hours of the period stay "
    "below, interpolated linearly between neighbouring hours: what runs day and night. With photovoltaics, hours in "
    "which nothing is imported are among the lowest. Of several meters it is that of their sum.",
    formula="P_base = 5th percentile over hours of (sum over main meters of energy counted in the hour / 1 h)",
    citation=CITATION,
    frameworks=("common practice",),
    better=Better.LOWER,
    boundary=BOUNDARY,
    interval="hour",
    inputs_model=BuildingLoadInputs,
    inputs=inputs,
    compute=compute,
    ports=(LOAD,),
)
