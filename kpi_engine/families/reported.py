"""What a municipality reports of itself in a year: one imported statistic over another, with their bounds.

Sets of indicators for cities (U4SSC, ISO 37120, ISO 37122) mean the whole municipality, of which meters tell a part.
"""

from collections.abc import Iterable
from typing import Final

from ingest.model.calendar import Period
from ingest.model.sentences import Sentence
from kpi_engine.families.intensity import SiteFacts, site_facts, time_mean, unstated
from kpi_engine.formulas.bounded import Bounded, ratio
from kpi_engine.indicator import Better, Indicator, Inputs, Outcome
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.port import Port
from kpi_engine.ports.statistics import StatisticInput, Statistics
from kpi_engine.window import Window

POPULATION: Final = "population"
PERCENT: Final = 100.0
GJ_PER_KWH: Final = 0.0036
M_PER_KM: Final = 1000.0
READ_AS_NAMES: Final = "(name and unit read, formula recalled)"


class ReportedInputs(Inputs):
    """What was imported of both sides, each in the unit it stands in.

    ``stated``: what the city file states in the place of ``by``, which then does not count.
    """

    reported: StatisticInput
    by: StatisticInput
    stated: SiteFacts = ()


def reported_indicator(  # noqa: PLR0913 - what a definition holds
    name: str,
    reported: str,
    by: str,
    *,
    title: str,
    unit: str,
    definition: str,
    citation: str,
    frameworks: tuple[str, ...],
    better: Better,
    scale: float = 1.0,
) -> Indicator[ReportedInputs]:
    """Return the indicator of the statistic ``reported`` over the one called ``by``, times ``scale``."""
    over = Statistics(reported, FactOf.CITY, is_needed=True)
    is_people = by == POPULATION
    under = Statistics(by, FactOf.CITY, is_needed=not is_people)
    people = Facts(by, "1", FactOf.CITY)
    ports: tuple[Port[object], ...] = (over, under, people) if is_people else (over, under)

    def inputs(window: Window) -> ReportedInputs:
        """Select both sides."""
        stated = site_facts(window.given(people)) if is_people else ()
        is_stated = any(one.value is not None for one in stated)
        return ReportedInputs(reported=window.given(over), by=window.given(under), stated=stated if is_stated else ())

    def compute(inputs: ReportedInputs) -> Outcome:
        """Return one over the other; None where one of them is not known all year."""
        whole = Bounded.exact(time_mean(inputs.stated)) if inputs.stated else inputs.by.bounded
        lacking = unstated(inputs.stated, by) if inputs.stated else inputs.by.missing
        return _quotient(inputs.reported, whole, [inputs.reported.missing, lacking], scale, by)

    beside = "population of the city file, else the imported one" if is_people else by
    return Indicator(
        name=name,
        title=title,
        unit=unit,
        definition=f"{definition} Both are imported statistics of a civil year, and nothing of it is metered. An "
        "amount of other days than those of the year is divided evenly by the day, as its bounds tell.",
        formula=f"{reported} / {beside}{'' if scale == 1.0 else f', x {scale:g}'}",
        citation=citation,
        frameworks=frameworks,
        better=better,
        boundary="The whole municipality, as its sources report it",
        periods=(Period.YEAR,),
        closed_only=True,
        inputs_model=ReportedInputs,
        inputs=inputs,
        compute=compute,
        of_sites=False,
        ports=ports,
    )


def _quotient(reported: StatisticInput, by: Bounded, lacking: Iterable[str | None], scale: float, name: str) -> Outcome:
    why = "; ".join(filter(None, [*lacking, reported.divided])) or None
    amount = reported.bounded
    if amount.value is None or by.value is None:
        return Outcome(None, 0.0, None, why or Sentence("not every side was imported").of())
    if by.value <= 0.0:
        return Outcome(None, 1.0, None, Sentence("{name} is 0, and nothing can be divided by it").of(name=name))
    return Outcome.of(ratio(amount, by, amount.value / by.value).scaled(scale), 1.0, reason=why)
