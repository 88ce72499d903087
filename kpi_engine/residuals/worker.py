"""The worker of residual series: recomputes exactly the hours of which a member changed, with their days and months.

Values are a function of stored rollups and of the topology. What changed is made due in the transaction in which the
marks of changed hours are taken, and leaves the agenda in the transaction that writes its values, so a crash repeats
work and changes nothing. An hour is computed once it is over; days and months as far as they are known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.calendar import Period, ceil, covering, floor
from ingest.model.observation import IntColumn
from ingest.model.spans import Span, union
from ingest.model.time import HOUR
from kpi_engine.engine.computed_range import horizon
from kpi_engine.residuals import store
from kpi_engine.residuals.columns import Residuals, compute
from kpi_engine.residuals.declared import Residual
from kpi_engine.windows.stored_amounts import StoredAmounts
from processors.storage.database import Connection

DUE_PER_STEP: Final = 2_000
AMOUNTS_PER_STEP: Final = 50_000  # hours of members that are read at once: bounds memory, and how long others wait
FEWEST_HOURS: Final = 24  # of the first series of a step, however many members it has

_PARTS: Final = {Period.HOUR: Period.HOUR, Period.DAY: Period.DAY, Period.MONTH: Period.DAY}
"""The rollups that residuals of each period are computed from: of a month days, since a member may come within it."""

_Spans = dict[int, list[Span]]


@dataclass(frozen=True)
class Worked:
    """What one step did: stretches it took, and values that changed."""

    spans: int
    changed: int


class ResidualWorker:
    """Keeps residual series up to date; one per database. After an error its memory is stale: make a new one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._residuals: dict[int, Residual] = {}
        self._readers: dict[int, list[int]] = {}

    def declare(self, residuals: Sequence[Residual]) -> None:
        """Take up the residual series of a topology; in the caller's transaction."""
        self._residuals = store.declare(self._connection, residuals)
        self._readers = {}
        for residual_id, one in self._residuals.items():
            for series_id in {member.series_id for member in one.members}:
                self._readers.setdefault(series_id, []).append(residual_id)

    def note(self, changed: Mapping[int, Sequence[Span]]) -> None:
        """Make due what changed hours [start, end) of series touch; in the caller's transaction."""
        read = ((one, every) for series, every in changed.items() for one in self._readers.get(series, ()))
        store.add_due(self._connection, ((one, *span) for one, every in read for span in every))

    def step(self, now: int) -> Worked:
        """Compute a portion of what is due, the newest first."""
        with self._connection.transaction():
            # hours, days and months must be of one moment, or sums could mix what was known before and after
            self._connection.execute("set transaction isolation level repeatable read")
            portion = self._portion(now)
            changed = sum(self._recompute(portion, period) for period in _PARTS) if portion else 0
        return Worked(sum(map(len, portion.values())), changed)

    def _portion(self, now: int) -> _Spans:
        """Take what is due and over, as far as it may be read at once, and put the rest back."""
        found: _Spans = {}
        rest = []
        room = AMOUNTS_PER_STEP
        through = max((horizon(now, zone) for zone in {one.zone for one in self._residuals.values()}), default=0)
        for series_id, start, end in store.take_due(self._connection, through, DUE_PER_STEP):
            one = self._residuals.get(series_id)
            if one is None:
                continue
            last = min(end, horizon(now, one.zone))
            hours = max(max(room, 0) // len(one.members), 0 if found else FEWEST_HOURS)
            first = max(start, floor(last - hours * HOUR, Period.HOUR, one.zone)) if hours else last
            rest += [(series_id, *span) for span in ((start, min(first, last)), (last, end)) if span[0] < span[1]]
            if first < last:
                found.setdefault(series_id, []).append((first, last))
                room -= len(one.members) * ((last - first) // HOUR + 1)
        store.add_due(self._connection, rest)
        return {series_id: union(spans) for series_id, spans in found.items()}

    def _recompute(self, portion: _Spans, period: Period) -> int:
        """Compute the buckets of ``period`` that the spans of each residual series touch."""
        whole = {one: union(self._outer(one, span, period) for span in spans) for one, spans in portion.items()}
        needed: _Spans = {}
        for one, spans in whole.items():
            for member in self._residuals[one].members:
                needed.setdefault(member.series_id, []).extend(spans)
        known = store.read_amounts(self._connection, needed, _PARTS[period])
        computed = {one: list(self._of(one, spans, period, known)) for one, spans in whole.items()}
        return store.write(self._connection, computed, whole, period)

    def _of(
        self, one: int, spans: Sequence[Span], period: Period, known: Mapping[int, StoredAmounts]
    ) -> Iterator[Residuals]:
        residual = self._residuals[one]
        for span in spans:
            edges, parts = (_edges(span, each, residual.zone) for each in (period, _PARTS[period]))
            yield compute(residual, edges, parts, known)

    def _outer(self, one: int, span: Span, period: Period) -> Span:
        zone = self._residuals[one].zone
        return floor(span[0], period, zone), ceil(span[1], period, zone)


def _edges(span: Span, period: Period, zone: str) -> IntColumn:
    every = covering(*span, period, zone)
    first, last = np.searchsorted(every, span)
    return every[first : last + 1]
