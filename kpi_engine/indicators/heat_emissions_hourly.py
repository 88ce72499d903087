"""Emissions of heat delivered [kg], with the city's hourly factor series: sum over hours of energy times factor."""

from typing import Final

from kpi_engine.energy import consumers
from kpi_engine.hourly_emissions import CITATION, HourlyEmissionsInputs, compute, inputs_of
from kpi_engine.indicator import Indicator, Needs

INDICATOR: Final = Indicator(
    name="heat_emissions_hourly",
    title="Emissions of heat delivered, hourly factor",
    unit="kg",
    definition="Emissions of heat delivered [kg], with the factor series of the city: sum over hours of energy times "
    "factor.",
    formula="m = sum over hours of (heat delivered in the hour x time-weighted mean factor of the hour)",
    citation=CITATION,
    frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2"),
    rule_version="1",
    needs=Needs((consumers("heat"),), hourly=True),
    inputs_model=HourlyEmissionsInputs,
    inputs=inputs_of("heat"),
    compute=compute,
)
