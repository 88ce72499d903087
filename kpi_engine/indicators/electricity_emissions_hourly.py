"""Emissions of electricity consumed [kg], hour by hour with the factor series of the city's grid."""

from typing import Final

from kpi_engine.energy import consumers
from kpi_engine.hourly_emissions import CITATION, HourlyEmissionsInputs, compute, inputs_of
from kpi_engine.indicator import Better, Indicator, Months, Needs

INDICATOR: Final = Indicator(
    name="electricity_emissions_hourly",
    title="Emissions of electricity, the grid's hourly factor",
    unit="kg",
    definition="Emissions of electricity consumed [kg], with the factor series of the city's grid: sum over hours of "
    "energy times factor, of the same meters as electricity_emissions. Not comparable with that one: its published "
    "factor has another source and boundary; never add the two, nor take a mean of them.",
    formula="m = sum over hours of (electricity consumed in the hour x time-weighted mean factor of the hour)",
    citation=CITATION,
    frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2, location-based"),
    needs=Needs((consumers("electricity"),), hourly=True),
    better=Better.LOWER,
    boundary="Electricity delivered at the topmost meters; what the series counts upstream, its feed says",
    inputs_model=HourlyEmissionsInputs,
    inputs=inputs_of("electricity"),
    compute=compute,
    months=Months.ADD_UP,
)
