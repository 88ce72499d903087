"""Heat of the city's monitored boundary per inhabitant whose heat is metered [GJ]."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.per_inhabitant import METERED_POPULATION, in_gj, inhabitant_indicator, of_those_metered
from kpi_engine.indicator import Needs

INDICATOR: Final = inhabitant_indicator(
    name="city_heat_per_capita",
    title="Heat of the monitored boundary per metered inhabitant",
    unit="GJ",
    definition="Heat delivered to consumers over the people in dwellings whose heat is metered [GJ per inhabitant in "
    "the period]: what the topmost heat meters counted over the fact metered_population of the city file, weighted by "
    "time where it changes. Heat of other buildings that is metered is in it, so it is the residential figure of U4SSC "
    "only where nothing but dwellings is metered. Not corrected for the weather; a month is not scaled to a year.",
    formula="q = sum over topmost heat meters of consumers / metered_population",
    citation="U4SSC EN: E: E: 3C residential thermal energy (name and unit read, formula recalled)",
    frameworks=("U4SSC EN: E: E: 3C (where only dwellings are metered)",),
    boundary="Heat delivered at the meters of the city file, against the inhabitants of metered dwellings",
    needs=Needs((consumers("heat"),)),
    inputs=of_those_metered,
    compute=in_gj,
    ports=(METERED_POPULATION,),
)
