"""Energy of the city per inhabitant [kWh]."""

from typing import Final

from kpi_engine.families.per_inhabitant import METERED_POPULATION, POPULATION, inhabitant_indicator, inputs
from kpi_engine.ports.metric import Metric

ENERGY: Final = Metric("city_final_energy")
HEAT: Final = Metric("heat_delivered")

INDICATORS: Final = (
    inhabitant_indicator(
        name="city_final_energy_per_capita",
        title="Final energy of the monitored boundary per inhabitant",
        definition="Final energy of the city's monitored boundary over its population [GJ per inhabitant in the "
        "period]: city_final_energy over the fact population of the city file, weighted by time where it changes. What "
        "is not metered (fuels, transport but charging) is not in it. A month is not scaled to a year.",
        formula="e = city_final_energy x 0.0036 GJ/kWh / population",
        citation="ISO 37120:2018, total end-use energy per capita, GJ over population (definition read on the pages of "
        "a city that reports it)",
        frameworks=("ISO 37120 7", "CITYkeys"),
        boundary="Energy delivered at the meters of the city file, against all inhabitants of the municipality",
        inputs=lambda window: inputs(window, ENERGY, POPULATION),
        ports=(ENERGY, POPULATION),
    ),
    inhabitant_indicator(
        name="city_heat_per_capita",
        title="Heat of the monitored boundary per metered inhabitant",
        definition="Heat delivered to consumers over the people in dwellings whose heat is metered [GJ per inhabitant "
        "in the period]: heat_delivered over the fact metered_population of the city file, weighted by "
        "time where it changes. Heat of other buildings that is metered is in it, so it is the residential figure of "
        "U4SSC only where nothing but dwellings is metered. Not corrected for the weather; a month is not scaled to a "
        "year.",
        formula="q = heat_delivered x 0.0036 GJ/kWh / metered_population",
        citation="U4SSC EN: E: E: 3C residential thermal energy (name and unit read, formula recalled)",
        frameworks=("U4SSC EN: E: E: 3C (where only dwellings are metered)",),
        boundary="Heat delivered at the meters of the city file, against the inhabitants of metered dwellings",
        inputs=lambda window: inputs(window, HEAT, METERED_POPULATION),
        ports=(HEAT, METERED_POPULATION),
    ),
)
