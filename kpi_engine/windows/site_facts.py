"""Facts of sites over a window: one counts for a site while one of the devices that are read stands there. Pure."""

from collections.abc import Sequence

from kpi_engine.indicator import SiteFactNeed
from kpi_engine.ports.fact_columns import FactPieces
from kpi_engine.ports.facts import edges_of, fact_spans
from kpi_engine.window import FactSpan
from kpi_engine.windows.plan import Request


def facts_of_sites(request: Request) -> Sequence[FactSpan]:
    """Return the fact that the indicator divides by, for every site that counts, in order of site and time."""
    need, name = request.indicator.needs.fact, request.indicator.name
    if need is None:
        return ()
    known = request.subject.fact_pieces
    if name not in known:
        known[name] = _pieces(request, need)
    return known[name].over(request.start, request.end)


def _pieces(request: Request, need: SiteFactNeed) -> FactPieces:
    facts, zone = request.subject.facts_of(request.indicator), request.subject.zone
    sites = request.subject.meter_set(request.indicator).sites
    edges = {edge for _, *span in sites for edge in span} | edges_of(
        (fact for every in facts.values() for fact in every), zone
    )

    def spans(start: int, end: int) -> tuple[FactSpan, ...]:
        clipped = ((site, max(start, begins), min(end, ends)) for site, begins, ends in sites)
        return tuple(
            part
            for site, a, b in clipped
            if a < b
            for part in fact_spans(site, "this site", facts[site], (a, b), need, zone)
        )

    return FactPieces(edges, spans)
