"""Facts of sites over a window: one counts for a site while one of the devices that are read stands there. Pure."""

from kpi_engine.plan import Request
from kpi_engine.ports.facts import fact_spans
from kpi_engine.window import FactSpan


def facts_of_sites(request: Request) -> tuple[FactSpan, ...]:
    """Return the fact that the indicator divides by, for every site that counts, in order of site and time."""
    need = request.indicator.needs.fact
    if need is None:
        return ()
    facts, counting = request.subject.facts_of(request.indicator), request.subject.meter_sets[request.indicator.name]
    return tuple(
        part
        for site, start, end in counting.sites
        if max(start, request.start) < min(end, request.end)
        for part in fact_spans(
            site,
            "this site",
            facts[site],
            (max(start, request.start), min(end, request.end)),
            need,
            request.subject.zone,
        )
    )
