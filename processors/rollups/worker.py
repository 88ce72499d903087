"""From touched readings to hours, days and months: recomputes exactly what a stored reading can have changed.

A reading moves every bucket between its neighbours, so each mark is widened to the readings around it; hours are then
recomputed whole from the stored readings, days from hours and months from days, and the KPI engine is told what
changed, all in one transaction. Readings that only continue a series' open hour are added to it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ingest.model.calendar import Period, ceil, covering
from ingest.model.catalogue import Catalogue
from ingest.model.time import DAY
from processors.rollups.cycle_size import CycleSize
from processors.rollups.given_intervals import GivenIntervals
from processors.rollups.left_out import keep_left_out
from processors.rollups.portions import portions
from processors.rollups.quality_control import QualityControl
from processors.rollups.register_context import RegisterContext
from processors.rollups.register_falls import RegisterFalls
from processors.rollups.states import StateRollups
from processors.series.rollup_columns import SeriesColumns
from processors.sessions.assembly import SessionAssembly
from processors.sessions.rollups import SessionRollups
from processors.steps.columns import ABSENT, Ints, Mask, Readings, RollupColumns, Spans, concatenate, joined
from processors.steps.combining import combine_columns
from processors.steps.comparing import compared, extents, unread
from processors.steps.contracts import Starts
from processors.steps.hours import Windows, hours, left_out
from processors.steps.open_hours import OpenHours, last_hours
from processors.storage.rollups.rollups import RollupStore
from processors.storage.rollups.shards import EVERY

READINGS_AT_ONCE: Final = 2_000_000  # bounds memory: what is computed at once is expected to hold so many readings


@dataclass(frozen=True)
class Cycle:
    """What one cycle did: spans of touched readings it took, and hours it computed."""

    spans: int
    hours: int


class RollupWorker:
    """Turns marks into rollups, one cycle at a time: of the shards it owns, which are no other worker's meanwhile."""

    def __init__(self, store: RollupStore, current_catalogue: Callable[[], Catalogue]) -> None:
        self._store = store
        self._size = CycleSize()
        self._shards: Sequence[int] = EVERY
        self._current_catalogue = current_catalogue
        self._use(current_catalogue())

    def _use(self, catalogue: Catalogue) -> None:
        self._series = SeriesColumns(catalogue)
        self._context = RegisterContext(self._store, self._series)
        self._given = GivenIntervals(self._store.connection, self._series)
        self._falls: RegisterFalls | None = None
        self._quality_control = QualityControl(self._store, catalogue)
        self._sessions = SessionRollups(self._store, catalogue)
        self._assembly = SessionAssembly(self._store, catalogue)
        self._states = StateRollups(self._store)
        self._open = OpenHours.none()

    def own(self, shards: Sequence[int]) -> None:
        """Work on ``shards`` from now on, and know nothing of their series: another may have worked on them."""
        self._shards = tuple(shards)
        self._falls, self._open = None, OpenHours.none()

    def cycle(self) -> Cycle:
        """Bring the rollups up to date with the oldest and the newest marks; on any error nothing has happened."""
        opened = self._open
        try:
            with self._store.transaction():
                return self._cycle()
        except BaseException:
            self._falls = None
            self._open = OpenHours.none() if opened is not self._open else opened
            raise

    def pace(self, seconds: float) -> None:
        """Take note of how long a cycle took that had something to do: the next one is to take seconds."""
        self._size.adapt(seconds)

    def _cycle(self) -> Cycle:
        marked = self._store.take_marks(self._size.marks, self._size.hours, self._shards)
        if not len(marked) or not len(spans := self._known(marked)):
            return Cycle(0, 0)
        return Cycle(len(spans), self._computed(spans, self._append))

    def recount(self, spans: Spans) -> int:
        """Recompute hours, days and months of ``spans`` from the readings, whatever is marked; returns how many hours.

        In the transaction of the caller, who is to roll it back: the worker remembers nothing of it.
        """
        try:
            if not len(spans := self._known(spans)):
                return 0
            computed = self._computed(spans, lambda some: np.zeros(len(some), np.bool_))
            for zone, rows in self._by_zone(spans, ~self._series.is_of_states[spans.series_id]).items():
                self._add_up(spans.select(rows), zone)
            return computed
        finally:
            self._falls, self._open = None, OpenHours.none()

    def _computed(self, spans: Spans, append: Callable[[Spans], Mask]) -> int:
        """Compute the hours that readings in ``spans`` take part in; ``append`` says of which that is done already."""
        of_sessions = self._series.is_of_sessions[spans.series_id]
        of_records, spans = spans.select(of_sessions), spans.select(~of_sessions)
        appended = append(spans)
        computed = int(appended.sum())
        for zone, rows in self._by_zone(spans, ~appended).items():
            for portion in portions(self._widened(spans.select(rows), zone), zone, READINGS_AT_ONCE):
                computed += self._recompute(portion, zone)
        assembled = self._assembly.recompute(self._fallen.around(spans))  # falls among them are known by now
        return computed + self._recompute_sessions(joined(of_records, assembled))

    def _recompute_sessions(self, spans: Spans) -> int:
        """Recompute every hour that ``spans`` touch of series that are made of sessions."""
        computed = 0
        for table, windows, zone in self._sessions.hours(spans):
            self._keep(table, windows, zone)
            computed += len(table)
        return computed

    def _known(self, spans: Spans) -> Spans:
        """Leave out series that no city file declares any more.

        The catalogue is looked at after the marks: what a city file changes is marked in the transaction of the file.
        """
        catalogue = self._current_catalogue()
        if catalogue is not self._series.catalogue:
            self._use(catalogue)
        return spans.select(self._series.has(spans.series_id))

    def _append(self, spans: Spans) -> Mask:
        """Add readings that continue their series' open hour to it; returns which spans needed nothing else."""
        appended = (
            self._open.appends(spans.series_id, spans.start, spans.end)
            & self._series.is_differential[spans.series_id]
            & self._context.plain_appends(spans.series_id)
            & ~self._fallen.near(spans)
        )
        if not appended.any():
            return appended
        spans = spans.select(appended)
        last, *_ = self._open.anchors(spans.series_id)
        readings = self._store.readings(
            Spans(spans.series_id, last - self._quality_control.reach(spans.series_id), spans.end)
        )
        plain = ~self._context.undecided(readings, spans.series_id)
        plain &= ~self._quality_control.remarkable(readings, Spans(spans.series_id, last, spans.end + 1))
        readings = readings.select(readings.time >= last[readings.slot])
        appended[appended] = plain
        for zone, rows in self._by_zone(spans, plain).items():
            of_zone = np.zeros(len(spans), np.bool_)
            of_zone[rows] = True
            self._extend(spans.select(rows), readings.of_slots(of_zone), zone)
        return appended

    def _extend(self, spans: Spans, readings: Readings, zone: str) -> None:
        """Add ``readings``, from the last one that is known, to the open hours of series of one zone."""
        _, bucket, bucket_end = self._open.anchors(spans.series_id)
        open_hours = Spans(spans.series_id, bucket, bucket_end)
        edges = np.unique(np.concatenate([bucket, bucket_end]))
        windows, begun = self._series.windows(open_hours), self._open.of(spans.series_id)
        more = hours(readings, windows, edges, self._series.starts(), begun=begun)
        table = self._open.extended(replace(more, slot=spans.series_id[more.slot]))
        self._open = self._open.replaced(table, spans.end)
        self._keep(replace(table, slot=np.arange(len(table))), open_hours, zone)

    @property
    def _fallen(self) -> RegisterFalls:
        """Where registers fell, read when it is first asked for: in a transaction."""
        if self._falls is None:
            self._falls = RegisterFalls(self._store.connection, self._series)
        return self._falls

    def _recompute(self, windows: Windows, zone: str, *, is_wide: bool = False) -> int:
        """Recompute every hour of ``windows`` from the stored readings; ``is_wide``: as far as falls reach already."""
        of_states = self._series.is_of_states[windows.series_id]
        if of_states.any():
            in_states = self._states.recompute(windows.select(of_states), zone)
            others = windows.select(~of_states)
            return in_states + (self._recompute(others, zone, is_wide=is_wide) if len(others) else 0)
        spans = Spans(windows.series_id, windows.start, windows.end)
        is_differential = self._series.is_differential[windows.series_id]
        reach = np.where(is_differential, 0, windows.lengths.reach)
        around = np.maximum(self._quality_control.reach(windows.series_id), self._tolerance(windows.series_id))
        if is_wide:
            around = np.maximum(around, self._fallen.reach(windows.series_id))
        readings = self._context.readings(
            Spans(windows.series_id, windows.start - around, windows.end + np.maximum(reach, around))
        )
        if windows.is_register.any() and not is_wide:
            self._fallen.note(readings.select(windows.is_register[readings.slot]), windows.series_id)
            near = windows.is_register & self._fallen.near(spans)
            if near.any():
                rest = 0 if near.all() else self._recompute(windows.select(~near), zone)
                return rest + self._recompute_around_falls(spans.select(near), zone)
        readings, refused = self._quality_control.apply(readings, spans, self._store.kept_since())
        readings = self._given.attached(readings, windows.series_id)
        reached = (readings.time - reach[readings.slot]).min(initial=np.iinfo(np.int64).max)
        first = min(windows.start.min(), reached, readings.earliest_begin)
        last = max(windows.end.max(), readings.time.max(initial=ABSENT))
        days = covering(int(first) - DAY, int(last), Period.DAY, zone)
        edges = covering(int(first), int(last), Period.HOUR, zone)
        starts = self._series.starts(days)
        table = hours(readings, windows, edges, starts, refused)
        if windows.is_register.any():
            self._keep_left_out(readings, windows, starts, is_wide=is_wide)
        self._open = self._open.replaced(*last_hours(table, readings, windows.end, windows.series_id))
        self._keep(table, spans, zone)
        return len(table)

    def _keep_left_out(self, readings: Readings, windows: Windows, starts: Starts, *, is_wide: bool) -> None:
        """Keep which readings of registers did not happen, where any may not have, or was said not to have."""
        may_be = windows.contracts.is_daily | self._store.judgements.may_be_flagged(windows.series_id)
        rows = windows.is_register & (may_be | is_wide)
        if rows.any():
            chosen, windows = readings.of_slots(rows), windows.select(rows)
            spans = Spans(windows.series_id, windows.start, windows.end)
            keep_left_out(self._store.judgements, chosen, left_out(chosen, windows, starts), spans)

    def _recompute_around_falls(self, spans: Spans, zone: str) -> int:
        """Recompute the hours of ``spans`` and those around them that the readings in them may decide."""
        reach = self._fallen.reach(spans.series_id)
        start, end = _outer_edges(spans.start - reach, spans.end + reach, Period.HOUR, zone)
        start = np.maximum(start, self._first_hour(zone))
        windows = self._series.windows(_merged(spans.series_id, start, end))
        parts = portions(windows, zone, READINGS_AT_ONCE)
        return sum(self._recompute(part, zone, is_wide=True) for part in parts)

    def _keep(self, table: RollupColumns, spans: Spans, zone: str) -> None:
        """Store the hours of ``spans``, then the days and months they are part of, and say what changed."""
        first, others = self._save(table, spans, Period.HOUR)
        changed = joined(first, others)
        if not len(changed):
            return
        self._store.mark(first, is_first=True)
        self._store.mark(others, is_first=False)
        self._add_up(changed, zone)

    def _add_up(self, changed: Spans, zone: str) -> None:
        """Store the days and months of which hours in ``changed`` are part."""
        for period, parts in ((Period.DAY, Period.HOUR), (Period.MONTH, Period.DAY)):
            spans = _merged(changed.series_id, *_outer_edges(changed.start, changed.end, period, zone))
            found = self._store.rollups(spans, parts)
            edges = covering(int(spans.start.min()), int(spans.end.max()), period, zone)
            of = np.searchsorted(edges, found.bucket, side="right") - 1
            self._save(combine_columns(found, edges[of], edges[of + 1]), spans, period)

    def _save(self, table: RollupColumns, spans: Spans, period: Period) -> tuple[Spans, Spans]:
        """Make ``table`` what is stored of ``spans``; returns what changed: buckets unread so far, and others."""
        stored = self._store.rollups(spans, period)
        is_new, differs, is_gone = compared(table, stored)
        series_id, gone = spans.series_id[table.slot], stored.select(is_gone)
        self._store.remove(gone, spans.series_id[gone.slot], period)
        self._store.insert(table.select(is_new), series_id[is_new], period)
        self._store.replace(table.select(differs), series_id[differs], period)
        changed, is_first = is_new | differs, unread(table, stored)
        others = concatenate([table.select(changed & ~is_first), gone])
        return extents(table.select(changed & is_first), spans.series_id), extents(others, spans.series_id)

    def _widened(self, spans: Spans, zone: str) -> Windows:
        """Return the whole hours that readings in ``spans`` take part in, together with their neighbours."""
        start, end = self._quality_control.touched(spans, *self._context.touched(spans))
        reach = self._series.lengths.select(spans.series_id).reach
        before = np.where(self._series.is_differential[spans.series_id], start, spans.start - reach)
        before = np.minimum(before, self._given.begins(Spans(spans.series_id, spans.start, end)))
        end = end + self._tolerance(spans.series_id) + 1
        start, end = _outer_edges(np.minimum(start, before), end, Period.HOUR, zone)
        start = np.maximum(start, self._first_hour(zone))
        left = start < end
        return self._series.windows(_merged(spans.series_id[left], start[left], end[left]))

    def _tolerance(self, series_id: Ints) -> Ints:
        """Return how far the end of an interval may lie from its stamp; 0 where readings are no intervals."""
        return np.where(self._series.is_differential[series_id], 0, self._series.lengths.tolerance[series_id])

    def _first_hour(self, zone: str) -> int:
        """Return the first hour to compute: earlier ones stay as they are, since their readings are gone."""
        since = self._store.kept_since()
        return since if since == ABSENT else ceil(since, Period.HOUR, zone)

    def _by_zone(self, spans: Spans, chosen: Mask) -> dict[str, Ints]:
        zone = self._series.zone[spans.series_id]
        return {
            self._series.zones[one]: np.flatnonzero(chosen & (zone == one)) for one in np.unique(zone[chosen]).tolist()
        }


def _outer_edges(start: Ints, end: Ints, period: Period, zone: str) -> tuple[Ints, Ints]:
    """Widen each [start, end) to the edges of civil periods."""
    edges = covering(int(start.min()), int(end.max()), period, zone)
    return edges[np.searchsorted(edges, start, side="right") - 1], edges[np.searchsorted(edges, end, side="left")]


def _merged(series_id: Ints, start: Ints, end: Ints) -> Spans:
    """Merge spans of one series that touch or overlap, so that no bucket is computed twice."""
    order = np.lexsort((start, series_id))
    merged: list[list[int]] = []
    for series, begin, stop in zip(series_id[order].tolist(), start[order].tolist(), end[order].tolist(), strict=True):
        if merged and merged[-1][0] == series and begin <= merged[-1][2]:
            merged[-1][2] = max(merged[-1][2], stop)
        else:
            merged.append([series, begin, stop])
    columns = np.array(merged, np.int64).reshape(-1, 3).T
    return Spans(columns[0], columns[1], columns[2])
