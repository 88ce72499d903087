"""Reduction of the peak electric load of buildings against the baseline year [%]."""

from typing import Final

from kpi_engine.families.against_baseline import reduction_indicator
from kpi_engine.ports.facts import Facts

INDICATOR: Final = reduction_indicator(
    "building_peak_load_reduction",
    "building_peak_load",
    Facts("baseline_peak_load", "kW"),
    title="Peak electric load of buildings against the baseline year",
    unit="%",
    definition="How much lower the largest hour of the electric load of buildings is than in the baseline year [%]: "
    "building_peak_load of a civil year against the fact baseline_peak_load of the city or the site, "
    "whose year is the fact baseline_year of the city; negative where it grew. Where nothing is stated, "
    "building_peak_load of that year is the baseline, with its bounds.",
    citation="SCIS KPI Guide v2.0, peak load reduction 1 - P_peak,R&I / P_peak,BaU (formula recalled), business as "
    "usual being the baseline year",
    frameworks=("SCIS peak load reduction",),
    boundary="Electricity at the main meters of buildings",
    of_sites=True,
)
