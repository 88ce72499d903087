"""Emissions avoided by charging [kg]: what cars with an engine would have emitted, less what the grid did."""

from typing import Final

from kpi_engine.boundary.final_energy import CHARGERS, consumers
from kpi_engine.families.avoided_emissions import ASSUMED, AvoidedInputs, compute, inputs
from kpi_engine.indicator import Better, Indicator, Months, Needs
from kpi_engine.ports.dated_factors import DATED_FACTORS

INDICATOR: Final = Indicator(
    name="ev_avoided_emissions",
    title="Emissions avoided by charging",
    unit="kg",
    definition="Emissions that driving on the energy charged avoids [kg CO2 or CO2eq, as the factor says]: what cars "
    "with an engine would have emitted on the way that this energy lasts, less what the grid emitted for it by the "
    "dated factor. How far it lasts and what such a car emits is assumed: "
    f"{ASSUMED.name} {ASSUMED.version}, {ASSUMED.source}. Both sides have one boundary: with a direct factor what "
    "comes out of the exhaust, with a life-cycle factor all from the well; a factor that states none leaves no "
    "figure. Making of cars and batteries is in neither.",
    formula="m = sum over stretches of E x (efficiency / c_EV x EF_car - EF_grid)",
    citation="Avoided emissions as energy at the battery over consumption times the factor of the replaced car, less "
    "charging by the grid's factor (recalled)",
    frameworks=("SCIS 2.3 (CO2 reduction, mobility)",),
    needs=Needs((consumers("electricity", device_types=CHARGERS),)),
    ports=(DATED_FACTORS,),
    inputs_model=AvoidedInputs,
    inputs=inputs,
    compute=compute,
    better=Better.HIGHER,
    boundary="exhaust against power station, or well against life cycle of the grid; no vehicles are made",
    months=Months.ADD_UP,
)
