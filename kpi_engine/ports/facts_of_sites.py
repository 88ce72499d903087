"""A fact of the sites where the indicator's own meters stand: one counts for a site while one of them stands there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from ingest.model.city.assets import Fact
from ingest.model.spans import ALWAYS, span_of
from kpi_engine.indicator import SiteFactNeed
from kpi_engine.ports.fact_columns import FactPieces
from kpi_engine.ports.facts import edges_of, fact_spans
from kpi_engine.ports.port import Dated, DefinitionPlace, Found, Port, PortScope, Reads
from kpi_engine.window import FactSpan


@dataclass(frozen=True)
class FactsOfSites(Port[Sequence[FactSpan]]):
    """The fact called ``name`` in canonical ``unit``, of every site that has one of the meters: floor area."""

    OF_OWN = True

    name: str
    unit: str

    @property
    def stated(self) -> tuple[str, ...]:
        """Its name."""
        return (self.name,)

    def bind(self, scope: PortScope) -> "BoundFactsOfSites":
        """Return the fact of a subject's sites."""
        counting = {site for site, *_ in scope.own.sites}
        sites = scope.city.sites if scope.site is None else (scope.topology.sites[scope.site],)
        facts = {
            site.name: [fact for fact in site.facts if fact.name == self.name]
            for site in sites
            if site.name in counting
        }
        return BoundFactsOfSites(SiteFactNeed(self.name, self.unit), scope.own.sites, facts, scope.zone)


@dataclass(frozen=True)
class BoundFactsOfSites(Reads[Sequence[FactSpan]]):
    """Where and when meters stand, and what is stated of each site."""

    PLACE: ClassVar[DefinitionPlace] = DefinitionPlace.FACTS

    need: SiteFactNeed
    sites: Sequence[tuple[str, int, int]]
    facts: Mapping[str, Sequence[Fact]]
    zone: str

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield where meters stand, and what each site states."""
        yield "city file: where devices stand", self.sites
        yield from ((f"city file: {self.need.name} of {site}", facts) for site, facts in self.facts.items())

    @property
    def decisive(self) -> object:
        """Where meters stand, and what is stated of these sites."""
        return [self.sites, repr(self.facts)]

    def dated_items(self) -> Iterator[Dated]:
        """Yield where meters stand, and each fact on its days."""
        yield "city file: where devices stand", self.sites, ALWAYS
        for site, facts in self.facts.items():
            yield from ((f"city file: {self.need.name} of {site}", one, span_of(one, self.zone)) for one in facts)

    def given(self, start: int, end: int, found: Found) -> Sequence[FactSpan]:  # noqa: ARG002 - as every port takes them
        """Return the fact of every site that counts, in order of site and time."""
        return self._pieces.over(start, end)

    @cached_property
    def _pieces(self) -> FactPieces:
        edges = {edge for _, *span in self.sites for edge in span}
        every = (fact for facts in self.facts.values() for fact in facts)
        return FactPieces(edges | edges_of(every, self.zone), self._cut)

    def _cut(self, start: int, end: int) -> tuple[FactSpan, ...]:
        clipped = ((site, max(start, begins), min(end, ends)) for site, begins, ends in self.sites)
        return tuple(
            part
            for site, a, b in clipped
            if a < b
            for part in fact_spans(site, "this site", self.facts[site], (a, b), self.need, self.zone)
        )
