"""Noting what is due: by one worker at a time, from changed hours, passing time and changed definitions.

Changed hours leave their queue in the transaction that puts on the agenda what they affect, so a crash repeats work and
changes nothing. The others may compute meanwhile: nobody waits for them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from psycopg.types.json import Jsonb

from ingest.model.time import from_micros
from kpi_engine.engine import notes, recompute_queue
from kpi_engine.engine.causes import Cause, Moved, Why
from kpi_engine.engine.changes import affected, changes, join, resting
from kpi_engine.engine.computed_range import Extent, grown, growth, horizon
from kpi_engine.engine.definition_parts import moved, parts
from kpi_engine.engine.extents import stored_extents
from kpi_engine.engine.recompute_queue import FirstLoads
from kpi_engine.engine.revisions import supersede_former_periods
from kpi_engine.figures.figure import FigureKey
from kpi_engine.privacy.store import publish
from kpi_engine.residuals.worker import ResidualWorker
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import Subject, SubjectId
from kpi_engine.subjects.subject_index import SubjectIndex
from kpi_engine.windows.memory import EngineMemory, Spans
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


class Noting:
    """Notes what is due, and what was read of hours that changed. After an error it is stale: make a new one.

    ``stamp`` returns an instant (microseconds) from when on what this transaction writes is known.
    """

    def __init__(
        self, connection: Connection, memory: EngineMemory, residuals: ResidualWorker, loads: FirstLoads
    ) -> None:
        self.index = SubjectIndex()
        self._connection = connection
        self._memory = memory
        self._residuals = residuals
        self._loads = loads
        self.extents: dict[SubjectId, Extent] = {}
        self._firsts: dict[int, int] = {}  # by series, the start of its first hour, also while that is still open
        self._since: dict[int, int] = {}  # by series, when it was first heard of
        self._loading: dict[SubjectId, int] = {}  # by subject, when first data came last
        self._grown: dict[str, int] = {}  # by zone, up to which horizon extents have grown

    def step(self, now: int, stamp: Callable[[], int]) -> None:
        """Put on the agenda what has become due until ``now`` (microseconds), in the caller's transaction."""
        is_heard = notes.begin(self._connection)
        marks = self._connection.execute(SQL["rollup_marks_take"]).fetchall()
        self._hear((series for series, *_ in marks), now)
        is_new = self._refresh()
        spans = notes.spans_of(marks)
        self._residuals.note(spans)
        self._memory.forget(self.index, spans)
        for series, every in spans.items():
            self._firsts[series] = min(self._firsts.get(series, every[0][0]), *(start for start, _ in every))
        due: dict[FigureKey, Why] = {}
        former = [subject for subject in self._growing(now, spans, is_new) if self._grow(subject, now, due)]
        changed = changes(marks, self._since)
        join(due, affected(self._connection, self.index, self.extents, changed))
        join(due, self._missed(now))
        recompute_queue.add(self._connection, due, now, self._loads)
        recompute_queue.release(self._connection, now, self._loads, self._still_loading(due, now))
        if marks or due or is_new:
            notes.write(self._connection, marks if is_heard else (), now)
        for subject in former:  # last: until this transaction ends nobody else writes
            supersede_former_periods(self._connection, subject, stamp())

    def _still_loading(self, due: Mapping[FigureKey, Why], now: int) -> Collection[SubjectId]:
        """Return of whom first data have come in the time of a rest, up to what is ``due`` now."""
        self._loading |= {key.subject: now for key, why in due.items() if why.cause is Cause.FIRST_DATA and why.detail}
        self._loading = {one: at for one, at in self._loading.items() if at > now - self._loads.rest}
        return self._loading.keys()

    def _growing(self, now: int, changed: Spans, is_new: bool) -> list[Subject]:
        """Return the subjects whose extents may have grown: of many in a row, most steps find none."""
        every = self.index.subjects.values()
        horizons = {zone: horizon(now, zone) for zone in {subject.zone for subject in every}}
        grown, self._grown = self._grown, horizons
        if is_new or changed:
            return list(every)
        return [subject for subject in every if grown.get(subject.zone) != horizons[subject.zone]]

    def _hear(self, every: Iterable[int], now: int) -> None:
        """Take note of which series anybody heard for the first time."""
        if unheard := sorted(set(every) - self._since.keys()):
            parameters = {"series": unheard, "now": from_micros(now)}
            self._since |= dict(self._connection.execute(SQL["heard"], parameters).fetchall())

    def _missed(self, now: int) -> dict[FigureKey, Why]:
        """Return the figures of other workers that rest on hours of whose change they could not know."""
        rested = notes.rested(self._connection)
        if not rested:
            return {}
        marks = notes.since(self._connection, min(rested.values()))
        self._hear((series for series, *_ in marks), now)
        found = resting(self._connection, self.index, self.extents, changes(marks, self._since))
        return {key: why for key, why in found.items() if key in rested}

    def _refresh(self) -> bool:
        """Take up changed master data and factors, with all that is stored about the subjects they speak of."""
        if subject_index.version(self._connection) == self.index.version:
            return False
        self.index = subject_index.load(self._connection)
        notes.roster(self._connection, self.index.version, self.index.digest)
        publish(self._connection, self.index)
        self._residuals.declare(self.index.residuals)
        self._memory.define(self.index)
        self.extents = stored_extents(self._connection)
        series = sorted({one for subject in self.index.subjects.values() for one in subject.life_series})
        self._firsts = dict(self._connection.execute(SQL["first_buckets"], {"series": series}).fetchall())
        return True

    def _grow(self, subject: Subject, now: int, due: dict[FigureKey, Why]) -> bool:
        """Extend a subject's life by its earliest data and by the time that has passed, and add what is due by that.

        Returns whether its figures have periods of another zone.
        """
        old = self.extents.get(subject.key)
        heard = subject.life_series & self._firsts.keys()
        first = min((max(self._firsts[series], subject.begins(series)) for series in heard), default=None)
        new = grown(old, first, horizon(now, subject.zone), self.index.definitions[subject.key])
        if new is None or new == old:
            return False
        self.extents[subject.key] = new
        parameters = {
            "city_id": subject.city_id,
            "site_id": subject.site_id,
            "life_from": from_micros(new.life_from),
            "through": from_micros(new.through),
            "definition": Jsonb(new.definition),
        }
        self._connection.execute(SQL["extent_upsert"], parameters)
        is_same = old is not None and old.definition == new.definition
        due |= growth(subject, old, new, {} if is_same else self._moved(subject))
        return old is not None and old.definition.get("zone") != subject.zone

    def _moved(self, subject: Subject) -> Mapping[str, Moved]:
        """Keep what the definitions of a subject are made of now, and return what moved by indicator."""
        ids = {"city_id": subject.city_id, "site_id": subject.site_id}
        stored = self._connection.execute(SQL["extent_parts"], ids).fetchone()
        new = parts(subject)
        self._connection.execute(SQL["extent_parts_keep"], ids | {"parts": Jsonb(new)})
        return moved((stored and stored[0]) or {}, new)
