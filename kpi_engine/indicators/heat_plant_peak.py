"""Peak of heat plants [kW]: the largest hour of what plants fed in."""

from typing import Final

from kpi_engine.families.heat_load import DEFINITION, heat_load_indicator, hours_of, peak_load
from kpi_engine.families.heat_plants import BOUNDARY, PLANTS
from kpi_engine.indicator import Better
from kpi_engine.ports.hours import MatchedHours, MeterGroup

PRODUCTION: Final = MatchedHours((MeterGroup("plants", PLANTS),))

INDICATOR: Final = heat_load_indicator(
    name="heat_plant_peak",
    title="Peak of heat produced",
    unit="kW",
    definition=f"The largest civil hour of heat produced [kW], of plants that feed in. {DEFINITION}",
    formula="P = max over hours of (sum over plants of heat of the hour / length of the hour)",
    citation="SCIS KPI Guide v2.0, peak load reduction P_peak (recalled)",
    frameworks=("SCIS peak load",),
    inputs=hours_of(PRODUCTION),
    compute=peak_load,
    ports=(PRODUCTION,),
    better=Better.LOWER,
    boundary=BOUNDARY,
)
