"""Emissions of the monitored boundary against its baseline year [%]: how much less they are."""

from typing import Final

from kpi_engine.families.against_baseline import YEAR, AgainstBaseline, against_baseline
from kpi_engine.families.intensity import SiteFacts, site_facts
from kpi_engine.indicator import Inputs, Outcome
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.metric import Metric, MetricInput, MetricPeriod, single
from kpi_engine.window import Window

EMISSIONS: Final = Metric("city_emissions")
THEN: Final = Metric("city_emissions", period=MetricPeriod.BASELINE_YEAR)
BASELINE: Final = Facts("baseline_emissions", "kg", FactOf.CITY)


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
    case = AgainstBaseline(inputs.emissions, inputs.baseline_kg, BASELINE.name, inputs.baseline_year, inputs.measured)
    return case.share_less()


INDICATOR: Final = against_baseline(
    name="city_emissions_reduction",
    title="Emissions against the baseline year",
    unit="%",
    definition="How much less the emissions of the city's monitored boundary are than in its baseline year [%]: "
    "city_emissions of a whole civil year against the fact baseline_emissions of the city file, whose "
    "year is the fact baseline_year; negative where they grew. Where the city file states no emissions, "
    "those of city_emissions of that year are the baseline, with their bounds. A stated baseline has to "
    "be of the same boundary and kind of factors: whoever states it answers for that, and it is taken as "
    "exact. A year that has not ended, or of which measurements cover less than 90 %, has no figure: a "
    "part is never scaled to a year.",
    formula="r = (baseline - city_emissions) / baseline, baseline = baseline_emissions, else city_emissions of "
    "baseline_year",
    citation="SCIS KPI Guide v2.0, CO2 reduction, in per cent (formula recalled); CITYkeys CO2 reduction (recalled)",
    frameworks=("SCIS CO2 reduction", "CITYkeys"),
    boundary="The meters of city_emissions, against a declared baseline, or the same meters in its year",
    inputs_model=ReductionInputs,
    inputs=inputs,
    compute=compute,
    of_sites=False,
    ports=(EMISSIONS, BASELINE, YEAR, THEN),
    own_rules="2",  # 1: meters and factors were read instead of the figure of them
)
