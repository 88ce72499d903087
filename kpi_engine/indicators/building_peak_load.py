"""Peak electric load of buildings [kW]: the largest hourly mean."""

from dataclasses import replace
from typing import Final

from kpi_engine.building_load import BOUNDARY, CITATION, LOAD, BuildingLoadInputs, inputs, nothing_known
from kpi_engine.formulas.hour_columns import peak
from kpi_engine.indicator import Better, Indicator, Outcome


def compute(inputs: BuildingLoadInputs) -> Outcome:
    """Return the largest hour."""
    found = peak(inputs.load)
    if found.value is None:
        return nothing_known(inputs)
    return replace(Outcome.of(found, inputs.known_share), reason=inputs.lacking)


INDICATOR: Final = Indicator(
    name="building_peak_load",
    title="Peak electric load of buildings",
    unit="kW",
    definition="The largest hourly mean of the electric load [kW] at the main meters of buildings. Of several meters "
    "it is the peak of their sum, at one and the same hour, not the sum of their peaks. The load within an hour may "
    "be larger. An hour that is not known may have been the peak, and widens the bounds.",
    formula="P_peak = max over hours of (sum over main meters of energy counted in the hour / 1 h)",
    citation=CITATION,
    frameworks=("SCIS peak load reduction (the peak, not its reduction)",),
    better=Better.LOWER,
    boundary=BOUNDARY,
    interval="hour",
    inputs_model=BuildingLoadInputs,
    inputs=inputs,
    compute=compute,
    ports=(LOAD,),
)
