"""Hours with good air [%]: occupied hours with at most 800 ppm of CO2 above outdoor air, category II of EN 16798-1."""

from typing import Final

from kpi_engine.families.room_hours import CARBON_DIOXIDE, OCCUPIED, RoomsInputs, rooms_within, share_within
from kpi_engine.formulas.indoor_climate import CO2_ABOVE_OUTDOORS, CO2_OUTDOORS, Band
from kpi_engine.indicator import Better, Indicator, Months

MOST: Final = CO2_OUTDOORS + CO2_ABOVE_OUTDOORS["II"]

INDICATOR: Final = Indicator(
    name="building_co2_hours",
    title="Hours with good air (CO2), category II",
    unit="%",
    definition=f"Share of occupied hours with a known concentration of CO2 in which it is at most {MOST:g} ppm [%]: "
    f"800 ppm above outdoor air, category II of EN 16798-1. Outdoor air is assumed to have {CO2_OUTDOORS:g} ppm; it is "
    "not measured. " + OCCUPIED,
    formula=f"A = known occupied hours with CO2 <= {CO2_OUTDOORS:g} + 800 ppm / known occupied hours",
    citation="EN 16798-1:2019, CO2 above outdoor air by category, read in code that cites p. 55 of the German edition",
    frameworks=("EN 16798-1 category II",),
    better=Better.HIGHER,
    boundary="Rooms with an indoor climate sensor that reports CO2",
    interval="hour",
    inputs_model=RoomsInputs,
    inputs=rooms_within(CARBON_DIOXIDE, Band(0.0, MOST)),
    compute=share_within,
    ports=(CARBON_DIOXIDE,),
    months=Months.SIDE_BY_SIDE,
)
