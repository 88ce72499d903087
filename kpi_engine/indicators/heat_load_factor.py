"""Load factor of heat [%]: mean power of what consumers took over its largest hour."""

from typing import Final

from kpi_engine.energy import consumers
from kpi_engine.heat_load import DEFINITION, HeatLoadInputs, load_factor
from kpi_engine.heat_load import inputs as inputs_of
from kpi_engine.indicator import Better, Indicator
from kpi_engine.ports.hours import MatchedHours, MeterGroup
from kpi_engine.window import Window

LOAD: Final = MatchedHours((MeterGroup("load", consumers("heat")),))


def inputs(window: Window) -> HeatLoadInputs:
    """Select the hours of consumers' meters."""
    return inputs_of(window, LOAD, "load")


INDICATOR: Final = Indicator(
    name="heat_load_factor",
    title="Load factor of heat delivered",
    unit="%",
    definition="Heat delivered over what the largest civil hour would have delivered in all hours of the period [%], "
    f"of consumers' topmost heat meters. {DEFINITION} Hours are those that the period really has: 23 or 25 on days on "
    "which the clocks change.",
    formula="f = sum over hours of heat / (largest hour's power x hours of the period)",
    citation="Load factor Q / (P_max x hours), customary for district heating networks (recalled)",
    frameworks=("EN 15316-4-5",),
    inputs_model=HeatLoadInputs,
    inputs=inputs,
    compute=load_factor,
    ports=(LOAD,),
    better=Better.HIGHER,
    boundary="Consumers' topmost heat meters",
    interval="hour",
)
