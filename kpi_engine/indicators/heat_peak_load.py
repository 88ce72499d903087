"""Peak load of heat [kW]: the largest hour of what consumers took."""

from typing import Final

from kpi_engine.energy import consumers
from kpi_engine.heat_load import DEFINITION, HeatLoadInputs, peak_load
from kpi_engine.heat_load import inputs as inputs_of
from kpi_engine.indicator import Better, Indicator
from kpi_engine.ports.hours import MatchedHours, MeterGroup
from kpi_engine.window import Window

LOAD: Final = MatchedHours((MeterGroup("load", consumers("heat")),))


def inputs(window: Window) -> HeatLoadInputs:
    """Select the hours of consumers' meters."""
    return inputs_of(window, LOAD, "load")


INDICATOR: Final = Indicator(
    name="heat_peak_load",
    title="Peak load of heat delivered",
    unit="kW",
    definition=f"The largest civil hour of heat delivered [kW], of consumers' topmost heat meters. {DEFINITION}",
    formula="P = max over hours of (sum over meters of heat of the hour / length of the hour)",
    citation="SCIS KPI Guide v2.0, peak load reduction P_peak (recalled)",
    frameworks=("SCIS peak load",),
    inputs_model=HeatLoadInputs,
    inputs=inputs,
    compute=peak_load,
    ports=(LOAD,),
    better=Better.LOWER,
    boundary="Consumers' topmost heat meters",
    interval="hour",
)
