"""Extents: from a subject's first hour of data to the horizon every period has its figures, silence included.

Pure; times are microseconds. An extent only ever grows, and what it grows by is due.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from ingest.model.calendar import Period, covering, floor
from ingest.model.time import MINUTE, isoformat
from kpi_engine.engine.causes import Cause, Moved, Why
from kpi_engine.figures.figure import FigureKey
from kpi_engine.indicator import PERIODS, Indicator
from kpi_engine.subjects.subject import Subject

GRACE: Final = 15 * MINUTE  # an hour's readings may take so long to arrive before its figures are computed

LATE: Final = Why(Cause.LATE_DATA)
NOTHING: Final[Mapping[str, Moved]] = {}


def horizon(now: int, zone: str) -> int:
    """Return the last civil hour edge at least GRACE ago."""
    return floor(now - GRACE, Period.HOUR, zone)


@dataclass(frozen=True)
class Extent:
    """[life_from, through) in which a subject has its figures by ``definition``, as Subject.definition gives it."""

    life_from: int
    through: int
    definition: Mapping[str, str]


def grown(old: Extent | None, first_bucket: int | None, through: int, definition: Mapping[str, str]) -> Extent | None:
    """Return the extent after data from ``first_bucket`` on and time until ``through``; None before there are data."""
    firsts = [old.life_from] if old else []
    firsts += [first_bucket] if first_bucket is not None else []
    if not firsts or min(firsts) >= through:
        return old
    return Extent(min(firsts), max(through, old.through) if old else through, definition)


def growth(
    subject: Subject, old: Extent | None, new: Extent, moved: Mapping[str, Moved] = NOTHING
) -> dict[FigureKey, Why]:
    """Return the figures that are due because ``old`` became ``new``.

    ``moved`` says by indicator what of its definition changed, and in which spans, where that is known.
    """
    first = Why(Cause.FIRST_DATA)
    if old is None:
        return _figures(subject, subject.indicators, new, (new.life_from, new.through), first)
    changed = {
        one.name: moved.get(one.name, Moved())
        for one in subject.indicators
        if old.definition.get(one.name) != new.definition.get(one.name)
    }
    kept = [one for one in subject.indicators if one.name not in changed or changed[one.name].spans is not None]
    due = _figures(subject, kept, new, (old.through, new.through))
    due |= _figures(subject, kept, new, (new.life_from, old.life_from), first)
    for indicator in (one for one in subject.indicators if one.name in changed):
        what = changed[indicator.name]
        why = Why(Cause.DEFINITION_CHANGED, what.detail)
        for span in ((new.life_from, new.through),) if what.spans is None else what.spans:
            due |= touched(subject, [indicator], new, span, why)
    return due


def touched(
    subject: Subject,
    indicators: Sequence[Indicator[Any]],
    extent: Extent,
    span: tuple[int, int],
    why: Why = LATE,
) -> dict[FigureKey, Why]:
    """Return the figures of ``indicators`` whose periods overlap the hours in ``span``, [start, end).

    What is stated of days before the first reading counts in the periods that hold it: a bill, a population.
    """
    end = min(span[1], extent.through)
    return {
        FigureKey(indicator.name, subject.key, period, first): why
        for period, kept in _kept(subject, indicators)
        for first, _ in overlapping((_begin(span[0], extent, period, subject.zone), end), period, subject.zone)
        for indicator in kept
    }


def _begin(start: int, extent: Extent, period: Period, zone: str) -> int:
    """Return ``start``, but no earlier than the period in which the extent begins."""
    return start if start >= extent.life_from else max(start, floor(extent.life_from, period, zone))


def words(span: tuple[int, int]) -> str:
    """Return a span in words, such as from 2026-03-10T04:00:00Z to 2026-03-10T05:00:00Z."""
    start, end = (isoformat(edge) for edge in span)
    return f"from {start} to {end}"


def overlapping(span: tuple[int, int], period: Period, zone: str) -> Iterator[tuple[int, int]]:
    """Yield the edges of every civil period of a kind that overlaps ``span``, [start, end)."""
    start, end = span
    if start < end:
        edges = covering(start, end, period, zone)
        first, last = np.searchsorted(edges, start, side="right") - 1, np.searchsorted(edges, end, side="left")
        yield from pairwise(edges[first : last + 1].tolist())


def _figures(
    subject: Subject,
    indicators: Sequence[Indicator[Any]],
    extent: Extent,
    span: tuple[int, int],
    why: Why | None = None,
) -> dict[FigureKey, Why]:
    """Return all figures of ``indicators`` in ``span``; without a cause it is time that brings them."""
    return {
        FigureKey(indicator.name, subject.key, period, first): why
        or Why(Cause.PERIOD_CLOSED if last <= extent.through else Cause.NEW_HOUR)
        for period, kept in _kept(subject, indicators)
        for first, last in overlapping(span, period, subject.zone)
        for indicator in kept
    }


def _kept(subject: Subject, indicators: Sequence[Indicator[Any]]) -> Iterator[tuple[Period, list[Indicator[Any]]]]:
    """Yield each kind of period with the indicators of which it is kept, if there are any."""
    for period in PERIODS:
        if kept := [indicator for indicator in indicators if subject.keeps(indicator, period)]:
            yield period, kept
