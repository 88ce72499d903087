"""What publishing factors would move: of which city which indicators, in which periods, take another factor then."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from ingest.model.calendar import Period, day_of, day_start
from ingest.model.city.assets import City
from ingest.model.time import from_micros
from kpi_engine.engine.computed_range import Extent, overlapping
from kpi_engine.factors.choice import Chosen, chosen
from kpi_engine.factors.factor import Factor
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects.subject import Subject, SubjectId, SubjectName, metrics_of
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class Move:
    """On the days [start, end) of a city, ``after`` would stand where ``before`` does, for these indicators."""

    city: str
    carrier: str
    start: date
    end: date
    before: Factor | None
    after: Factor | None
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class TouchedFigures:
    """How many figures of an indicator lie in a move's days, of the city and its sites, by period."""

    kpi: str
    period: str
    count: int


def moves(
    subjects: Iterable[Subject], extents: Mapping[SubjectId, Extent], published: Sequence[Factor], new: Sequence[Factor]
) -> list[Move]:
    """Return what would move of the figures that there are, city by city, by carrier and by time."""
    found: list[Move] = []
    for (name, carrier), (city, span, indicators) in sorted(
        _reading(subjects, extents).items(), key=lambda one: one[0]
    ):
        before, after = (
            chosen(city, carrier, [factor for factor in every if factor.carrier == carrier], *span)
            for every in (published, [*published, *new])
        )
        found += [
            Move(name, carrier, day_of(start, city.timezone), _day_after(end, city.timezone), old, other, indicators)
            for start, end, old, other in _differences(before, after)
        ]
    return found


def figures(connection: Connection, move: Move, zone: str) -> list[TouchedFigures]:
    """Return how many kept figures a move touches."""
    parameters = {
        "city": move.city,
        "kpis": list(move.indicators),
        "start": from_micros(day_start(move.start, zone)),
        "end": from_micros(day_start(move.end, zone)),
    }
    return [TouchedFigures(*row) for row in connection.execute(SQL["figures_touched"], parameters)]


def days_on_reading(
    subjects: Iterable[Subject], extents: Mapping[SubjectId, Extent], move: Move
) -> list[TouchedFigures]:
    """Return how many days a move touches that nobody keeps: those of sites and groups, computed when asked for."""
    counts: Counter[str] = Counter()
    for subject in subjects:
        if subject.city.name == move.city and (extent := extents.get(subject.key)):
            edges = [day_start(edge, subject.zone) for edge in (move.start, move.end)]
            span = max(edges[0], extent.life_from), min(edges[1], extent.through)
            days = sum(1 for _ in overlapping(span, Period.DAY, subject.zone))
            counts.update({one.name: days for one in subject.indicators if _is_moved_on_reading(subject, one, move)})
    return [TouchedFigures(kpi, Period.DAY.value, count) for kpi, count in sorted(counts.items()) if count]


def _is_moved_on_reading(subject: Subject, indicator: Indicator[Any], move: Move) -> bool:
    is_made_on_reading = Period.DAY in indicator.periods and not subject.keeps(indicator, Period.DAY)
    return is_made_on_reading and indicator.name in move.indicators and move.carrier in _carriers(subject, indicator)


def _reading(
    subjects: Iterable[Subject], extents: Mapping[SubjectId, Extent]
) -> dict[tuple[str, str], tuple[City, tuple[int, int], tuple[str, ...]]]:
    """Return by city and carrier from when to when there are figures that take a factor, and of which indicators."""
    found: dict[tuple[str, str], tuple[City, tuple[int, int], tuple[str, ...]]] = {}
    for subject in subjects:
        if (extent := extents.get(subject.key)) is None:
            continue
        for indicator in subject.indicators:
            for carrier in _carriers(subject, indicator):
                key = subject.city.name, carrier
                _, (start, end), names = found.get(key, (None, (extent.life_from, extent.through), ()))
                span = min(start, extent.life_from), max(end, extent.through)
                found[key] = subject.city, span, tuple(sorted({*names, indicator.name}))
    return found


def _carriers(subject: Subject, indicator: Indicator[Any]) -> set[str]:
    """Return the carriers of which an indicator, or a figure that it takes, takes a dated factor for a subject."""
    ports = subject.ports_of(indicator)
    taken = (
        _carriers(subject.fellows[SubjectName(*owner)], INDICATORS[port.metric.kpi])
        for port in metrics_of(ports).values()
        for owner, _ in port.owners
    )
    return set[str]().union(*(port.factor_carriers for port in ports.values()), *taken)


def _differences(
    before: Sequence[Chosen], after: Sequence[Chosen]
) -> Iterator[tuple[int, int, Factor | None, Factor | None]]:
    """Yield where two ways to cut the same time take different factors; neighbours that differ alike are one."""
    edges = sorted({edge for one in (*before, *after) for edge in (one.start, one.end)})
    last: tuple[int, int, Factor | None, Factor | None] | None = None
    for start, end in pairwise(edges):
        old, other = (_within(cut, start, end) for cut in (before, after))
        if last and last[1] == start and last[2:] == (old, other):
            last = last[0], end, old, other
            continue
        if last and last[2] != last[3]:
            yield last
        last = start, end, old, other
    if last and last[2] != last[3]:
        yield last


def _within(cut: Sequence[Chosen], start: int, end: int) -> Factor | None:
    return next(one.factor for one in cut if one.start <= start and end <= one.end)


def _day_after(end: int, zone: str) -> date:
    return date.fromordinal(day_of(end - 1, zone).toordinal() + 1)
