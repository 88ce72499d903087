"""Peak, base load and load factor of buildings [kW, %]."""

from dataclasses import replace
from typing import Final

from kpi_engine.families.building_load import BuildingLoadInputs, load_indicator, nothing_known, of_hours
from kpi_engine.formulas.bounded import Bounded, ratio
from kpi_engine.formulas.hour_columns import peak, percentile
from kpi_engine.indicator import Better, Outcome

BASE_SHARE: Final = 0.05
PERCENT: Final = 100.0


def peak_load(inputs: BuildingLoadInputs) -> Outcome:
    """Return the largest hour."""
    return of_hours(peak(inputs.load), inputs)


def base_load(inputs: BuildingLoadInputs) -> Outcome:
    """Return the 5th percentile of hours."""
    return of_hours(percentile(inputs.load, BASE_SHARE), inputs)


def load_factor(inputs: BuildingLoadInputs) -> Outcome:
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


INDICATORS: Final = (
    load_indicator(
        name="building_peak_load",
        title="Peak electric load of buildings",
        unit="kW",
        definition="The largest hourly mean of the electric load [kW] at the main meters of buildings. Of several "
        "meters it is the peak of their sum, at one and the same hour, not the sum of their peaks. The load within an "
        "hour may be larger. An hour that is not known may have been the peak, and widens the bounds.",
        formula="P_peak = max over hours of (sum over main meters of energy counted in the hour / 1 h)",
        frameworks=("SCIS peak load reduction (the peak, not its reduction)",),
        better=Better.LOWER,
        compute=peak_load,
    ),
    load_indicator(
        name="building_base_load",
        title="Base electric load of buildings",
        unit="kW",
        definition="The hourly mean load [kW] at the main meters of buildings that 5 % of the hours of the period stay "
        "below, interpolated linearly between neighbouring hours: what runs day and night. With photovoltaics, hours "
        "in which nothing is imported are among the lowest. Of several meters it is that of their sum.",
        formula="P_base = 5th percentile over hours of (sum over main meters of energy counted in the hour / 1 h)",
        frameworks=("common practice",),
        better=Better.LOWER,
        compute=base_load,
    ),
    load_indicator(
        name="building_load_factor",
        title="Load factor of buildings' electricity",
        unit="%",
        definition="Mean electric load over the peak load at the main meters of buildings [%]: the energy of the "
        "period over what the largest hourly mean would have made of all its hours (real hours of civil days, so 23 to "
        "25). Of several meters it is that of their sum.",
        formula="LF = sum over hours of energy / (number of hours x largest hour)",
        frameworks=("common practice",),
        better=Better.HIGHER,
        compute=load_factor,
    ),
)
