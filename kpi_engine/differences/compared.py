"""Kept figures held against themselves as they were known, or against another indicator of the same thing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from kpi_engine.differences.reasons import reasons, revised, says_alike
from kpi_engine.engine import days_on_reading
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.figures import store
from kpi_engine.figures.store import KnownFigure
from kpi_engine.indicator import Indicator
from kpi_engine.subjects.subject import SubjectName
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection

Place = tuple[SubjectName, datetime]
Why = Callable[[KnownFigure | None, KnownFigure | None], Iterator[str]]


@dataclass(frozen=True)
class DifferingFigure:
    """One period of one subject of which two answers say different things; None where one of them says nothing.

    ``why`` in words; ``change`` is after less before, None where one of them has no value or they have other units.
    """

    name: SubjectName
    period_start: datetime
    period_end: datetime
    before: KnownFigure | None
    after: KnownFigure | None
    why: tuple[str, ...]

    @property
    def change(self) -> float | None:
        """By how much the value moved."""
        was, now = self.before, self.after
        if was is None or now is None or was.value is None or now.value is None or was.unit != now.unit:
            return None
        return now.value - was.value


def known_apart(
    connection: Connection, index: SubjectIndex, names: Sequence[SubjectName], asked: FiguresAsked, before: datetime
) -> list[DifferingFigure]:
    """Return the figures that were known otherwise at ``before`` than at ``asked.as_of`` (None: now), with causes.

    Raises NotKeptError as days_on_reading.figures.
    """
    was = _placed(days_on_reading.figures(connection, index, names, replace(asked, as_of=before)))
    now = _placed(days_on_reading.figures(connection, index, names, asked))

    moved = [place for place in {**was, **now} if not _alike(was.get(place), now.get(place))]
    kept = [one.value_id for place in moved if (one := now.get(place)) is not None and one.value_id is not None]
    every = groupby(store.revisions_of(connection, kept), key=_place)
    revisions = {place: list(found) for place, found in every}

    def why(one: KnownFigure | None, other: KnownFigure | None) -> Iterator[str]:
        if one is None:
            yield f"nothing was known of it at {before:%Y-%m-%d %H:%M}Z"
        if other is None:
            yield "there is no such period any more"
            return
        first = (one.revision or 0) if one else 0
        between = [
            found for found in revisions.get(_place(other), ()) if first < found.revision <= (other.revision or 0)
        ]
        for _, alike in groupby(between, key=lambda found: found.cause):
            yield revised(list(alike))

    return list(_compared(connection, was, now, why))


def computed_apart(
    connection: Connection,
    index: SubjectIndex,
    names: Sequence[SubjectName],
    asked: FiguresAsked,
    other: Indicator[Any],
) -> list[DifferingFigure]:
    """Return the figures of which another indicator says something else, and in which their methods differ."""
    was = _placed(days_on_reading.figures(connection, index, names, asked))
    now = _placed(days_on_reading.figures(connection, index, names, replace(asked, indicator=other)))

    def why(one: KnownFigure | None, another: KnownFigure | None) -> Iterator[str]:
        for found, indicator in ((one, asked.indicator), (another, other)):
            if found is None:
                yield f"{indicator.name} has no figure of it"
        yield f"{other.name}: {other.formula}; {asked.indicator.name}: {asked.indicator.formula}"

    return list(_compared(connection, was, now, why))


def _compared(
    connection: Connection, was: Mapping[Place, KnownFigure], now: Mapping[Place, KnownFigure], why: Why
) -> Iterator[DifferingFigure]:
    places = [place for place in {**was, **now} if not _alike(was.get(place), now.get(place))]
    figures = [one for place in places for one in (was.get(place), now.get(place)) if one is not None]
    inputs = store.inputs_of(connection, [one.value_id for one in figures if one.value_id is not None])
    for place in places:
        one, other = was.get(place), now.get(place)
        causes = [*why(one, other)]
        if one is not None and other is not None:
            causes += reasons(one, other, (inputs.get(one.value_id or 0, {}), inputs.get(other.value_id or 0, {})))
        some = other or one
        assert some is not None  # noqa: S101 - a place is that of a figure; tells the type checker
        yield DifferingFigure(place[0], place[1], some.period_end, one, other, tuple(causes))


def _alike(one: KnownFigure | None, other: KnownFigure | None) -> bool:
    return one is not None and other is not None and says_alike(one, other)


def _placed(found: Sequence[KnownFigure]) -> dict[Place, KnownFigure]:
    return {_place(one): one for one in found}


def _place(one: KnownFigure) -> Place:
    return SubjectName(one.city, one.site, one.group), one.period_start
