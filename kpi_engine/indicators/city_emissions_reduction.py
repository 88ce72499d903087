"""Emissions of the monitored boundary against its baseline year [%]: how much less they are."""

from dataclasses import replace
from math import inf
from typing import Final

from ingest.model.calendar import Period
from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.emissions import EmissionInputs, of_all_carriers
from kpi_engine.families.emissions import compute as emissions
from kpi_engine.families.intensity import SiteFacts, site_facts, time_mean, unstated
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.indicator import Better, Indicator, Needs, Outcome, StatusLimits
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.window import KNOWN_FROM, Window

PERCENT: Final = 100.0
BASELINE: Final = Facts("baseline_emissions", "kg", FactOf.CITY, is_needed=True)
YEAR: Final = Facts("baseline_year", "1", FactOf.CITY, is_needed=True)


class ReductionInputs(EmissionInputs):
    """The stretches of the year, one per factor and carrier; emissions of the baseline year in kg, and which year."""

    baseline_kg: SiteFacts
    baseline_year: SiteFacts


def inputs(window: Window) -> ReductionInputs:
    """Select what city_emissions selects, and the declared baseline."""
    return ReductionInputs(
        stretches=of_all_carriers(window).stretches,
        baseline_kg=site_facts(window.given(BASELINE)),
        baseline_year=site_facts(window.given(YEAR)),
    )


def compute(inputs: ReductionInputs) -> Outcome:
    """Return (baseline - emissions) over baseline; nothing for a year that goes on, or was hardly measured."""
    found = emissions(inputs)
    lacks = [
        unstated(inputs.baseline_kg, BASELINE.name),
        unstated(inputs.baseline_year, YEAR.name),
        None if found.coverage >= KNOWN_FROM else f"measurements cover {found.coverage:.0%} of the year",
    ]
    why = "; ".join(filter(None, [*lacks, found.reason])) or None
    baseline = time_mean(inputs.baseline_kg) if inputs.baseline_kg else 0.0
    if any(lacks) or found.value is None or baseline <= 0.0:
        return Outcome(None, found.coverage, None, why or "the baseline is 0, and nothing can be divided by it")
    mass = Bounded(found.value, *(_end(found.lower, -1.0), _end(found.upper, 1.0)))
    saved = added((Bounded.exact(PERCENT), mass.scaled(-PERCENT / baseline)))
    return replace(Outcome.of(saved, found.coverage, found.estimated_share, why), scale=PERCENT)


def _end(bound: float | None, side: float) -> float:
    return side * inf if bound is None else bound


INDICATOR: Final = Indicator(
    name="city_emissions_reduction",
    title="Emissions against the baseline year",
    unit="%",
    definition="How much less the emissions of the city's monitored boundary are than in its baseline year [%]: "
    "city_emissions of a whole civil year against the fact baseline_emissions of the city file, whose year is the fact "
    "baseline_year; negative where they grew. The baseline has to be of the same boundary and kind of factors: "
    "whoever states it answers for that. A year that has not ended, or of which measurements cover less than 90 %, has "
    "no figure: a part is never scaled to a year. The bounds are those of the year; the baseline is taken as exact.",
    formula="r = (baseline_emissions - city_emissions) / baseline_emissions",
    citation="SCIS KPI Guide v2.0, CO2 reduction, in per cent (formula recalled); CITYkeys CO2 reduction (recalled)",
    frameworks=("SCIS CO2 reduction", "CITYkeys"),
    better=Better.HIGHER,
    boundary="The meters of city_emissions, against a declared baseline",
    needs=Needs((consumers("heat"), consumers("electricity")), dated_factor=True),
    periods=(Period.YEAR,),
    closed_only=True,
    limits=StatusLimits(reason="a difference: its width is held against the whole baseline"),
    inputs_model=ReductionInputs,
    inputs=inputs,
    compute=compute,
    of_sites=False,
    ports=(BASELINE, YEAR),
)
