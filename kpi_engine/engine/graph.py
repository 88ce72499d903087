"""The graph of figures: level by level, and where one did not move, nothing that takes it is touched.

A figure that takes others is not due because readings changed, but because one of those moved; why it did is the cause
of both. All levels are written at one time, so that nobody sees the one without the other.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.model.calendar import following
from kpi_engine.engine import recompute_queue
from kpi_engine.engine.causes import Why
from kpi_engine.engine.changes import join
from kpi_engine.engine.computed_range import Extent, touched
from kpi_engine.engine.computing import compute
from kpi_engine.engine.revisions import differing
from kpi_engine.figures.figure import Figure, FigureKey
from kpi_engine.indicators import LEVELS
from kpi_engine.subjects.subject import SubjectId, SubjectName, metrics_of
from kpi_engine.subjects.subject_index import SubjectIndex
from kpi_engine.windows.memory import EngineMemory
from processors.storage.database import Connection


@dataclass(frozen=True)
class Graph:
    """Whose figures take whose; ``extents`` tells how far the figures of each subject reach, once that matters."""

    index: SubjectIndex
    extents: Callable[[], Mapping[SubjectId, Extent]]

    def computed(
        self, connection: Connection, due: Mapping[FigureKey, Why], now: int, memory: EngineMemory
    ) -> tuple[list[Figure], dict[FigureKey, Why]]:
        """Return the figures that are due, and those that take one of them that moved, each with its cause.

        Those that they take and that are on the agenda are taken off it, as are those that are computed beside.
        """
        causes, step = dict(due), memory.of_a_step()
        self._with_taken(connection, causes)
        found: list[Figure] = []
        for level in LEVELS:
            keys = [key for key in causes if key.kpi in level]
            figures = compute(connection, self.index, keys, now, step)
            found += figures
            further = self._taking(connection, figures, causes)
            join(further, recompute_queue.take_these(connection, further.keys() - causes.keys()))
            join(causes, further)
        return found, causes

    def _with_taken(self, connection: Connection, causes: dict[FigureKey, Why]) -> None:
        """Add figures that are on the agenda and are taken by those that are due, and those that these take."""
        ahead = set(causes)
        while asked := set(self._taken(ahead)) - causes.keys():
            found = recompute_queue.take_these(connection, asked)
            causes |= found
            ahead = set(found)

    def _taken(self, keys: Iterable[FigureKey]) -> Iterator[FigureKey]:
        """Yield the kept figures that tell whether what figures take has moved."""
        for key in keys:
            if (subject := self.index.subjects.get(key.subject)) is None:
                continue
            for port in metrics_of(subject.ports.get(key.kpi, {})).values():
                end = following(key.start, key.period, port.zone)
                for owner, _ in port.owners:
                    other = subject.fellows[SubjectName(*owner)].key
                    for period, start in port.rests_on(key.period, key.start, end):
                        yield FigureKey(port.metric.kpi, other, period, start)

    def _taking(
        self, connection: Connection, figures: Sequence[Figure], causes: Mapping[FigureKey, Why]
    ) -> dict[FigureKey, Why]:
        """Return the figures that take one of ``figures`` that moved, and what moved it, in words."""
        taking = self.index.taking
        moved = differing(connection, [one for one in figures if (one.key.kpi, one.key.subject) in taking])
        found: dict[FigureKey, Why] = {}
        extents = self.extents() if moved else {}
        for one in moved:
            why = self._inherited(one.key, causes[one.key])
            for taker in taking[one.key.kpi, one.key.subject]:
                places = taker.port.touches(one.key.period, one.key.start, one.end)
                if places and (extent := extents.get(taker.subject.key)):
                    span, period = places
                    keys = touched(taker.subject, [taker.indicator], extent, span, why)
                    join(found, {key: why for key in keys if period in {None, key.period}})
        return found

    def _inherited(self, key: FigureKey, why: Why) -> Why:
        """Return the cause of what takes a figure that moved; what time brings needs no words."""
        name = self.index.subjects[key.subject].name
        return replace(why, detail=why.detail and f"{key.kpi} of {name} moved by {why.detail}")
