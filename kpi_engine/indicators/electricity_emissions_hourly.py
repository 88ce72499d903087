"""Emissions of electricity consumed [kg], hour by hour with the factor series of the city's grid."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.hourly_emissions import hourly_emission_indicator, inputs_of
from kpi_engine.indicator import Needs

INDICATOR: Final = hourly_emission_indicator(
    name="electricity_emissions_hourly",
    title="Emissions of electricity, the grid's hourly factor",
    definition="Emissions of electricity consumed [kg], with the factor series of the city's grid: sum over hours of "
    "energy times factor, of the same meters as electricity_emissions. Not comparable with that one: its "
    "published factor has another source and boundary; never add the two, nor take a mean of them.",
    formula="m = sum over hours of (electricity consumed in the hour x time-weighted mean factor of the hour)",
    frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2, location-based"),
    needs=Needs((consumers("electricity"),)),
    boundary="Electricity delivered at the topmost meters; what the series counts upstream, its feed says",
    inputs=inputs_of("electricity"),
)
