"""Statistics over a window: what no device sends, as it was imported from files, of the subject or of its city."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from pydantic import Field

from ingest.model.sentences import Sentence
from ingest.model.spans import ALWAYS, Span, span_of
from kpi_engine.evidence.amounts import LARGEST
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import Entry
from kpi_engine.ports.facts import FactOf
from kpi_engine.ports.port import Dated, Found, Port, Reads
from kpi_engine.statistics.catalogue import STATISTICS, StatisticKind
from kpi_engine.statistics.given import GivenValue
from kpi_engine.statistics.over import SpanValue, over

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


class StatisticSource(Entry):
    """From where a value was taken that counts, and for which days it was given."""

    source: str
    page: str | None = None
    revision: str | None = None
    days: str


class StatisticInput(Entry):
    """What a statistic comes to over a window, in ``unit``, between ``lower`` and ``upper``; null where not bounded.

    ``missing`` says why there is no value, ``divided`` which amounts were cut, and ``sources`` where they come from.
    """

    statistic: str
    value: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    lower: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    upper: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    unit: str | None = None
    missing: str | None = None
    divided: str | None = None
    sources: tuple[StatisticSource, ...] = ()

    @property
    def bounded(self) -> Bounded:
        """The value with its bounds."""
        found = Bounded(self.value)
        lower = found.lower if self.lower is None else self.lower
        upper = found.upper if self.upper is None else self.upper
        return Bounded(self.value, lower, upper)


@dataclass(frozen=True)
class Statistics(Port[StatisticInput]):
    """The statistic called ``name``, of the subject itself or of its city.

    ``is_needed``: where none was ever given, the indicator is none of the subject's.
    """

    name: str
    of: FactOf = FactOf.SUBJECT
    is_needed: bool = False

    @property
    def stated(self) -> tuple[str, ...]:
        """The statistic."""
        return (self.name,)

    @property
    def lacking(self) -> str | None:
        """Say what is to be imported, where it is needed."""
        told = Sentence("no {statistic} was ever imported (pharos data import)")
        return told.of(statistic=self.name) if self.is_needed else None

    def bind(self, scope: "PortScope") -> "BoundStatistic":
        """Return what was given for a subject."""
        site = None if self.of is FactOf.CITY else scope.site
        is_nobodys = scope.membership is not None and self.of is not FactOf.CITY  # nothing is given for a group
        every = () if is_nobodys else scope.statistics.get(site, ())
        given = tuple(one for one in every if one.statistic == self.name)
        return BoundStatistic(self.name, given, scope.zone, self.is_needed)


@dataclass(frozen=True)
class BoundStatistic(Reads[StatisticInput]):
    """What was given of a statistic for a subject."""

    name: str
    values: Sequence[GivenValue]
    zone: str
    is_needed: bool = False

    @property
    def lacks(self) -> bool:
        """Whether none was ever given, though one is needed."""
        return self.is_needed and not self.values

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield the values that were given."""
        if self.values:
            yield f"statistic {self.name}", sorted(map(repr, self.values))

    def dated_items(self) -> Iterator[Dated]:
        """Yield each value on its days."""
        yield from (
            (f"statistic {self.name}", repr(one), days_of(one, self.zone)) for one in sorted_values(self.values)
        )

    def given(self, start: int, end: int, found: Found) -> StatisticInput:  # noqa: ARG002 - as every port takes them
        """Return what the values say of the window."""
        return statistic_input(self.name, over(STATISTICS[self.name], self.values, [(start, end)], self.zone))


def statistic_input(name: str, known: SpanValue) -> StatisticInput:
    """Return what a statistic comes to, as an input of figures."""
    lower, upper = (one if isfinite(one) else None for one in (known.amount.lower, known.amount.upper))
    return StatisticInput(
        statistic=name,
        value=known.amount.value,
        lower=lower,
        upper=upper,
        unit=known.unit,
        missing=known.missing,
        divided=known.divided,
        sources=tuple(_source(one) for one in known.used),
    )


def days_of(one: GivenValue, zone: str) -> Span:
    """Return outside of which span a value says nothing; one that is never divided may be asked for at any time."""
    return ALWAYS if one.definition.kind is StatisticKind.ONE_OFF else span_of(one, zone)


def sorted_values(values: Sequence[GivenValue]) -> list[GivenValue]:
    """Return values in an order that does not depend on that of their import."""
    return sorted(values, key=repr)


def _source(one: GivenValue) -> StatisticSource:
    revision = None if one.revision is None else str(one.revision)
    return StatisticSource(source=one.source, page=one.page, revision=revision, days=one.days_named)
