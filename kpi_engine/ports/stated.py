"""What the city file states of sites side by side, as it stands at the end of a window: investment, grant, saving.

A site takes part that states the first of the facts. What it does not state beside it has no value and a reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.model.city.assets import Fact
from ingest.model.spans import Span, clip
from ingest.model.time import SECOND
from kpi_engine.indicator import SiteFactNeed
from kpi_engine.ports.facts import fact_spans
from kpi_engine.ports.port import Found, Port, Reads

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


@dataclass(frozen=True)
class SiteStatement:
    """What one site states, by name of the fact; None with ``missing`` saying why."""

    site: str
    values: Mapping[str, float | None]
    missing: Mapping[str, str]


@dataclass(frozen=True)
class Stated(Port[tuple[SiteStatement, ...]]):
    """Facts of the sites of a subject, each in its unit; the first of ``needs`` says which sites take part."""

    needs: tuple[SiteFactNeed, ...]

    @property
    def stated(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(one.name for one in self.needs)

    @property
    def needed_facts(self) -> tuple[str, ...]:
        """The one by which sites take part."""
        return (self.needs[0].name,)

    def bind(self, scope: "PortScope") -> "BoundStated":
        """Return the facts of the sites that take part."""
        first = self.needs[0].name
        names = {one.name for one in self.needs}
        group = scope.membership
        sites = scope.city.sites if scope.site is None else [scope.topology.sites[scope.site]]
        taking_part = tuple(
            (one.name, tuple(fact for fact in one.facts if fact.name in names))
            for one in sorted(sites, key=lambda one: one.name)
            if any(fact.name == first for fact in one.facts) and (group is None or group.of_site(one.name))
        )
        days = {site: group.of_site(site) for site, _ in taking_part} if group else {}
        return BoundStated(self.needs, taking_part, scope.zone, days)


@dataclass(frozen=True)
class BoundStated(Reads[tuple[SiteStatement, ...]]):
    """The facts of a subject's sites; ``days``: when each of them belongs to a group, where the subject is one."""

    needs: tuple[SiteFactNeed, ...]
    sites: tuple[tuple[str, tuple[Fact, ...]], ...]
    zone: str
    days: Mapping[str, Sequence[Span]] = field(default_factory=dict)

    @property
    def lacks(self) -> bool:
        """Whether no site takes part."""
        return not self.sites

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield what each site states."""
        yield from ((f"city file: facts of {site}", facts) for site, facts in self.sites)
        yield from ((f"city file: days of {site} in the group", spans) for site, spans in self.days.items())

    def given(self, start: int, end: int, found: Found) -> tuple[SiteStatement, ...]:  # noqa: ARG002 - as every port takes them
        """Return what each site states that takes part by the end of [start, end)."""
        last = (max(start, end - SECOND), end)
        there = ((site, facts) for site, facts in self.sites if site not in self.days or clip(last, self.days[site]))
        every = (self._at(site, facts, last) for site, facts in there)
        return tuple(one for one in every if one.values[self.needs[0].name] is not None)

    def _at(self, site: str, facts: tuple[Fact, ...], span: tuple[int, int]) -> SiteStatement:
        last = {
            need.name: list(
                fact_spans(site, "this site", [f for f in facts if f.name == need.name], span, need, self.zone)
            )[-1]
            for need in self.needs
        }
        return SiteStatement(
            site,
            {name: one.value for name, one in last.items()},
            {name: one.missing for name, one in last.items() if one.missing},
        )
