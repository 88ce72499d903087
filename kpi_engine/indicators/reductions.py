"""What is less than in a baseline [%, kg]: peak loads, final energy and emissions."""

from typing import Final

from kpi_engine.families.against_baseline import AgainstBaseline, reduction_indicator
from kpi_engine.ports.facts import FactOf, Facts

INDICATORS: Final = (
    reduction_indicator(
        "building_peak_load_reduction",
        "building_peak_load",
        Facts("baseline_peak_load", "kW"),
        title="Peak electric load of buildings against the baseline year",
        unit="%",
        definition="How much lower the largest hour of the electric load of buildings is than in the baseline year "
        "[%]: building_peak_load of a civil year against the fact baseline_peak_load of the city or the site, "
        "whose year is the fact baseline_year of the city; negative where it grew. Where nothing is stated, "
        "building_peak_load of that year is the baseline, with its bounds.",
        citation="SCIS KPI Guide v2.0, peak load reduction 1 - P_peak,R&I / P_peak,BaU (formula recalled), business as "
        "usual being the baseline year",
        frameworks=("SCIS peak load reduction",),
        boundary="Electricity at the main meters of buildings",
        of_sites=True,
    ),
    reduction_indicator(
        "heat_peak_load_reduction",
        "heat_peak_load",
        Facts("baseline_heat_peak_load", "kW"),
        title="Peak load of heat against the baseline year",
        unit="%",
        definition="How much lower the largest hour of heat delivered is than in the baseline year [%]: heat_peak_load "
        "of a civil year against the fact baseline_heat_peak_load of the city or the site, whose year is the "
        "fact baseline_year of the city; negative where it grew. Where nothing is stated, heat_peak_load of "
        "that year is the baseline, with its bounds. The weather is not taken out.",
        citation="SCIS KPI Guide v2.0, peak load reduction 1 - P_peak,R&I / P_peak,BaU (formula recalled), business as "
        "usual being the baseline year",
        frameworks=("SCIS peak load reduction",),
        boundary="Consumers' topmost heat meters",
        of_sites=True,
    ),
    reduction_indicator(
        "city_final_energy_reduction",
        "city_final_energy",
        Facts("baseline_final_energy", "kWh", FactOf.CITY),
        title="Final energy against the baseline year",
        unit="%",
        definition="How much less final energy the city's monitored boundary used than in its baseline year [%]: "
        "city_final_energy of a civil year against the fact baseline_final_energy of the city file, whose "
        "year is the fact baseline_year; negative where it grew. Where nothing is stated, city_final_energy "
        "of that year is the baseline, with its bounds. The weather is not taken out.",
        citation="CITYkeys, reduction in annual final energy consumption (recalled); SCIS KPI Guide v2.0, 2.1.2 energy "
        "savings 1 - E_C / E_R (formula recalled)",
        frameworks=("CITYkeys reduction in annual final energy consumption", "SCIS 2.1.2"),
        boundary="The meters of city_final_energy, against a declared baseline, or the same meters in its year",
        of_sites=False,
    ),
    reduction_indicator(
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
    ),
)
