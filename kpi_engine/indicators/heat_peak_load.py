"""Peak load of heat [kW]: the largest hour of what consumers took."""

from typing import Final

from kpi_engine.families.heat_load import DEFINITION, LOAD, hours_of, peak_indicator

INDICATOR: Final = peak_indicator(
    name="heat_peak_load",
    title="Peak load of heat delivered",
    definition=f"The largest civil hour of heat delivered [kW], of consumers' topmost heat meters. {DEFINITION}",
    formula="P = max over hours of (sum over meters of heat of the hour / length of the hour)",
    inputs=hours_of(LOAD),
    ports=(LOAD,),
    boundary="Consumers' topmost heat meters",
)
