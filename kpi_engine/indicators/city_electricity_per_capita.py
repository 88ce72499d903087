"""Electricity of the city's monitored boundary per inhabitant [kWh]."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.per_inhabitant import POPULATION, in_kwh, inhabitant_indicator, of_everyone
from kpi_engine.indicator import Needs

INDICATOR: Final = inhabitant_indicator(
    name="city_electricity_per_capita",
    title="Electricity of the monitored boundary per inhabitant",
    unit="kWh",
    definition="Electricity of the city's monitored boundary over its population [kWh per inhabitant in the period]: "
    "what the topmost electricity meters counted over the fact population of the city file, weighted by time where it "
    "changes. What is not metered is not in it: it is the city's total only where all of it is metered. A month is not "
    "scaled to a year.",
    formula="e = sum over topmost electricity meters / population",
    citation="U4SSC EN: E: E: 2C electricity consumption (name and unit read, formula recalled)",
    frameworks=("U4SSC EN: E: E: 2C", "ISO 37120 7"),
    boundary="Electricity delivered at the meters of the city file, against all inhabitants of the municipality",
    needs=Needs((consumers("electricity"),)),
    inputs=of_everyone,
    compute=in_kwh,
    ports=(POPULATION,),
)
