"""Peak of heat plants [kW]: the largest hour of what plants fed in."""

from typing import Final

from kpi_engine.heat_load import DEFINITION, HeatLoadInputs, peak_load
from kpi_engine.heat_load import inputs as inputs_of
from kpi_engine.heat_plants import BOUNDARY, PLANTS
from kpi_engine.indicator import Better, Indicator
from kpi_engine.ports.hours import MatchedHours, MeterGroup
from kpi_engine.window import Window

PRODUCTION: Final = MatchedHours((MeterGroup("plants", PLANTS),))


def inputs(window: Window) -> HeatLoadInputs:
    """Select the hours of the plants."""
    return inputs_of(window, PRODUCTION, "plants")


INDICATOR: Final = Indicator(
    name="heat_plant_peak",
    title="Peak of heat produced",
    unit="kW",
    definition=f"The largest civil hour of heat produced [kW], of plants that feed in. {DEFINITION}",
    formula="P = max over hours of (sum over plants of heat of the hour / length of the hour)",
    citation="SCIS KPI Guide v2.0, peak load reduction P_peak (recalled)",
    frameworks=("SCIS peak load",),
    inputs_model=HeatLoadInputs,
    inputs=inputs,
    compute=peak_load,
    ports=(PRODUCTION,),
    better=Better.LOWER,
    boundary=BOUNDARY,
    interval="hour",
)
