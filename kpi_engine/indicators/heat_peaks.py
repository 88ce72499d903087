"""The largest civil hour of heat [kW]: of what consumers took, and of what plants fed in."""

from typing import Final

from kpi_engine.families.heat_load import DEFINITION, LOAD, hours_of, peak_indicator
from kpi_engine.families.heat_plants import BOUNDARY, PLANTS
from kpi_engine.ports.hours import MatchedHours, MeterGroup

PRODUCTION: Final = MatchedHours((MeterGroup("plants", PLANTS),))

INDICATORS: Final = (
    peak_indicator(
        name="heat_peak_load",
        title="Peak load of heat delivered",
        definition=f"The largest civil hour of heat delivered [kW], of consumers' topmost heat meters. {DEFINITION}",
        formula="P = max over hours of (sum over meters of heat of the hour / length of the hour)",
        inputs=hours_of(LOAD),
        ports=(LOAD,),
        boundary="Consumers' topmost heat meters",
    ),
    peak_indicator(
        name="heat_plant_peak",
        title="Peak of heat produced",
        definition=f"The largest civil hour of heat produced [kW], of plants that feed in. {DEFINITION}",
        formula="P = max over hours of (sum over plants of heat of the hour / length of the hour)",
        inputs=hours_of(PRODUCTION),
        ports=(PRODUCTION,),
        boundary=BOUNDARY,
    ),
)
