"""Reduction of the peak load of heat against the baseline year [%]."""

from typing import Final

from kpi_engine.families.against_baseline import reduction_indicator
from kpi_engine.ports.facts import Facts

INDICATOR: Final = reduction_indicator(
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
)
