"""Final energy of the monitored boundary against its baseline year [%]: how much less it is."""

from typing import Final

from kpi_engine.families.against_baseline import reduction_indicator
from kpi_engine.ports.facts import FactOf, Facts

INDICATOR: Final = reduction_indicator(
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
)
