"""The KPI engine: from changed hours and passing time to figures, exactly those that are affected.

One engine per database. Each step commits twice: first what is due (changed hours leave their queue in the same
transaction), then a portion of the figures (which leave the agenda in the same transaction). A crash between or
within them repeats work and changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from psycopg.types.json import Jsonb

from ingest.model.spans import Span
from ingest.model.time import from_micros
from kpi_engine import moments
from kpi_engine.engine import recompute_queue
from kpi_engine.engine.causes import Cause, Moved, Why
from kpi_engine.engine.changes import HourChange, affected, changes, join, spans_of
from kpi_engine.engine.computed_range import Extent, grown, growth, horizon, touched, words
from kpi_engine.engine.definition_parts import moved, parts
from kpi_engine.engine.graph import Graph
from kpi_engine.engine.revisions import supersede_former_periods, write
from kpi_engine.figures.figure import FigureKey
from kpi_engine.indicators import INDICATORS
from kpi_engine.residuals.worker import ResidualWorker, Worked
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import Subject, SubjectId
from kpi_engine.subjects.subject_index import SubjectIndex
from kpi_engine.windows.hour_cache import RememberedDays
from kpi_engine.windows.memory import EngineMemory
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

FIGURES_PER_STEP: Final = 1_200
FIRST_PER_STEP: Final = 50  # until a step has shown how long one takes: what is urgent is told soon after a restart
FEWEST_PER_STEP: Final = 50

Spans = Mapping[int, list[Span]]  # by series, changed hours [start, end)


@dataclass(frozen=True)
class EngineStep:
    """What one step did: figures recomputed, and how many of them changed."""

    recomputed: int
    changed: int


class Engine:
    """Computes what is due, a portion per step. After an error its memory is stale: make a new one.

    ``clock`` (microseconds) tells when figures become known; without one that is the step's own time.
    """

    def __init__(
        self,
        connection: Connection,
        figures_per_step: int = FIGURES_PER_STEP,
        clock: Callable[[], int] | None = None,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._most = figures_per_step
        self._limit = min(figures_per_step, FIRST_PER_STEP)
        self._index = SubjectIndex()
        self._extents: dict[SubjectId, Extent] = {}
        self._memory = EngineMemory(RememberedDays(connection))
        self._residuals = ResidualWorker(connection)
        self._firsts: dict[int, int] = {}  # by series, the start of its first hour, also while that is still open
        self._since: dict[int, int] = {}  # by series, when it was first heard of

    def pace(self, seconds: float, wanted: float) -> None:
        """Take more or fewer figures a step: the last one took ``seconds``, and late data wait for its end."""
        fitting = int(self._limit * wanted / seconds) if seconds > 0 else self._most
        self._limit = min(self._most, max(FEWEST_PER_STEP, min(fitting, 2 * self._limit)))

    def step(self, now: int) -> EngineStep:
        """Note what has become due until ``now`` (microseconds), and compute the most urgent of it."""
        with self._connection.transaction():
            self._note(now)
        with self._connection.transaction():
            # days, months and hours must be of one moment, or a figure could mix what was known before and after
            self._connection.execute("set transaction isolation level repeatable read")
            causes = self._kept(recompute_queue.take(self._connection, self._limit))
            self._memory.forget(self._index, self._pending())
            graph = Graph(self._index, self._extents)
            figures, causes = graph.computed(self._connection, causes, now, self._memory)
            return EngineStep(
                len(figures), write(self._connection, figures, causes, lambda: self._stamp(now)) if figures else 0
            )

    def _kept(self, due: Mapping[FigureKey, Why]) -> dict[FigureKey, Why]:
        """Return the figures that are kept: an agenda may be older than the rules of what is."""
        subjects = self._index.subjects
        return {
            key: why
            for key, why in due.items()
            if key.subject not in subjects or subjects[key.subject].keeps(INDICATORS[key.kpi], key.period)
        }

    def _stamp(self, now: int) -> int:
        """Return from when on the figures of this transaction are known: nobody reads until it has ended."""
        moments.write(self._connection)
        return self._clock() if self._clock else now

    def residuals(self, now: int) -> Worked:
        """Compute a portion of what is due of residual series."""
        return self._residuals.step(now)

    def _note(self, now: int) -> None:
        """Put on the agenda what changed hours, passing time and changed definitions affect."""
        changed = self._changes(now)
        spans = spans_of(changed)
        self._refresh()
        self._residuals.note(spans)
        self._memory.forget(self._index, spans)
        for series, every in spans.items():
            self._firsts[series] = min(self._firsts.get(series, every[0][0]), *(start for start, _ in every))
        due: dict[FigureKey, Why] = {}
        for subject in self._index.subjects.values():
            due |= self._grow(subject, now)
        join(due, affected(self._connection, self._index, self._extents, changed))
        recompute_queue.add(self._connection, due, now)

    def _changes(self, now: int) -> list[HourChange]:
        """Take what changed hours are marked, and note of which series they are the first that anybody heard."""
        marks = self._connection.execute(SQL["rollup_marks_take"]).fetchall()
        if unheard := sorted({series for series, *_ in marks} - self._since.keys()):
            parameters = {"series": unheard, "now": from_micros(now)}
            self._since |= dict(self._connection.execute(SQL["heard"], parameters).fetchall())
        return changes(marks, self._since)

    def _pending(self) -> Spans:
        """Return changed hours whose marks nobody has taken yet."""
        spans: dict[int, list[Span]] = {}
        for series_id, start, end in self._connection.execute(SQL["rollup_marks_pending"]):
            spans.setdefault(series_id, []).append((start, end))
        return spans

    def _refresh(self) -> None:
        """Take up changed master data and factors, with all that is stored about the subjects they speak of."""
        if subject_index.version(self._connection) == self._index.version:
            return
        self._index = subject_index.load(self._connection)
        _, applied_at, factor_id, *_ = self._index.version
        self._connection.execute(SQL["noted"], {"applied_at": applied_at, "factor_id": factor_id})
        self._residuals.declare(self._index.residuals)
        self._memory.define(self._index)
        self._extents = stored_extents(self._connection)
        series = sorted({one for subject in self._index.subjects.values() for one in subject.life_series})
        self._firsts = dict(self._connection.execute(SQL["first_buckets"], {"series": series}).fetchall())

    def _grow(self, subject: Subject, now: int) -> dict[FigureKey, Why]:
        """Extend a subject's life by its earliest data and by the time that has passed."""
        old = self._extents.get(subject.key)
        heard = subject.life_series & self._firsts.keys()
        first = min((max(self._firsts[series], subject.begins(series)) for series in heard), default=None)
        new = grown(old, first, horizon(now, subject.zone), self._index.definitions[subject.key])
        if new is None or new == old:
            return {}
        self._extents[subject.key] = new
        parameters = {
            "city_id": subject.city_id,
            "site_id": subject.site_id,
            "life_from": from_micros(new.life_from),
            "through": from_micros(new.through),
            "definition": Jsonb(new.definition),
        }
        self._connection.execute(SQL["extent_upsert"], parameters)
        if old and old.definition.get("zone") != subject.zone:
            supersede_former_periods(self._connection, subject, self._stamp(now))
        is_same = old is not None and old.definition == new.definition
        return growth(subject, old, new, {} if is_same else self._moved(subject))

    def _moved(self, subject: Subject) -> Mapping[str, Moved]:
        """Keep what the definitions of a subject are made of now, and return what moved by indicator."""
        ids = {"city_id": subject.city_id, "site_id": subject.site_id}
        stored = self._connection.execute(SQL["extent_parts"], ids).fetchone()
        new = parts(subject, self._index.factors)
        self._connection.execute(SQL["extent_parts_keep"], ids | {"parts": Jsonb(new)})
        return moved((stored and stored[0]) or {}, new)


def request(
    connection: Connection, subjects: Sequence[Subject], kpi: str | None, span: tuple[int, int], now: int
) -> int:
    """Put the figures of ``subjects`` on the agenda whose periods overlap ``span``, and return how many.

    ``kpi`` None means all of them; ``span`` is [start, end) in microseconds. Periods without any data are left out.
    """
    due: dict[FigureKey, Why] = {}
    why = Why(Cause.REQUESTED, f"requested {words(span)}")
    extents = stored_extents(connection)
    for subject in subjects:
        if extent := extents.get(subject.key):
            indicators = [indicator for indicator in subject.indicators if kpi in {None, indicator.name}]
            due |= touched(subject, indicators, extent, span, why)
    recompute_queue.add(connection, due, now)
    return len(due)


def stored_extents(connection: Connection) -> dict[SubjectId, Extent]:
    """Return how far the figures of each subject reach."""
    rows = connection.execute(SQL["extents"]).fetchall()
    return {(city_id, site_id): Extent(*extent) for city_id, site_id, *extent in rows}
