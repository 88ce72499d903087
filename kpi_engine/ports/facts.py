"""Facts of the city file over a window: of the subject itself, or of the site of each device that counts.

Where none holds, or it is given in a unit of another kind, there is no value and a reason: it is never guessed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.errors import UnitError
from ingest.model.calendar import day_start
from ingest.model.city.assets import Device, Fact
from ingest.model.quantities.units import conversion
from ingest.model.sentences import Sentence
from ingest.model.spans import ALWAYS, Span, clip, intersection, span_of, union
from ingest.model.time import isoformat
from kpi_engine.indicator import Selection, SiteFactNeed
from kpi_engine.ports.fact_columns import FactPieces
from kpi_engine.ports.port import Dated, Found, Port, Reads
from kpi_engine.window import FactSpan

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


class FactOf(StrEnum):
    """Whose facts are meant."""

    SUBJECT = "subject"
    CITY = "city"
    SITES = "sites"  # of each site of ``verticals`` with a meter, while one of them stands there
    DEVICES = "devices"  # of the site at which each device stands that counts for the indicator, device by device
    NETWORK = "network"  # of the sites that those of the devices reach (serves), where one of them states it


@dataclass(frozen=True)
class Facts(Port[Sequence[FactSpan]]):
    """A fact called ``name`` in canonical ``unit``; each span is named after its city, site or device.

    ``selection``: of which devices the sites are meant, or where a network begins; None: of all. ``times``: a second
    fact, in its unit, by which the first one is multiplied. ``is_needed``: where nobody states the last of them, the
    indicator is none of the subject's; so too where nobody states as much as ``least``.
    """

    name: str
    unit: str
    of: FactOf = FactOf.SUBJECT
    device_types: tuple[str, ...] = ()
    verticals: tuple[str, ...] = ()
    times: SiteFactNeed | None = None
    is_needed: bool = False
    selection: Selection | None = None
    least: float | None = None

    @property
    def stated(self) -> tuple[str, ...]:
        """The first of them."""
        return (self.name,)

    @property
    def needed_facts(self) -> tuple[str, ...]:
        """The last of them, where it is needed."""
        return ((self.times.name if self.times else self.name),) if self.is_needed else ()

    def bind(self, scope: "PortScope") -> "BoundFacts":
        """Return the facts of a subject."""
        need = SiteFactNeed(self.name, self.unit)
        return BoundFacts(need, tuple(self._owners(scope)), scope.zone, self.times, self.is_needed, self.least)

    def _owners(self, scope: "PortScope") -> "Iterator[FactOwner]":
        sites = scope.topology.sites
        if self.of is FactOf.DEVICES:
            for device in sorted(self._devices(scope), key=lambda one: one.name):
                facts = self._named(sites[device.site].facts)
                yield from (FactOwner(device.name, device.site, facts, span) for span in scope.spans(device))
        elif self.of is FactOf.SITES:
            for site, spans in self._metered(scope).items():
                yield from (FactOwner(site, "this site", self._named(sites[site].facts), span) for span in union(spans))
        elif self.of is FactOf.NETWORK:
            yield from self._of_network(scope)
        elif scope.membership and self.of is FactOf.SUBJECT:
            yield FactOwner(scope.name, "this group", (), ALWAYS)  # a group owns nothing
        elif self.of is FactOf.CITY or scope.site is None:
            yield FactOwner(scope.city.name, "this city", self._named(scope.city.facts), ALWAYS)
        else:
            yield FactOwner(scope.site, "this site", self._named(sites[scope.site].facts), ALWAYS)

    def _devices(self, scope: "PortScope") -> "Iterator[Device]":
        for device in scope.devices:
            is_of_type = not self.device_types or device.type in self.device_types
            if is_of_type and (self.selection is None or scope.topology.is_chosen(device, self.selection)):
                yield device

    def _of_network(self, scope: "PortScope") -> "Iterator[FactOwner]":
        """Yield the sites of a network that state the fact at any time; where none does, the network as a whole."""
        reached = scope.reached(self._devices(scope))
        stating = [site for site in scope.city.sites if site.name in reached and self._named(site.facts)]
        for site in stating:
            for span in intersection(reached[site.name], [span_of(site, scope.zone)]):
                yield FactOwner(site.name, "this site", self._named(site.facts), span)
        if not stating:
            yield FactOwner(scope.name, "any site of its network", (), ALWAYS)

    def _metered(self, scope: "PortScope") -> dict[str, list[Span]]:
        """Return the sites at which a meter stands, and when."""
        found: dict[str, list[Span]] = {}
        sites = scope.topology.sites
        for device in sorted(scope.devices, key=lambda one: one.site):
            if device.carrier and (not self.verticals or sites[device.site].vertical in self.verticals):
                found.setdefault(device.site, []).extend(scope.spans(device))
        return found

    def _named(self, facts: Sequence[Fact]) -> tuple[Fact, ...]:
        names = {self.name, self.times.name} if self.times else {self.name}
        return tuple(fact for fact in facts if fact.name in names)


@dataclass(frozen=True)
class FactOwner:
    """Whose facts count in ``span``: a city, a site, or a device at its site."""

    name: str
    place: str
    facts: tuple[Fact, ...]
    span: Span


@dataclass(frozen=True)
class BoundFacts(Reads[Sequence[FactSpan]]):
    """A fact of a subject."""

    need: SiteFactNeed
    owners: tuple[FactOwner, ...]
    zone: str
    times: SiteFactNeed | None = None
    is_needed: bool = False
    least: float | None = None

    @property
    def lacks(self) -> bool:
        """Whether nobody states what is needed, or as much as is."""
        if self.least is not None:
            every = ((one, fact) for one in self.owners for fact in one.facts)
            stated = (_converted(one.name, *one.span, fact, self.need).value for one, fact in every)
            return not any(value is not None and value >= self.least for value in stated)
        last = (self.times or self.need).name
        return self.is_needed and not any(fact.name == last for one in self.owners for fact in one.facts)

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield the declared facts of each owner."""
        yield from ((f"city file: {self.need.name} of {one.name}", (one.facts, one.span)) for one in self.owners)

    def dated_items(self) -> Iterator[Dated]:
        """Yield the times of each owner, and each of its facts on its days."""
        for one in self.owners:
            yield f"city file: days of {one.name}", one.span, ALWAYS
            for fact in one.facts:
                yield f"city file: {fact.name} of {one.name}", fact, span_of(fact, self.zone)

    def given(self, start: int, end: int, found: Found) -> Sequence[FactSpan]:  # noqa: ARG002 - as every port takes them
        """Return the fact of every owner, in order of owner and time."""
        return self._pieces.over(start, end)

    @cached_property
    def _pieces(self) -> FactPieces:
        edges = {edge for one in self.owners for edge in one.span}
        return FactPieces(edges | edges_of((fact for one in self.owners for fact in one.facts), self.zone), self._cut)

    def _cut(self, start: int, end: int) -> tuple[FactSpan, ...]:
        return tuple(
            part for one in self.owners for span in clip((start, end), [one.span]) for part in self._spans(one, span)
        )

    def _spans(self, one: FactOwner, span: Span) -> Iterator[FactSpan]:
        """Yield the fact of an owner in a span, times the second one where there is any."""
        for part in fact_spans(one.name, one.place, _called(self.need, one), span, self.need, self.zone):
            if self.times is None or part.value is None:
                yield part
                continue
            within = (part.start, part.end)
            for by in fact_spans(one.name, one.place, _called(self.times, one), within, self.times, self.zone):
                yield replace(by, value=None if by.value is None else part.value * by.value)


def _called(need: SiteFactNeed, one: FactOwner) -> list[Fact]:
    return [fact for fact in one.facts if fact.name == need.name]


def fact_spans(  # noqa: PLR0913, PLR0917 - whose facts, of which time, in which words
    owner: str, place: str, facts: Sequence[Fact], span: Span, need: SiteFactNeed, zone: str
) -> Iterator[FactSpan]:
    """Cut a span of one owner where a fact begins or ends to hold."""
    edges = edges_of(facts, zone)
    for start, end in pairwise(sorted({*span} | {edge for edge in edges if span[0] < edge < span[1]})):
        holding = next((fact for fact in facts if _holds(fact, start, zone)), None)
        if holding is None:
            told = Sentence("the city file states no {fact} of {place} from {start} to {end}")
            missing = told.of(fact=need.name, place=place, start=isoformat(start), end=isoformat(end))
            yield FactSpan(owner, start, end, None, missing)
        else:
            yield _converted(owner, start, end, holding, need)


def edges_of(facts: Iterable[Fact], zone: str) -> set[int]:
    """Return when any of ``facts`` begins or ceases to hold."""
    return {day_start(day, zone) for fact in facts for day in (fact.valid_from, fact.valid_to) if day}


def _converted(owner: str, start: int, end: int, fact: Fact, need: SiteFactNeed) -> FactSpan:
    try:
        value = conversion(fact.unit, need.unit)(fact.value)
    except UnitError as error:
        return FactSpan(owner, start, end, None, f"{need.name} is not given in {need.unit} or the like: {error}")
    if value < 0:
        return FactSpan(owner, start, end, None, f"{need.name} is negative: {fact.value:g} {fact.unit}")
    return FactSpan(owner, start, end, value)


def _holds(fact: Fact, instant: int, zone: str) -> bool:
    begins = fact.valid_from is None or day_start(fact.valid_from, zone) <= instant
    return begins and (fact.valid_to is None or instant < day_start(fact.valid_to, zone))
