"""Peak load of heat [kW]: the largest hour of what consumers took."""

from typing import Final

from kpi_engine.families.heat_load import DEFINITION, LOAD, heat_load_indicator, hours_of, peak_load
from kpi_engine.indicator import Better

INDICATOR: Final = heat_load_indicator(
    name="heat_peak_load",
    title="Peak load of heat delivered",
    unit="kW",
    definition=f"The largest civil hour of heat delivered [kW], of consumers' topmost heat meters. {DEFINITION}",
    formula="P = max over hours of (sum over meters of heat of the hour / length of the hour)",
    citation="SCIS KPI Guide v2.0, peak load reduction P_peak (recalled)",
    frameworks=("SCIS peak load",),
    inputs=hours_of(LOAD),
    compute=peak_load,
    ports=(LOAD,),
    better=Better.LOWER,
    boundary="Consumers' topmost heat meters",
)
