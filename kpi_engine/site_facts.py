"""Facts of sites over a window: which value holds from when to when, in the canonical unit. Pure.

A fact counts for a site while one of the devices that are read stands there. Where none holds, or it is given in a
unit of another kind, there is no value and a reason: it is never guessed.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.errors import UnitError
from ingest.model.calendar import day_start
from ingest.model.city.assets import Fact
from ingest.model.quantities.units import conversion
from ingest.model.time import isoformat
from kpi_engine.indicator import SiteFactNeed
from kpi_engine.plan import Request
from kpi_engine.window import FactSpan


def fact_spans(request: Request) -> tuple[FactSpan, ...]:
    """Return the fact that the indicator divides by, for every site that counts, in order of site and time."""
    need = request.indicator.needs.fact
    if need is None:
        return ()
    facts, counting = request.subject.facts_of(request.indicator), request.subject.meter_sets[request.indicator.name]
    return tuple(
        span
        for site, start, end in counting.sites
        if max(start, request.start) < min(end, request.end)
        for span in _of_site(site, facts[site], (max(start, request.start), min(end, request.end)), request, need)
    )


def _of_site(
    site: str, facts: Sequence[Fact], span: tuple[int, int], request: Request, need: SiteFactNeed
) -> Iterator[FactSpan]:
    """Cut a span of one site where a fact begins or ends to hold."""
    zone = request.subject.zone
    edges = {day_start(day, zone) for fact in facts for day in (fact.valid_from, fact.valid_to) if day}
    for start, end in pairwise(sorted({*span} | {edge for edge in edges if span[0] < edge < span[1]})):
        holding = next((fact for fact in facts if _holds(fact, start, zone)), None)
        if holding is None:
            missing = f"the city file states no {need.name} of this site from {isoformat(start)} to {isoformat(end)}"
            yield FactSpan(site, start, end, None, missing)
        else:
            yield _converted(site, start, end, holding, need)


def _converted(site: str, start: int, end: int, fact: Fact, need: SiteFactNeed) -> FactSpan:
    try:
        value = conversion(fact.unit, need.unit)(fact.value)
    except UnitError as error:
        return FactSpan(site, start, end, None, f"{need.name} is not given in {need.unit} or the like: {error}")
    if value < 0:
        return FactSpan(site, start, end, None, f"{need.name} is negative: {fact.value:g} {fact.unit}")
    return FactSpan(site, start, end, value)


def _holds(fact: Fact, instant: int, zone: str) -> bool:
    begins = fact.valid_from is None or day_start(fact.valid_from, zone) <= instant
    return begins and (fact.valid_to is None or instant < day_start(fact.valid_to, zone))
