"""Another figure as an input: of the same subject, its city, the network that serves it, or each of its sites.

It comes with its bounds, its coverage, its reason and the digest of what it was computed from, so that its own lineage
can be found. It is computed from what is known when it is taken, by the same code, so that no order of computing
matters; which figures are computed again when it moves, the engine finds by the same port.
"""

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field

from ingest.model.calendar import Period, covering, day_of, day_start
from ingest.model.city.assets import Fact
from ingest.model.spans import ALWAYS, Span, clip, union
from ingest.model.time import isoformat
from kpi_engine.evidence.amounts import LARGEST
from kpi_engine.evidence.canonical_models import WrittenOnce
from kpi_engine.indicator import Entry, Outcome
from kpi_engine.ports.port import Found, Port, Reads
from kpi_engine.ports.stored_keys import FigureKeyOfSpan

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope

BASELINE_YEAR: Final = "baseline_year"  # the fact of a city that says which year its figures are held against
MONTHS: Final = 12

WEEK: Final = timedelta(days=7)

Owner = tuple[str, str | None, str | None]
"""Whose figure it is: a city, and one of its sites or one of its groups; of the city itself neither."""

Having = Mapping[Any, Container[str]]
"""By owner, which indicators each has; whoever names subjects otherwise, equal to an Owner, may give it as well."""


class Relation(StrEnum):
    """Whose figure is meant."""

    SUBJECT = "subject"
    CITY = "city"
    NETWORK = "network"  # of the plants that serve the subject, directly or through others; of a city its own
    SITES = "sites"  # of each site of a city that has one


class MetricPeriod(StrEnum):
    """Of which time the figure is."""

    SAME = "same"
    BASELINE_YEAR = "baseline year"  # the civil year that the city file states
    DAYS = "days"  # each civil day of the window that is over
    DAYS_AND_WEEK_BEFORE = "days and the week before"  # and each of the seven before the window
    LAST_TWELVE_MONTHS = "last twelve months"  # those that end with the month of the figure, as far as it goes


DAILY: Final = (MetricPeriod.DAYS, MetricPeriod.DAYS_AND_WEEK_BEFORE)


class MetricInput(Entry, WrittenOnce):
    """Another figure in its unit, over [start, end) and between its bounds; null, and ``reason`` says why, without one.

    ``inputs_hash`` and ``rule_version`` are those by which its own inputs are found.
    """

    kpi: str
    of: str | None = None
    start: str | None = None
    end: str | None = None
    value: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    lower: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    upper: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    scale: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    coverage: float = Field(ge=0, le=LARGEST)
    estimated_share: float | None = None
    reason: str | None = None
    inputs_hash: str | None = None
    rule_version: str | None = None

    @property
    def outcome(self) -> Outcome:
        """The figure as its own indicator computed it."""
        bounds = (self.lower, self.upper, self.scale)
        return Outcome(self.value, self.coverage, self.estimated_share, self.reason, *bounds)


@dataclass(frozen=True)
class MetricFigure:
    """Another figure as it was computed for a window: its input, and the factors that are kept with it.

    ``reach``: up to when all its meters are known; None where one is not at all.
    """

    input: MetricInput
    factors: tuple[dict[str, Any], ...] = ()
    reach: int | None = None


@dataclass(frozen=True)
class Metric(Port[tuple[MetricFigure, ...]]):
    """The figures of the indicator called ``kpi``: one, or of Relation.SITES one for each site that has it."""

    kpi: str
    relation: Relation = Relation.SUBJECT
    period: MetricPeriod = MetricPeriod.SAME

    @property
    def needed_facts(self) -> tuple[str, ...]:
        """The year of the baseline, where it is meant."""
        return (BASELINE_YEAR,) if self.period is MetricPeriod.BASELINE_YEAR else ()

    def factors(self, given: tuple[MetricFigure, ...]) -> Iterator[dict[str, Any]]:
        """Yield the factors that are kept with the figures."""
        yield from (factor for one in given for factor in one.factors)

    def bind(self, scope: "PortScope") -> "BoundMetric":
        """Return whose figures are meant by a subject."""
        owners, year = tuple(self._owners(scope)), _baseline_year(scope.city.facts)
        if self.relation is not Relation.NETWORK:
            return BoundMetric(self, owners, scope.zone, year)
        groups = {one.name: frozenset(each.site for each in one.members if each.site) for one in scope.city.groups}
        return BoundMetric(self, owners, scope.zone, year, groups, scope.topology.producing)

    def _owners(self, scope: "PortScope") -> "Iterator[tuple[Owner, tuple[Span, ...]]]":
        city, group = scope.city.name, scope.membership.group.name if scope.membership else None
        own, whole = (city, scope.site, group), (city, None, None)
        if self.relation is Relation.SUBJECT or (self.relation is Relation.NETWORK and own == whole):
            yield own, (ALWAYS,)
        elif self.relation is Relation.CITY:
            yield whole, (ALWAYS,)
        elif self.relation is Relation.NETWORK and scope.site:
            for site, spans in scope.topology.served_by(scope.site).items():
                yield (city, site, None), tuple(spans)
        elif self.relation is Relation.SITES and own == whole:
            yield from (((city, site.name, None), (ALWAYS,)) for site in scope.city.sites)


@dataclass(frozen=True)
class BoundMetric(Reads[tuple[MetricFigure, ...]]):
    """Whose figures a subject takes: owners, and when each of them is the one that is meant.

    ``groups``: the sites that ever belong to each group of the city, where a network may be one; ``producing``: those
    with plants, of which several may be one network.
    """

    metric: Metric
    owners: tuple[tuple[Owner, tuple[Span, ...]], ...]
    zone: str
    baseline_year: int | None = None
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    producing: frozenset[str] = frozenset()

    @property
    def lacks(self) -> bool:
        """Whether nobody could have the figure, or no year is stated that is meant."""
        return not self.owners or (self.metric.period is MetricPeriod.BASELINE_YEAR and self.baseline_year is None)

    def among(self, having: Having) -> "BoundMetric":
        """Return the port with the owners that have such a figure; ``having``: which indicators each of them has."""
        found = tuple(one for one in self.owners if self.metric.kpi in having.get(one[0], ()))
        if self.metric.relation is Relation.NETWORK and len(found) > 1:
            found = self._together(found, having)
        return replace(self, owners=found)

    def _together(
        self, found: tuple[tuple[Owner, tuple[Span, ...]], ...], having: Having
    ) -> tuple[tuple[Owner, tuple[Span, ...]], ...]:
        """Return who stands for several plants of one network: a group with all of them, or the city without others."""
        kpi, plants = self.metric.kpi, {site for (_, site, _), _ in found if site}
        city = found[0][0][0]
        groups: list[Owner] = [(city, None, group) for group, sites in self.groups.items() if plants <= sites]
        every = {site for site in self.producing if kpi in having.get((city, site, None), ())}
        whole: list[Owner] = [(city, None, None)] if every <= plants else []
        spans = tuple(union(span for _, spans in found for span in spans))
        for owner in (*groups, *whole):
            if kpi in having.get(owner, ()):
                return ((owner, spans),)
        return found

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield whose figures are meant, and of which time; what decides those they say themselves."""
        yield from ((f"{self.metric.kpi} of {_words(owner)}", spans) for owner, spans in self.owners)
        if self.metric.period is MetricPeriod.BASELINE_YEAR:
            yield f"city file: {BASELINE_YEAR}", self.baseline_year

    def spans(self, start: int, end: int) -> list[Span]:
        """Return of which times the figures are that a window [start, end) takes."""
        if self.metric.period in DAILY:
            first = start - self._before(start)
            edges = covering(first, end, Period.DAY, self.zone)
            return list(pairwise(edges[(edges >= first) & (edges <= end)].tolist()))
        return [self.span(start, end)]

    def _before(self, start: int) -> int:
        """Return how long the days before ``start`` took that are taken as well."""
        if self.metric.period is not MetricPeriod.DAYS_AND_WEEK_BEFORE:
            return 0
        return start - day_start(day_of(start, self.zone) - WEEK, self.zone)

    def span(self, start: int, end: int) -> Span:
        """Return of which time the figures are that a window [start, end) takes, days aside."""
        if self.metric.period is MetricPeriod.SAME:
            return start, end
        if self.metric.period is MetricPeriod.LAST_TWELVE_MONTHS:
            return day_start(_months_later(day_of(end - 1, self.zone), 1 - MONTHS), self.zone), end
        first = date(self.baseline_year or date.min.year, 1, 1)
        return day_start(first, self.zone), day_start(_months_later(first, MONTHS), self.zone)

    @property
    def is_of_the_window(self) -> bool:
        """Whether the figures are of the same time as the window that takes them."""
        return self.metric.period is MetricPeriod.SAME

    def rests_on(self, period: Period, start: int, end: int) -> Iterator[tuple[Period, int]]:
        """Yield period and start of the kept figures that tell whether what a figure of [start, end) takes moved."""
        if self.metric.period is MetricPeriod.SAME:
            yield period, start
        elif self.metric.period in DAILY:
            yield from ((Period.DAY, first) for first, _ in self.spans(start, end))
        elif self.metric.period is MetricPeriod.BASELINE_YEAR:
            yield Period.YEAR, self.span(start, end)[0]
        else:
            month = day_of(end - 1, self.zone).replace(day=1)
            yield from ((Period.MONTH, day_start(_months_later(month, -back), self.zone)) for back in range(MONTHS))

    def touches(self, period: Period, start: int, end: int) -> tuple[Span, Period | None] | None:
        """Return which figures take a kept one of [start, end) that moved: those that overlap a span, of a period.

        None where it tells nothing; a period of None means all.
        """
        if self.metric.period is MetricPeriod.SAME:
            return (start, end), period
        if self.metric.period in DAILY:
            through = day_start(day_of(end, self.zone) + WEEK, self.zone) if self._before(start) else end
            return ((start, through), None) if period is Period.DAY else None
        if self.metric.period is MetricPeriod.BASELINE_YEAR:
            is_meant = period is Period.YEAR and (start, end) == self.span(start, end)
            return (ALWAYS, None) if is_meant else None
        if period is not Period.MONTH:
            return None
        return (start, day_start(_months_later(day_of(start, self.zone), MONTHS), self.zone)), None

    def keys(self, start: int, end: int) -> Iterable[Hashable]:
        """Return the figures that a window takes."""
        every = self.spans(start, end)
        return [FigureKeyOfSpan(self.metric.kpi, *owner, *span) for span in every for owner in self._meant(span)]

    def given(self, start: int, end: int, found: Found) -> tuple[MetricFigure, ...]:
        """Return the figures; where it is not one network that serves the subject all the time, why there is none."""
        return tuple(one for span in self.spans(start, end) for one in self._given(span, found))

    def _given(self, span: Span, found: Found) -> tuple[MetricFigure, ...]:
        meant = self._meant(span)
        if self.metric.relation is Relation.NETWORK and not self._is_one(meant, span):
            return (_none(self.metric.kpi, meant, span),)
        return tuple(found[FigureKeyOfSpan(self.metric.kpi, *owner, *span)] for owner in meant)

    def _meant(self, span: Span) -> list[Owner]:
        return [owner for owner, spans in self.owners if clip(span, spans)]

    def _is_one(self, meant: list[Owner], span: Span) -> bool:
        return len(meant) == 1 and clip(span, dict(self.owners)[meant[0]]) == [span]


def single(figures: tuple[MetricFigure, ...]) -> MetricInput:
    """Return the input where one figure is meant."""
    (found,) = figures
    return found.input


def every(figures: tuple[MetricFigure, ...]) -> tuple[MetricInput, ...]:
    """Return the inputs of the figures of many sites, or of many days."""
    return tuple(one.input for one in figures)


def _none(kpi: str, meant: list[Owner], span: Span) -> MetricFigure:
    when = f"from {isoformat(span[0])} to {isoformat(span[1])}"
    served = f"it is served by {', '.join(map(_words, meant))} {when}" if meant else f"no network serves it {when}"
    why = f"{kpi}: {served}; expected one network all the time"
    start, end = map(isoformat, span)
    return MetricFigure(MetricInput(kpi=kpi, start=start, end=end, coverage=0.0, reason=why))


def _words(owner: Owner) -> str:
    return " ".join(filter(None, owner))


def _baseline_year(facts: Iterable[Fact]) -> int | None:
    stated = [int(one.value) for one in facts if one.name == BASELINE_YEAR]
    return stated[-1] if stated and date.min.year < stated[-1] < date.max.year else None


def _months_later(day: date, months: int) -> date:
    """Return the first day of the month that many months after that of ``day``."""
    years, month = divmod(day.month - 1 + months, MONTHS)
    return date(day.year + years, month + 1, 1)
