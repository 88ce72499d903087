"""How much around a window must be known of registers: what their contracts say needs more than the neighbours.

A reading at zero next to a window may be part of a glitch, and is looked at with the whole run it is in. The level of
a register that jitters is known from where it last moved by more than its tolerance; until it moves so again, it
depends on every reading before. Other registers, that is nearly all, need nothing and cost nothing.
"""

import numpy as np

from processors.series_columns import SeriesColumns
from processors.steps.columns import ABSENT, Floats, Ints, Mask, Readings, Spans
from processors.steps.glitches import is_low
from processors.storage.register_extent import RegisterReadings, Side
from processors.storage.rollups import RollupStore


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
        glitchy, jitters = self._glitchy(spans.series_id), self._contracts.jitter[spans.series_id] > 0
        rows = np.flatnonzero(glitchy & is_low(around.value_before))
        start[rows] = self._extent(Side.BEFORE, spans.series_id[rows], start[rows], np.zeros(len(rows)))
        rows = np.flatnonzero(glitchy & is_low(around.value_after) | jitters & (around.after != ABSENT))
        series_id = spans.series_id[rows]
        end[rows] = self._extent(Side.AFTER, series_id, end[rows], self._contracts.jitter[series_id])
        return start, end

    def readings(self, spans: Spans) -> Readings:
        """Return the readings of each span with its neighbours, as far as contracts need them; slots are rows."""
        found = self._store.readings(spans)
        turns = np.flatnonzero(np.diff(found.slot, prepend=-1))
        first, last = turns, np.append(turns[1:], len(found))[: len(turns)] - 1
        series_id = spans.series_id[found.slot[first]]
        glitchy, jitter = self._glitchy(series_id), self._contracts.jitter[series_id]
        back = glitchy & is_low(found.value[first]) | (jitter > 0)
        ahead = glitchy & is_low(found.value[last])
        if not (back | ahead).any():
            return found
        start, end = found.time[first], found.time[last]
        start[back] = self._extent(Side.BEFORE, series_id[back], start[back], jitter[back])
        end[ahead] = self._extent(Side.AFTER, series_id[ahead], end[ahead], np.zeros(int(ahead.sum())))
        return self._with_more(found, spans, found.slot[first], start, end)

    def plain_appends(self, series_id: Ints) -> Mask:
        """Return for which series readings may continue an open hour without anything around them."""
        plain: Mask = (self._contracts.jitter[series_id] == 0) & ~self._contracts.is_daily[series_id]
        return plain

    def undecided(self, readings: Readings, series_id: Ints) -> Mask:
        """Return the slots whose readings fall to zero or rise from it: what came before decides what happened."""
        low = is_low(readings.value) & self._glitchy(series_id)[readings.slot]
        lows = np.bincount(readings.slot[low], minlength=len(series_id))
        mixed: Mask = (lows > 0) & (lows < np.bincount(readings.slot, minlength=len(series_id)))
        return mixed

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

    def _glitchy(self, series_id: Ints) -> Mask:
        glitchy: Mask = self._contracts.longest_glitch[series_id] > 0
        return glitchy

    def _extent(self, side: Side, series_id: Ints, at: Ints, jitter: Floats) -> Ints:
        longest = int(self._contracts.longest_glitch[series_id].max(initial=0))
        return self._store.extent(side, RegisterReadings(series_id, at, jitter, longest))
