"""Peak electric load of buildings [kW]: the largest hourly mean."""

from typing import Final

from kpi_engine.families.building_load import BuildingLoadInputs, load_indicator, of_hours
from kpi_engine.formulas.hour_columns import peak
from kpi_engine.indicator import Better, Outcome


def compute(inputs: BuildingLoadInputs) -> Outcome:
    """Return the largest hour."""
    return of_hours(peak(inputs.load), inputs)


INDICATOR: Final = load_indicator(
    name="building_peak_load",
    title="Peak electric load of buildings",
    unit="kW",
    definition="The largest hourly mean of the electric load [kW] at the main meters of buildings. Of several meters "
    "it is the peak of their sum, at one and the same hour, not the sum of their peaks. The load within an hour may "
    "be larger. An hour that is not known may have been the peak, and widens the bounds.",
    formula="P_peak = max over hours of (sum over main meters of energy counted in the hour / 1 h)",
    frameworks=("SCIS peak load reduction (the peak, not its reduction)",),
    better=Better.LOWER,
    compute=compute,
)
