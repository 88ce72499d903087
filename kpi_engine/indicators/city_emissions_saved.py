"""Emissions that the monitored boundary saved against its baseline year [kg]."""

from typing import Final

from kpi_engine.families.against_baseline import AgainstBaseline, reduction_indicator
from kpi_engine.ports.facts import FactOf, Facts

INDICATOR: Final = reduction_indicator(
    "city_emissions_saved",
    "city_emissions",
    Facts("baseline_emissions", "kg", FactOf.CITY),
    title="Emissions saved against the baseline year",
    unit="kg",
    definition="How much less the city's monitored boundary emitted than in its baseline year [kg]: city_emissions "
    "of a civil year against the fact baseline_emissions of the city file, whose year is the fact "
    "baseline_year; negative where they grew. Where nothing is stated, city_emissions of that year is the "
    "baseline, with its bounds. Factors have to be of the same kind in both years.",
    citation="SCIS KPI Guide v2.0, CO2 reduction in t/a (formula recalled); CITYkeys CO2 reduction (recalled)",
    frameworks=("SCIS CO2 reduction", "CITYkeys CO2 reduction"),
    boundary="The meters of city_emissions, against a declared baseline, or the same meters in its year",
    of_sites=False,
    compared=AgainstBaseline.amount_less,
)
