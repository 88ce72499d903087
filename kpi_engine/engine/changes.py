"""From changed hours to figures: those of the periods they lie in, and those that rest on days before a silence.

A first load is not late data: hours that held no reading before, of the time before the series was first heard of. The
last hour of one batch is a part of the next, so such hours take the one beside them along.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.model.calendar import Period
from ingest.model.spans import Span
from ingest.model.time import HOUR, from_micros
from kpi_engine.engine.causes import Cause, Why
from kpi_engine.engine.computed_range import Extent, touched, words
from kpi_engine.engine.notes import Mark
from kpi_engine.figures.figure import FigureKey
from kpi_engine.subjects.subject import WHOLE_CITY, SubjectId
from kpi_engine.subjects.subject_index import Reader, SubjectIndex
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


_Readers = tuple[SubjectId, tuple[str, ...], bool]  # a subject, which of its indicators, whether hours were unread


@dataclass(frozen=True)
class HourChange:
    """Hours [start, end) of a series that changed, and what that is to its figures.

    ``is_first``: they held no reading before.
    """

    series: int
    span: Span
    is_first: bool
    cause: Cause


def changes(marks: Iterable[Mark], since: Mapping[int, int]) -> list[HourChange]:
    """Return what marks say; ``since``: when each series was first heard of."""
    by_series: dict[int, list[tuple[Span, bool]]] = {}
    for series, start, end, is_first in marks:
        by_series.setdefault(series, []).append(((start, end), is_first))
    return [HourChange(series, *one) for series, every in by_series.items() for one in _caused(every, since[series])]


def affected(
    connection: Connection, index: SubjectIndex, extents: Mapping[SubjectId, Extent], every: Sequence[HourChange]
) -> dict[FigureKey, Why]:
    """Return the figures that changes affect."""
    touching: dict[tuple[SubjectId, tuple[str, ...], Span], tuple[Reader, Why]] = {}
    for one, why in _told(index, every):
        for reader in index.readers.get(one.series, ()):
            group = reader.subject.key, reader.names, one.span  # a first load changes the same hours of every series
            known = touching.get(group)
            touching[group] = reader, known[1].joined(why) if known else why
    due: dict[FigureKey, Why] = {}
    for (key, _, span), (reader, why) in touching.items():
        if extent := extents.get(key):
            join(due, touched(reader.subject, reader.indicators, extent, span, why))
    join(due, resting(connection, index, extents, every))
    return due


def resting(
    connection: Connection, index: SubjectIndex, extents: Mapping[SubjectId, Extent], every: Sequence[HourChange]
) -> dict[FigureKey, Why]:
    """Return the figures that rest on changed hours before their own period, where a meter was silent."""
    before: dict[_Readers, list[tuple[Span, Why]]] = {}
    for one, why in _told(index, every):
        for reader in index.readers.get(one.series, ()):
            extent = extents.get(reader.subject.key)
            if extent and one.span[0] < extent.through:  # what is newest has no figures after it
                readers = reader.subject.key, reader.names, one.is_first
                before.setdefault(readers, []).append((one.span, why))
    return _resting(connection, before)


def _told(index: SubjectIndex, every: Iterable[HourChange]) -> Iterator[tuple[HourChange, Why]]:
    """Yield changes with what they are to figures, in words."""
    for one in every:
        yield one, Why(one.cause, f"{one.cause} of {index.names.get(one.series, one.series)} {words(one.span)}")


def join(due: dict[FigureKey, Why], more: Mapping[FigureKey, Why]) -> None:
    """Add figures to those that are due, with what moved by either."""
    for key, why in more.items():
        due[key] = due[key].joined(why) if key in due else why


def _caused(spans: Sequence[tuple[Span, bool]], since: int) -> Iterator[tuple[Span, bool, Cause]]:
    history = {span for span, is_first in spans if is_first and span[1] - HOUR < since}  # each hour began before
    starts, ends = {start for start, _ in history}, {end for _, end in history}
    for (start, end), is_first in spans:
        is_rim = end - start <= HOUR and (start in ends or end in starts)
        is_history = is_first and (start, end) in history
        yield (start, end), is_first, Cause.FIRST_DATA if is_history or is_rim else Cause.LATE_DATA


def _resting(connection: Connection, before: Mapping[_Readers, list[tuple[Span, Why]]]) -> dict[FigureKey, Why]:
    asked = [(readers, *one) for readers, every in before.items() for one in _merged(every)]
    if not asked:
        return {}
    parameters = {
        "numbers": list(range(len(asked))),
        "cities": [city for ((city, _), *_), *_ in asked],
        "sites": [site or WHOLE_CITY for ((_, site), *_), *_ in asked],
        "firsts": [is_first for (*_, is_first), *_ in asked],
        "starts": [from_micros(start) for _, (start, _), _ in asked],
        "ends": [from_micros(end) for _, (_, end), _ in asked],
        "urgencies": [why.cause.urgency for *_, why in asked],
    }
    due: dict[FigureKey, Why] = {}
    for number, kpi, period, start in connection.execute(SQL["resting"], parameters):
        (subject, names, _), _, why = asked[number]
        if kpi in names:
            join(due, {FigureKey(kpi, subject, Period(period), start): why})
    return due


def _merged(every: Iterable[tuple[Span, Why]]) -> list[tuple[Span, Why]]:
    """Return spans that meet as one, with what moved in all of them."""
    found: list[tuple[Span, Why]] = []
    for (start, end), why in sorted(every, key=lambda one: one[0]):
        if found and start <= found[-1][0][1]:
            (first, last), known = found[-1]
            found[-1] = (first, max(last, end)), known.joined(why)
        else:
            found.append(((start, end), why))
    return found
