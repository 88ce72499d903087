"""Emissions of electricity and heat [kg], hour by hour with the factor series of the city."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.hourly_emissions import hourly_emission_indicator, inputs_of
from kpi_engine.indicator import Needs

INDICATORS: Final = (
    hourly_emission_indicator(
        name="electricity_emissions_hourly",
        title="Emissions of electricity, the grid's hourly factor",
        definition="Emissions of electricity consumed [kg], with the factor series of the city's grid: sum over hours "
        "of energy times factor, of the same meters as electricity_emissions. Not comparable with that one: its "
        "published factor has another source and boundary; never add the two, nor take a mean of them.",
        formula="m = sum over hours of (electricity consumed in the hour x time-weighted mean factor of the hour)",
        frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2, location-based"),
        needs=Needs((consumers("electricity"),)),
        boundary="Electricity delivered at the topmost meters; what the series counts upstream, its feed says",
        inputs=inputs_of("electricity"),
    ),
    hourly_emission_indicator(
        name="heat_emissions_hourly",
        title="Emissions of heat delivered, the plant's own hourly factor",
        definition="Emissions of heat delivered [kg], with the factor series that the city file names (factor_series), "
        "as a plant reports it: sum over hours of energy times factor. Not comparable with heat_emissions, whose "
        "published factor has another source and boundary; never add the two, nor take a mean of them.",
        formula="m = sum over hours of (heat delivered in the hour x time-weighted mean factor of the hour)",
        frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2"),
        needs=Needs((consumers("heat"),)),
        inputs=inputs_of("heat"),
        boundary="Heat at consumers' topmost meters; what the factor counts, the plant that reports it has to say",
        interval="hour",
    ),
)
