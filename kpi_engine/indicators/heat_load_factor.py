"""Load factor of heat [%]: mean power of what consumers took over its largest hour."""

from typing import Final

from kpi_engine.families.heat_load import DEFINITION, LOAD, heat_load_indicator, hours_of, load_factor
from kpi_engine.indicator import Better

INDICATOR: Final = heat_load_indicator(
    name="heat_load_factor",
    title="Load factor of heat delivered",
    unit="%",
    definition="Heat delivered over what the largest civil hour would have delivered in all hours of the period [%], "
    f"of consumers' topmost heat meters. {DEFINITION} Hours are those that the period really has: 23 or 25 on days on "
    "which the clocks change.",
    formula="f = sum over hours of heat / (largest hour's power x hours of the period)",
    citation="Load factor Q / (P_max x hours), customary for district heating networks (recalled)",
    frameworks=("EN 15316-4-5",),
    inputs=hours_of(LOAD),
    compute=load_factor,
    ports=(LOAD,),
    better=Better.HIGHER,
    boundary="Consumers' topmost heat meters",
)
