"""What stored readings are judged to be: made with every window that is computed, kept where anything is remarkable.

A judgement looks at the readings around one, so more is read than a window needs; what it comes to is the same in every
window. Where one changes what figures leave out, its reading is marked, and what rests on it is computed by the next
cycle. Readings so near to the horizon of retention that what decided is gone keep what they were judged to be.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.catalogue import Catalogue
from ingest.model.reading import ReadingKind
from processors.series.quality_columns import changes
from processors.steps.columns import ABSENT, Ints, Mask, Readings, Spans
from processors.steps.persistence import Runs, rims, stuck
from processors.steps.reading_quality import QualityFlag, QualityLimits, quality_flags
from processors.storage.rollups.reading_quality import Flagged, StandingValues
from processors.storage.rollups.register_extent import Side
from processors.storage.rollups.rollups import RollupStore

_LASTING: Final = ~int(QualityFlag.STUCK)


@dataclass(frozen=True)
class _Checked:
    """What was checked: flagged readings by row of the spans, and the span of each row in which flags are known.

    ``near`` of judgements by neighbours, ``far`` of being stuck, whose runs reach further.
    """

    row: Ints
    time: Ints
    flags: Ints
    near: Spans
    far: Spans


class QualityControl:
    """Flags readings of the series of one catalogue."""

    def __init__(self, store: RollupStore, catalogue: Catalogue) -> None:
        self._store = store
        self._changes = changes(catalogue)
        self._is_checked = self._changes.is_checked
        found = (catalogue.series.get(key) for key in range(len(self._is_checked)))
        self._is_register = np.array([one is not None and one.kind is ReadingKind.REGISTER for one in found], np.bool_)

    def reach(self, series_id: Ints) -> Ints:
        """Return how far around a window readings must be known, to judge those inside and those they are beside."""
        return 2 * self._changes.reach[series_id]

    def touched(self, spans: Spans, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Widen [start, end], touched by ``spans``, to the neighbours that figures do not leave out."""
        rows = np.flatnonzero(self._is_flagged(spans))
        if len(rows):
            before, after = self._store.judgements.neighbours(spans.select(rows))
            start[rows] = np.where(before == ABSENT, start[rows], np.minimum(start[rows], before))
            end[rows] = np.maximum(end[rows], after)
        return start, end

    def remarkable(self, readings: Readings, spans: Spans) -> Mask:
        """Return the rows of ``spans`` in or around which any reading is flagged, or was till now; keeps nothing."""
        found = np.zeros(len(spans), np.bool_)
        if self._concerns(spans):
            checked = self._check(readings, spans, ABSENT)
            row, time, _ = self._stored(readings, checked)
            found[checked.row] = True
            found[row[_inside(row, time, checked.far)]] = True
        return found

    def apply(self, readings: Readings, spans: Spans, since: int) -> tuple[Readings, Readings]:
        """Check the readings of ``spans`` and around them, keep that, and return what figures use and leave out.

        ``since``: from when on all readings are stored; ABSENT: from the first.
        """
        rejected = self._rejected(readings, spans, since)
        return (readings.select(~rejected) if rejected.any() else readings), readings.select(rejected)

    def _rejected(self, readings: Readings, spans: Spans, since: int) -> Mask:
        result = np.zeros(len(readings), np.bool_)
        if not self._concerns(spans):
            return result
        checked = self._check(readings, spans, since)
        row, time, flags = self._stored(readings, checked)
        if not len(row) + len(checked.row):
            return result
        self._keep(checked, Flagged(spans.series_id[row], time, flags), row)
        beyond = ~_inside(row, time, checked.near)
        left_out = np.concatenate([checked.flags, flags[beyond]]) & QualityFlag.REJECTED != 0
        rows, times = np.concatenate([checked.row, row[beyond]]), np.concatenate([checked.time, time[beyond]])
        return _at(readings, rows[left_out], times[left_out])

    def _check(self, readings: Readings, spans: Spans, since: int) -> _Checked:
        changes = self._changes.select(spans.series_id)
        first = since + changes.reach if since != ABSENT else np.full(len(spans), ABSENT)
        near = Spans(spans.series_id, np.maximum(spans.start - changes.reach, first), spans.end + changes.reach)
        flags = quality_flags(readings, changes)
        at = np.flatnonzero(flags)
        at = at[_inside(readings.slot[at], readings.time[at], near)]
        checked = _Checked(readings.slot[at], readings.time[at], flags[at], near, near)
        may_rest = changes.stuck_after > 0
        if not may_rest.all():
            readings = readings.select(may_rest[readings.slot])
        return self._with_stuck(checked, readings, changes, since) if len(readings) else checked

    def _with_stuck(self, checked: _Checked, readings: Readings, changes: QualityLimits, since: int) -> _Checked:
        readings, runs = self._whole_runs(readings, checked.near, changes)
        at = stuck(readings, runs.meeting(readings, checked.near), changes.stuck_after)
        start, end = checked.near.start.copy(), checked.near.end.copy()
        runs = runs.crossing(readings, checked.near)
        np.minimum.at(start, runs.slot, readings.time[runs.first])
        np.maximum.at(end, runs.slot, readings.time[runs.last] + 1)
        if since != ABSENT:
            start = np.maximum(start, since + changes.stuck_after)
        far = Spans(checked.near.series_id, start, end)
        at = at[_inside(readings.slot[at], readings.time[at], far)]
        return _Checked(
            np.concatenate([checked.row, readings.slot[at]]),
            np.concatenate([checked.time, readings.time[at]]),
            np.concatenate([checked.flags, np.full(len(at), int(QualityFlag.STUCK))]),
            checked.near,
            far,
        )

    def _whole_runs(self, readings: Readings, near: Spans, changes: QualityLimits) -> tuple[Readings, Runs]:
        """Return readings with their runs; those that meet ``near`` are whole, or as long as being stuck takes.

        A reading that is not as far out as was read is the very first or last of its series: its run is whole.
        """
        every = Runs.of(readings, changes.apart)
        oldest, newest = rims(readings)
        oldest &= readings.time <= (near.start - changes.reach)[readings.slot]
        newest &= readings.time >= (near.end + changes.reach)[readings.slot]
        runs = every.select(oldest[every.first] | newest[every.last]).meeting(readings, near)
        begun, unended = oldest[runs.first], newest[runs.last]
        if not len(runs.slot):
            return readings, every
        start, end = _extent(readings, near)
        start[runs.slot[begun]] = self._moved(Side.BEFORE, readings, runs.first[begun], near, changes)
        end[runs.slot[unended]] = self._moved(Side.AFTER, readings, runs.last[unended], near, changes)
        rows = np.unique(runs.slot)
        more = self._store.readings(Spans(near.series_id[rows], start[rows], end[rows]))
        kept = readings.select(~np.isin(readings.slot, rows))
        both = Readings(
            np.concatenate([kept.slot, rows[more.slot]]),
            np.concatenate([kept.time, more.time]),
            np.concatenate([kept.value, more.value]),
        )
        both = both.select(np.lexsort((both.time, both.slot)))
        return both, Runs.of(both, changes.apart)

    def _moved(self, side: Side, readings: Readings, at: Ints, near: Spans, changes: QualityLimits) -> Ints:
        slot = readings.slot[at]
        standing = StandingValues(
            near.series_id[slot], readings.time[at], readings.value[at], changes.stuck_after[slot]
        )
        return self._store.judgements.moved(side, standing)

    def _stored(self, readings: Readings, checked: _Checked) -> tuple[Ints, Ints, Ints]:
        """Return what is stored of all that was looked at: row, time and flags."""
        rows = np.flatnonzero(self._is_flagged(checked.near))
        if not len(rows):
            return (np.empty(0, np.int64),) * 3
        start, end = _extent(readings, checked.far)
        row, time, flags = self._store.judgements.stored(Spans(checked.near.series_id[rows], start[rows], end[rows]))
        return rows[row], time, flags

    def _keep(self, checked: _Checked, stored: Flagged, row: Ints) -> None:
        """Store what differs, and mark the readings that figures leave out from now on, or do not any more."""
        by_neighbours = np.where(_inside(row, stored.time, checked.near), 0, stored.flags & _LASTING)
        left = by_neighbours | np.where(_inside(row, stored.time, checked.far), 0, stored.flags & QualityFlag.STUCK)
        series_id = np.concatenate([checked.near.series_id[checked.row], stored.series_id])
        time = np.concatenate([checked.time, stored.time])
        keys, of = np.unique(np.stack([series_id, time]), axis=1, return_inverse=True)
        of_checked, of_stored = np.split(of.reshape(-1), [len(checked.row)])
        before, after = np.zeros(keys.shape[1], np.int64), np.zeros(keys.shape[1], np.int64)
        before[of_stored] = stored.flags
        after[of_stored] = stored.flags
        np.bitwise_and.at(after, of_stored, left)  # one reading may be seen from two windows: one of them knows it
        np.bitwise_or.at(after, of_checked, checked.flags)
        found = Flagged(keys[0], keys[1], after)
        self._store.judgements.save(found.select(after != before))
        self._store.judgements.mark(found.select((after ^ before) & QualityFlag.REJECTED != 0))

    def _concerns(self, spans: Spans) -> bool:
        """Whether any series is judged, or was till its city file said otherwise."""
        return bool(self._is_checked[spans.series_id].any() or self._is_flagged(spans).any())

    def _is_flagged(self, spans: Spans) -> Mask:
        """Return in which spans readings may be flagged that are judged here; of registers see ``left_out``."""
        return self._store.judgements.may_be_flagged(spans.series_id) & ~self._is_register[spans.series_id]


def _extent(readings: Readings, spans: Spans) -> tuple[Ints, Ints]:
    """Return ``spans`` widened to all readings of their rows."""
    oldest, newest = rims(readings)
    start, end = spans.start.copy(), spans.end.copy()
    first, last = readings.slot[oldest], readings.slot[newest]
    start[first] = np.minimum(start[first], readings.time[oldest])
    end[last] = np.maximum(end[last], readings.time[newest] + 1)
    return start, end


def _inside(row: Ints, time: Ints, spans: Spans) -> Mask:
    inside: Mask = (time >= spans.start[row]) & (time < spans.end[row])
    return inside


def _at(readings: Readings, row: Ints, time: Ints) -> Mask:
    """Return which readings are at a time of a row."""
    result = np.zeros(len(readings), np.bool_)
    for one, instant in zip(row.tolist(), time.tolist(), strict=True):
        first, last = np.searchsorted(readings.slot, [one, one + 1])
        at = first + np.searchsorted(readings.time[first:last], instant)
        if at < last and readings.time[at] == instant:
            result[at] = True
    return result
