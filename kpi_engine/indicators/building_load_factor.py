"""Load factor of buildings' electricity [%]: the mean load over the peak load."""

from dataclasses import replace
from typing import Final

from kpi_engine.families.building_load import BuildingLoadInputs, load_indicator, nothing_known
from kpi_engine.formulas.bounded import Bounded, ratio
from kpi_engine.formulas.hour_columns import peak
from kpi_engine.indicator import Better, Outcome

PERCENT: Final = 100.0


def compute(inputs: BuildingLoadInputs) -> Outcome:
    """Return the mean over all hours over the largest one."""
    load = inputs.load
    whole, largest = load.total(), peak(load).scaled(len(load.value))
    if whole.value is None or largest.value is None:
        return nothing_known(inputs)
    if largest.value <= 0.0:
        return Outcome(None, inputs.known_share, None, "nothing was used, and nothing can be divided by its peak")
    found = ratio(whole, largest, whole.value / largest.value)
    found = Bounded(found.value, found.lower, min(found.upper, 1.0)).with_value(found.value)
    return replace(Outcome.of(found.scaled(PERCENT), inputs.known_share), reason=inputs.lacking)


INDICATOR: Final = load_indicator(
    name="building_load_factor",
    title="Load factor of buildings' electricity",
    unit="%",
    definition="Mean electric load over the peak load at the main meters of buildings [%]: the energy of the period "
    "over what the largest hourly mean would have made of all its hours (real hours of civil days, so 23 to 25). Of "
    "several meters it is that of their sum.",
    formula="LF = sum over hours of energy / (number of hours x largest hour)",
    frameworks=("common practice",),
    better=Better.HIGHER,
    compute=compute,
)
