"""Peak load of charging [kW]: the largest hour of all charging points together."""

from typing import Final

from kpi_engine.families.charging_load import LOAD, ChargingLoad, inputs, peak_load
from kpi_engine.indicator import Better, Indicator

INDICATOR: Final = Indicator(
    name="ev_peak_load",
    title="Peak load of charging",
    unit="kW",
    definition="Largest hourly mean power of all charging points of the subject together [kW]: the largest sum over "
    "points of the energy of one hour. Peaks of minutes are higher. An hour that is not known may have been the "
    "largest, and widens the bounds; points that send records of sessions leave no figure.",
    formula="P = max over hours of sum over charging points of E / 1 h",
    citation="Peak of the sum of P_i(t), coincidence of loads (recalled)",
    frameworks=("SCIS peak load reduction (P_peak)",),
    inputs_model=ChargingLoad,
    inputs=inputs,
    compute=peak_load,
    ports=(LOAD,),
    better=Better.LOWER,
    boundary="what charging points deliver to vehicles, at the same time",
    interval="hour",
)
