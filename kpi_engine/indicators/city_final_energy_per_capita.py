"""Final energy of the city's monitored boundary per inhabitant [GJ]."""

from typing import Final

from kpi_engine.families.per_inhabitant import POPULATION, inhabitant_indicator, inputs
from kpi_engine.ports.metric import Metric

ENERGY: Final = Metric("city_final_energy")

INDICATOR: Final = inhabitant_indicator(
    name="city_final_energy_per_capita",
    title="Final energy of the monitored boundary per inhabitant",
    definition="Final energy of the city's monitored boundary over its population [GJ per inhabitant in the period]: "
    "city_final_energy over the fact population of the city file, weighted by time where it changes. What is not "
    "metered (fuels, transport but charging) is not in it. A month is not scaled to a year.",
    formula="e = city_final_energy x 0.0036 GJ/kWh / population",
    citation="ISO 37120:2018, total end-use energy per capita, GJ over population (definition read on the pages of a "
    "city that reports it)",
    frameworks=("ISO 37120 7", "CITYkeys"),
    boundary="Energy delivered at the meters of the city file, against all inhabitants of the municipality",
    inputs=lambda window: inputs(window, ENERGY, POPULATION),
    ports=(ENERGY, POPULATION),
)
