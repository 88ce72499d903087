"""The hours, days and months of series of named states, recomputed whole from the stored readings."""

from typing import Final

import numpy as np

from ingest.model.calendar import Instants, Period, covering
from processors.steps.columns import Spans
from processors.steps.hours import Windows
from processors.steps.states import state_durations
from processors.storage.rollups.rollups import RollupStore

_LONGER: Final = ((Period.DAY, Period.HOUR), (Period.MONTH, Period.DAY))


class StateRollups:
    """Keeps how long states held."""

    def __init__(self, store: RollupStore) -> None:
        self._store = store

    def recompute(self, windows: Windows, zone: str) -> int:
        """Recompute every hour of ``windows``, then days and months; returns how many hours there are."""
        spans = Spans(windows.series_id, windows.start, windows.end)
        readings = self._store.readings(spans)
        first = min(int(spans.start.min()), int(readings.time.min(initial=spans.start.min())))
        last = max(int(spans.end.max()), int(readings.time.max(initial=0)) + 1)
        edges = covering(first, last, Period.HOUR, zone)
        first_known, changed = self._store.states.keep(state_durations(readings, spans, windows.max_gap, edges), spans)
        self._store.mark(first_known, is_first=True)
        self._store.mark(changed, is_first=False)
        for period, parts in _LONGER:
            self._store.states.combine(_buckets(spans, covering(first, last, period, zone)), period, parts)
        return int((np.searchsorted(edges, spans.end) - np.searchsorted(edges, spans.start)).sum())


def _buckets(spans: Spans, edges: Instants) -> Spans:
    """Return the whole periods that ``spans`` touch, each once a series."""
    first = np.searchsorted(edges, spans.start, side="right") - 1
    length = np.searchsorted(edges, spans.end, side="left") - first
    of = np.repeat(np.arange(len(spans)), length)
    bucket = first[of] + np.arange(len(of)) - np.repeat(np.cumsum(length) - length, length)
    series_id, bucket = np.unique(np.stack([spans.series_id[of], bucket]), axis=1)
    return Spans(series_id, edges[bucket], edges[bucket + 1])
