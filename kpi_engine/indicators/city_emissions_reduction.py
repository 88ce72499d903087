"""Emissions of the monitored boundary against its baseline year [%]: how much less they are."""

from dataclasses import replace
from typing import Final

from ingest.model.calendar import Period
from kpi_engine.families.intensity import SiteFacts, site_facts, time_mean, unstated
from kpi_engine.families.of_figures import bounded_of
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.indicator import Better, Indicator, Inputs, Outcome, StatusLimits
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.metric import Metric, MetricInput, MetricPeriod, single
from kpi_engine.window import KNOWN_FROM, Window

PERCENT: Final = 100.0
EMISSIONS: Final = Metric("city_emissions")
THEN: Final = Metric("city_emissions", period=MetricPeriod.BASELINE_YEAR)
BASELINE: Final = Facts("baseline_emissions", "kg", FactOf.CITY)
YEAR: Final = Facts("baseline_year", "1", FactOf.CITY, is_needed=True)


class ReductionInputs(Inputs):
    """Emissions of the year, those of the baseline year in kg as the city file states them, and which year that is.

    ``measured``: what city_emissions is of that year; it counts where the city file states nothing.
    """

    emissions: MetricInput
    baseline_kg: SiteFacts
    baseline_year: SiteFacts
    measured: MetricInput | None = None


def inputs(window: Window) -> ReductionInputs:
    """Select the emissions, and the baseline: the declared one, else the figure of its year."""
    declared = site_facts(window.given(BASELINE))
    return ReductionInputs(
        emissions=single(window.given(EMISSIONS)),
        baseline_kg=declared,
        baseline_year=site_facts(window.given(YEAR)),
        measured=single(window.given(THEN)) if all(one.value is None for one in declared) else None,
    )


def compute(inputs: ReductionInputs) -> Outcome:
    """Return (baseline - emissions) over baseline; nothing for a year that goes on, or was hardly measured."""
    found = inputs.emissions.outcome
    lacks = [
        _lacking(inputs),
        unstated(inputs.baseline_year, YEAR.name),
        None if found.coverage >= KNOWN_FROM else f"measurements cover {found.coverage:.0%} of the year",
    ]
    why = "; ".join(filter(None, [*lacks, found.reason])) or None
    if any(lacks) or found.value is None:
        return Outcome(None, found.coverage, None, why)
    baseline = bounded_of(inputs.measured) if inputs.measured else Bounded.exact(time_mean(inputs.baseline_kg))
    if baseline.value is None or baseline.value <= 0.0:
        return Outcome(None, found.coverage, None, why or "the baseline is 0, and nothing can be divided by it")
    mass = bounded_of(inputs.emissions)
    if inputs.measured is None:
        left = mass.scaled(PERCENT / baseline.value)
    else:
        left = ratio(mass, baseline, found.value / baseline.value).scaled(PERCENT)
    saved = added((Bounded.exact(PERCENT), left.scaled(-1.0)))
    return replace(Outcome.of(saved, found.coverage, found.estimated_share, why), scale=PERCENT)


def _lacking(inputs: ReductionInputs) -> str | None:
    """Say why there is no baseline; None where there is one."""
    measured = inputs.measured
    if measured is None:
        return unstated(inputs.baseline_kg, BASELINE.name)
    if measured.value is not None and measured.coverage >= KNOWN_FROM:
        return None
    known = f"measurements cover {measured.coverage:.0%} of the baseline year"
    return "; ".join(filter(None, [unstated(inputs.baseline_kg, BASELINE.name), known, measured.reason]))


INDICATOR: Final = Indicator(
    name="city_emissions_reduction",
    title="Emissions against the baseline year",
    unit="%",
    definition="How much less the emissions of the city's monitored boundary are than in its baseline year [%]: "
    "city_emissions of a whole civil year against the fact baseline_emissions of the city file, whose year is the fact "
    "baseline_year; negative where they grew. Where the city file states no emissions, those of city_emissions of that "
    "year are the baseline, with their bounds. A stated baseline has to be of the same boundary and kind of factors: "
    "whoever states it answers for that, and it is taken as exact. A year that has not ended, or of which "
    "measurements cover less than 90 %, has "
    "no figure: a part is never scaled to a year.",
    formula="r = (baseline - city_emissions) / baseline, baseline = baseline_emissions, else city_emissions of "
    "baseline_year",
    citation="SCIS KPI Guide v2.0, CO2 reduction, in per cent (formula recalled); CITYkeys CO2 reduction (recalled)",
    frameworks=("SCIS CO2 reduction", "CITYkeys"),
    better=Better.HIGHER,
    boundary="The meters of city_emissions, against a declared baseline, or the same meters in its year",
    periods=(Period.YEAR,),
    closed_only=True,
    limits=StatusLimits(reason="a difference: its width is held against the whole baseline"),
    inputs_model=ReductionInputs,
    inputs=inputs,
    compute=compute,
    of_sites=False,
    ports=(EMISSIONS, BASELINE, YEAR, THEN),
    own_rules="2",  # 1: meters and factors were read instead of the figure of them
)
