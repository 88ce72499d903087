"""Sessions that readings tell of, kept beside the records and assembled anew whenever their readings change.

So they outlast the readings, and series can be made of them. What a reading decides reaches over the sessions beside
it: one that appeared or changed has its neighbours assembled, too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.calendar import Period, floor, following
from ingest.model.catalogue import Catalogue, Series
from ingest.model.reading import ReadingKind
from ingest.model.session import PLUGS
from processors.sessions.traces import ReadPoint, SessionQuery, assembled, read_points
from processors.steps.columns import Spans
from processors.storage.rollups.rollups import RollupStore
from processors.storage.sessions.assembled import Assembled, AssembledStore, Begin, Reach, Touched

READINGS_AT_ONCE: Final = 500_000  # bounds memory: points are assembled in portions expected to have so many


@dataclass(frozen=True)
class _Task:
    point: ReadPoint
    reach: Reach


class SessionAssembly:
    """Keeps the sessions of points whose readings tell of them."""

    def __init__(self, store: RollupStore, catalogue: Catalogue) -> None:
        self._rollups, self._connection, self._catalogue = store, store.connection, catalogue
        points = list(read_points(catalogue.devices.values()))
        self._points = {one.series_id: point for point in points for one in (point.plugged, point.register)}
        self._ids = np.array(sorted(self._points), np.int64)
        cities = sorted({point.device.city for point in points})
        self._store = AssembledStore(store.connection, cities) if points else None

    def recompute(self, spans: Spans) -> Spans:
        """Assemble what readings touched in ``spans`` decide; returns what it changes of series made of sessions."""
        touched = spans.select(np.isin(spans.series_id, self._ids))
        changed = [
            span for portion in _portions(list(self._tasks(touched))) for span in self._assembled(self._store, portion)
        ]
        return Spans(*np.array(changed, np.int64).reshape(-1, 3).T)

    def _tasks(self, touched: Spans) -> Iterator[_Task]:
        if self._store is None or not len(touched):
            return
        columns = (touched.series_id, touched.start, touched.end)
        spans: dict[int, list[tuple[int, int]]] = {}
        for series_id, start, end in zip(*(column.tolist() for column in columns), strict=True):
            spans.setdefault(self._points[series_id].plugged.series_id, []).append((start, end))
        for plug in PLUGS:
            mine = [
                (point, _touched(point, *span))
                for key, every in spans.items()
                if (point := self._points[key]).plug is plug
                for span in _apart(every)
            ]
            reached = self._store.reach(plug, [one for _, one in mine]) if mine else []
            yield from _merged(_Task(point, reach) for (point, _), reach in zip(mine, reached, strict=True))

    def _assembled(self, store: AssembledStore | None, tasks: Sequence[_Task]) -> Iterator[tuple[int, int, int]]:
        """Keep the sessions of ``tasks``; yields spans of the series that are made of them.

        What is computed from a session follows the hour in which it began, whenever it ends: that hour of the series
        which tells of vehicles is marked as changed.
        """
        if store is None:
            return
        since = self._rollups.kept_since()
        queries = [SessionQuery(one.point, max(one.reach.start, since), one.reach.end) for one in tasks]
        found = [
            Assembled(one.point.device.device_id, one.point.device.city, one.start, max(one.start, one.end), sessions)
            for one, sessions in zip(queries, assembled(self._connection, self._catalogue, queries), strict=True)
        ]
        for task, begins in zip(tasks, store.keep(found), strict=True):
            self._mark(task.point.plugged, begins)
            instants = [(begin.instant, begin.instant) for begin in begins]
            for series in task.point.device.series.values():
                if series.kind is ReadingKind.SESSION:
                    yield from ((series.series_id, *one) for one in [(task.reach.since, task.reach.until), *instants])

    def _mark(self, plugged: Series, begins: Sequence[Begin]) -> None:
        for is_first in (True, False):
            starts = sorted(
                {floor(one.instant, Period.HOUR, plugged.zone) for one in begins if one.is_first is is_first}
            )
            if starts:
                ends = [following(start, Period.HOUR, plugged.zone) for start in starts]
                hours = Spans(np.full(len(starts), plugged.series_id), np.array(starts), np.array(ends))
                self._rollups.mark(hours, is_first=is_first)


def _touched(point: ReadPoint, start: int, end: int) -> Touched:
    return Touched(point.device.device_id, point.plugged.series_id, point.register.series_id, start, end)


def _apart(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join spans that overlap; one that lies far from the others stays by itself, and what is between untouched."""
    (start, end), *others = sorted(spans)
    for begin, stop in others:
        if begin > end:
            yield start, end
            start = begin
        end = max(end, stop)
    yield start, end


def _merged(tasks: Iterable[_Task]) -> Iterator[_Task]:
    """Merge tasks of a point that reach into each other: what one keeps would be removed by the other."""
    last: _Task | None = None
    for task in sorted(tasks, key=lambda one: (one.point.plugged.series_id, one.reach.start)):
        if last is not None and last.point is task.point and task.reach.start <= last.reach.end:
            last = _Task(task.point, last.reach.joined(task.reach))
            continue
        if last is not None:
            yield from _bounded(last)
        last = task
    if last is not None:
        yield from _bounded(last)


def _bounded(task: _Task) -> Iterator[_Task]:
    """Divide a task that is expected to need more readings than may be had at once."""
    longest = READINGS_AT_ONCE * task.point.device.expected_interval
    yield from (_Task(task.point, reach) for reach in task.reach.parts(longest))


def _portions(tasks: Sequence[_Task]) -> Iterator[list[_Task]]:
    portion: list[_Task] = []
    expected = 0
    for task in tasks:
        portion.append(task)
        expected += (task.reach.end - task.reach.start) // task.point.device.expected_interval
        if expected > READINGS_AT_ONCE:
            yield portion
            portion, expected = [], 0
    if portion:
        yield portion
