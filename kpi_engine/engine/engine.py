"""The KPI engine: from changed hours and passing time to figures, exactly those that are affected.

Any number of engines work on a database; one of them, the leader, notes what is due. Each step of the leader commits
twice: first what is due (changed hours leave their queue in the same transaction), then a portion of the figures (which
leave the agenda in the same transaction). The others compute portions alone, each of shards that nobody else has. A
crash between or within them repeats work and changes nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final

from psycopg import Rollback
from psycopg.errors import SerializationFailure

from ingest import collection
from ingest.model.calendar import following
from kpi_engine import moments
from kpi_engine.engine import notes, recompute_queue
from kpi_engine.engine.causes import Why
from kpi_engine.engine.computed_range import Extent
from kpi_engine.engine.extents import stored_extents
from kpi_engine.engine.graph import Graph
from kpi_engine.engine.notes import Noted
from kpi_engine.engine.noting import Noting
from kpi_engine.engine.recompute_queue import AT_ONCE, FirstLoads
from kpi_engine.engine.revisions import write
from kpi_engine.engine.shards import claimed
from kpi_engine.figures.erased import standing
from kpi_engine.figures.figure import Figure, FigureKey
from kpi_engine.indicators import INDICATORS
from kpi_engine.residuals.worker import ResidualWorker, Worked
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectId
from kpi_engine.subjects.subject_index import SubjectIndex
from kpi_engine.windows.memory import EngineMemory, Spans
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

FIGURES_PER_STEP: Final = 1_200
FIRST_PER_STEP: Final = 50  # until a step has shown how long one takes: what is urgent is told soon after a restart
FEWEST_PER_STEP: Final = 50
LONGEST_SECONDS: Final = notes.KEPT_SECONDS / 2  # of a step, or between two, by which notes are still known


@dataclass(frozen=True)
class EngineStep:
    """What one step did: figures recomputed, and how many of them changed."""

    recomputed: int
    changed: int


NOTHING: Final = EngineStep(0, 0)


class Engine:
    """Computes what is due, a portion per step. After an error its memory is stale: make a new one.

    ``is_live``: figures become known at the instant at which they are written, by the database's clock, which all
    engines share; otherwise at the step's own time. ``leads``: it notes what is due as well, and keeps residual
    series; the caller makes sure that no other engine does. ``loads``: how long figures of a first load wait for more.
    """

    def __init__(
        self,
        connection: Connection,
        figures_per_step: int = FIGURES_PER_STEP,
        *,
        is_live: bool = False,
        leads: bool = True,
        loads: FirstLoads = AT_ONCE,
    ) -> None:
        self._connection = connection
        self._is_live = is_live
        self._most = figures_per_step
        self._limit = min(figures_per_step, FIRST_PER_STEP)
        self._index = SubjectIndex()
        self._memory = EngineMemory(connection)
        self._residuals = ResidualWorker(connection)
        self._noting = Noting(connection, self._memory, self._residuals, loads) if leads else None
        self._note = 0  # the last one that the memory knows of
        self._tried: tuple[str, tuple[object, ...]] | None = None  # the roster that another engine noted, and ours
        self._listens = False
        self._looked = monotonic()
        self.trying: Collection[FigureKey] = ()  # what is being computed, or was when an error came up

    def pace(self, seconds: float, wanted: float) -> None:
        """Take more or fewer figures a step: the last one took ``seconds``, and late data wait for its end."""
        fitting = int(self._limit * wanted / seconds) if seconds > 0 else self._most
        self._limit = min(self._most, max(FEWEST_PER_STEP, min(fitting, 2 * self._limit)))

    def step(self, now: int) -> EngineStep:
        """Note what has become due until ``now`` (microseconds), if it leads, and compute the most urgent of it."""
        with collection.paused():  # what a step makes stays until it is written
            return self._step(now)

    def _step(self, now: int) -> EngineStep:
        self.trying = ()
        if self._noting:
            with self._connection.transaction():
                self._noting.step(now, lambda: self._stamp(now))
            self._index = self._noting.index
        elif not self._follows():
            return NOTHING
        with claimed(self._connection, self._limit) as shards:
            return self._portion(shards, now) if shards else NOTHING

    def _follows(self) -> bool:
        """Whether the engine knows those whom figures are noted for; it looks who they are where others are noted."""
        if not self._listens:
            notes.listen(self._connection)
            self._listens = True
        with self._connection.transaction():
            noted = notes.last(self._connection)
            if noted is None:
                return False
            if noted.roster != self._index.digest:
                tried = noted.roster, subject_index.version(self._connection)
                if tried != self._tried:
                    self._index, self._tried = subject_index.load(self._connection), tried
                    self._memory.know()
                    self._note = noted.note
        return noted.roster == self._index.digest

    def _portion(self, shards: list[int], now: int) -> EngineStep:
        """Compute a portion of what is due of shards that the engine has claimed."""
        figures: list[Figure] = []
        changed = 0
        with self._connection.transaction() as transaction:
            # days, months and hours must be of one moment, or a figure could mix what was known before and after
            self._connection.execute(SQL["portion_begin"])
            noted = notes.last(self._connection)
            if noted is None or noted.roster != self._index.digest:
                return NOTHING
            until = max(now, noted.at) if self._noting else noted.at  # of all engines' clocks, that of who noted
            try:
                due = self._kept(recompute_queue.take(self._connection, self._limit, shards))
                self.trying = due.keys()
                self._recall(noted)
                figures, causes = Graph(self._index, self._extents).computed(self._connection, due, until, self._memory)
            except SerializationFailure:  # some of it was just being noted anew
                raise Rollback(transaction) from None
            if figures:
                changed = self._write(figures, causes, noted, until)
        if figures:
            self._keep(noted)
        return EngineStep(len(figures), changed)

    def _extents(self) -> Mapping[SubjectId, Extent]:
        """Return how far the figures of each subject reach."""
        return self._noting.extents if self._noting else stored_extents(self._connection)

    def _kept(self, due: Mapping[FigureKey, Why]) -> dict[FigureKey, Why]:
        """Return the figures that are kept: an agenda may be older than the rules of what is.

        Those whose inputs were erased stay as they are: without them they would be others.
        """
        subjects = self._index.subjects
        known = [key for key in due if key.subject in subjects]
        left = standing(
            self._connection, known, lambda key: following(key.start, key.period, subjects[key.subject].zone)
        )
        return {
            key: why
            for key, why in due.items()
            if key.subject not in subjects
            or (subjects[key.subject].keeps(INDICATORS[key.kpi], key.period) and key not in left)
        }

    def _recall(self, noted: Noted) -> None:
        """Forget what hours changed that were noted by another engine, or that nobody has noted yet."""
        if not self._noting:
            if monotonic() > self._looked + LONGEST_SECONDS:
                self._memory.know()
            self._memory.forget_here(self._index, notes.spans_of(notes.since(self._connection, self._note)))
        self._note, self._looked = noted.note, monotonic()
        self._memory.begin(self._index, self._pending())

    def _pending(self) -> Spans:
        """Return changed hours whose marks nobody has taken yet."""
        marks = self._connection.execute(SQL["rollup_marks_pending"])
        return notes.spans_of((*mark, False) for mark in marks)

    def _write(self, figures: list[Figure], causes: Mapping[FigureKey, Why], noted: Noted, now: int) -> int:
        """Write figures, and tell the next note of those that may rest on what is being noted meanwhile."""
        if not self._noting:
            if monotonic() > self._looked + LONGEST_SECONDS:
                raise SerializationFailure("computing took so long that nobody knows any more what changed meanwhile")
            rest = [one.key for one in figures if one.rests_from is not None or one.rests_on_first]
            notes.rest(self._connection, rest, noted.note)
        return write(self._connection, figures, causes, lambda: self._stamp(now))

    def _keep(self, noted: Noted) -> None:
        """Keep for the next time what was read, but for hours that were noted as changed meanwhile."""
        with self._connection.transaction():
            self._memory.keep(self._index, notes.spans_of(notes.settled(self._connection, noted.note)))

    def _stamp(self, now: int) -> int:
        """Return from when on the figures of this transaction are known: nobody reads until it has ended."""
        instant = moments.write(self._connection)
        return instant if self._is_live else now

    def residuals(self, now: int) -> Worked:
        """Compute a portion of what is due of residual series; nothing where another engine leads."""
        return self._residuals.step(now) if self._noting else Worked(0, 0)
