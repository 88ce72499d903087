"""How much around a window must be known of registers: what their contracts say needs more than the neighbours.

What happened near a fall is decided by the readings around it, and by more of them than a window holds: see
``register_falls``. The level of a register that jitters is known from where it last moved by more than its
tolerance; until it moves so again, it depends on every reading before. A register that counts by the day needs the day
before. Other registers, that is nearly all, need nothing and cost nothing.
"""

import numpy as np

from ingest.model.time import DAY
from processors.series.rollup_columns import SeriesColumns
from processors.steps.columns import ABSENT, Floats, Ints, Mask, Readings, Spans
from processors.storage.rollups.register_extent import RegisterReadings, Side
from processors.storage.rollups.rollups import RollupStore


class RegisterContext:
    """Reads the store with what the contracts of a catalogue need."""

    def __init__(self, store: RollupStore, columns: SeriesColumns) -> None:
        self._store = store
        self._contracts = columns.most_demanding

    def touched(self, spans: Spans) -> tuple[Ints, Ints]:
        """Return from when to when readings touched in ``spans`` decide what happened, and levels."""
        around = self._store.neighbours(spans)
        start = np.where(around.before == ABSENT, spans.start, around.before)
        end = np.where(around.after == ABSENT, spans.end, around.after)
        rows = np.flatnonzero((self._contracts.jitter[spans.series_id] > 0) & (around.after != ABSENT))
        series_id = spans.series_id[rows]
        end[rows] = self._extent(Side.AFTER, series_id, end[rows], self._contracts.jitter[series_id])
        daily = self._contracts.is_daily[spans.series_id]
        start[daily] -= DAY
        end[daily] += DAY
        return start, end

    def readings(self, spans: Spans) -> Readings:
        """Return the readings of each span with its neighbours, as far as contracts need them; slots are rows."""
        daily = self._contracts.is_daily[spans.series_id]
        if daily.any():
            day = np.where(daily, DAY, 0)
            spans = Spans(spans.series_id, spans.start - day, spans.end + day)
        found = self._store.readings(spans)
        turns = np.flatnonzero(np.diff(found.slot, prepend=-1))
        first, last = turns, np.append(turns[1:], len(found))[: len(turns)] - 1
        series_id = spans.series_id[found.slot[first]]
        jitter = self._contracts.jitter[series_id]
        back = jitter > 0
        if not back.any():
            return found
        start, end = found.time[first], found.time[last]
        start[back] = self._extent(Side.BEFORE, series_id[back], start[back], jitter[back])
        return self._with_more(found, spans, found.slot[first], start, end)

    def plain_appends(self, series_id: Ints) -> Mask:
        """Return for which series readings may continue an open hour without anything around them."""
        plain: Mask = (self._contracts.jitter[series_id] == 0) & ~self._contracts.is_daily[series_id]
        return plain

    def undecided(self, readings: Readings, series_id: Ints) -> Mask:
        """Return the slots whose readings fall: what is around them decides what happened."""
        fell = (readings.value[1:] < readings.value[:-1]) & (readings.slot[1:] == readings.slot[:-1])
        slots = readings.slot[1:][fell & self._contracts.decides[series_id[readings.slot[1:]]]]
        found = np.zeros(len(series_id), np.bool_)
        found[slots] = True
        return found

    def _with_more(self, found: Readings, spans: Spans, slots: Ints, start: Ints, end: Ints) -> Readings:
        """Return ``found`` with the readings of some ``slots`` read again from ``start`` to ``end``."""
        changed = (start < found.time[np.searchsorted(found.slot, slots, side="left")]) | (
            end > found.time[np.searchsorted(found.slot, slots, side="right") - 1]
        )
        slots, start, end = slots[changed], start[changed], end[changed]
        if not len(slots):
            return found
        more = self._store.readings(Spans(spans.series_id[slots], start, end))
        kept = found.select(~np.isin(found.slot, slots))
        both = Readings(
            np.concatenate([kept.slot, slots[more.slot]]),
            np.concatenate([kept.time, more.time]),
            np.concatenate([kept.value, more.value]),
        )
        return both.select(np.lexsort((both.time, both.slot)))

    def _extent(self, side: Side, series_id: Ints, at: Ints, jitter: Floats) -> Ints:
        return self._store.extent(side, RegisterReadings(series_id, at, jitter))
