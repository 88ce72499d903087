"""The open hour of each series, kept incrementally while its readings arrive in order.

What is kept is to the bit what recomputing the hour from its readings gives: sums go on from what is summed, in the
order in which a whole hour is summed. Once an hour is left, or anything in it arrives out of order, it is recomputed
whole from the stored readings.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from processors.steps.columns import Ints, Mask, Readings, RollupColumns, concatenate
from processors.steps.combining import combine_columns

GONE_ON_WITH: Final = ("total", "integral", "estimated", "measured", "weighted", "interpolated", "estimated_time")
"""Fields of which the sum goes on from that of the open hour, so that it rounds as that of the whole hour does."""


@dataclass(frozen=True)
class OpenHours:
    """The last hour of series: ``rollups.slot`` holds sorted series ids, ``last`` each one's last reading's time."""

    rollups: RollupColumns
    last: Ints

    @classmethod
    def none(cls) -> "OpenHours":
        """Return the state in which no hour is known."""
        return cls(concatenate([]), np.empty(0, np.int64))

    def appends(self, series_id: Ints, start: Ints, end: Ints) -> Mask:
        """Return which spans [start, end] of touched readings only continue their series' open hour."""
        row, known = self._find(series_id)
        alone = np.isin(series_id, _repeated(series_id), invert=True)
        if not len(self.last):
            return np.zeros(len(series_id), np.bool_)
        continues: Mask = known & alone & (start > self.last[row]) & (end < self.rollups.bucket_end[row])
        return continues

    def anchors(self, series_id: Ints) -> tuple[Ints, Ints, Ints]:
        """Return the last reading's time and the open hour's edges of series that are known."""
        row, _ = self._find(series_id)
        return self.last[row], self.rollups.bucket[row], self.rollups.bucket_end[row]

    def of(self, series_id: Ints) -> RollupColumns:
        """Return the open hours of series that are known, in their order."""
        row, _ = self._find(series_id)
        return self.rollups.select(row)

    def extended(self, more: RollupColumns) -> RollupColumns:
        """Return the open hours with ``more``: from the last reading of each on, its sums gone on with (``hours``).

        ``more.slot`` holds sorted series ids that are known, each once.
        """
        both = concatenate([self.of(more.slot), more])
        both = both.select(np.argsort(both.slot, kind="stable"))
        found = combine_columns(both, both.bucket, both.bucket_end)
        # The last reading was counted twice; and an hour has no peak, which is of what is made of hours.
        without = replace(found, count=found.count - 1, peak=np.full(len(found), np.nan))
        return replace(without, **{name: getattr(more, name) for name in GONE_ON_WITH})

    def replaced(self, rollups: RollupColumns, last: Ints) -> "OpenHours":
        """Return the state with the hours of some series replaced; ``rollups.slot`` holds their series ids."""
        kept = ~np.isin(self.rollups.slot, rollups.slot)
        table = concatenate([self.rollups.select(kept), rollups])
        order = np.argsort(table.slot)
        return OpenHours(table.select(order), np.concatenate([self.last[kept], last])[order])

    def _find(self, series_id: Ints) -> tuple[Ints, Mask]:
        row = np.searchsorted(self.rollups.slot, series_id)
        row = np.minimum(row, max(len(self.last) - 1, 0))
        return row, self.rollups.slot[row] == series_id if len(self.last) else np.zeros(len(series_id), np.bool_)


def last_hours(
    table: RollupColumns, readings: Readings, window_end: Ints, series_id: Ints
) -> tuple[RollupColumns, Ints]:
    """Return, of windows that reach to their series' last reading, the hour it lies in and its time.

    ``table`` and ``readings`` are sorted by slot and time; a window reaches to the last reading when no later one was
    read for it.
    """
    newest = np.flatnonzero(np.append(readings.slot[1:] != readings.slot[:-1], True))[: len(readings)]
    slot, last = readings.slot[newest], readings.time[newest]
    reaches = last < window_end[slot]
    slot, last = slot[reaches], last[reaches]
    wanted = np.full(len(series_id), np.iinfo(np.int64).min)
    wanted[slot] = last
    of_row = wanted[table.slot]
    found = table.select((table.bucket <= of_row) & (of_row < table.bucket_end))
    found_last, found_series = wanted[found.slot], series_id[found.slot]
    order = np.lexsort((found_last, found_series))
    latest = order[np.append(found_series[order][1:] != found_series[order][:-1], True)[: len(order)]]
    return replace(found.select(latest), slot=found_series[latest]), found_last[latest]


def _repeated(values: Ints) -> Ints:
    found, count = np.unique(values, return_counts=True)
    return found[count > 1]
