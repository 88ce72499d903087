"""The open hour of each series, kept incrementally while its readings arrive in order.

What is kept is to the bit what recomputing the hour from its readings gives: they are added one after the other, which
is the order in which an hour is summed. Once an hour is left, or anything in it arrives out of order, it is recomputed
whole from the stored readings.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from processors.steps.columns import Ints, Mask, Readings, RollupColumns, concatenate
from processors.steps.combining import combine_columns


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
        """Return the open hours with one reading more each: ``more`` is from their last one to it.

        ``more.slot`` holds sorted series ids that are known. Its sums are of one stretch each, so that adding them
        rounds as going on with the sum of the hour does.
        """
        both = concatenate([self.of(more.slot), more])
        both = both.select(np.argsort(both.slot, kind="stable"))
        summed = combine_columns(both, both.bucket, both.bucket_end)
        # The last reading was counted twice; and an hour has no peak, which is of what is made of hours.
        return replace(summed, count=summed.count - 1, peak=np.full(len(summed), np.nan))

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


def one_by_one(readings: Readings) -> Iterator[Readings]:
    """Yield each slot's first reading and its second, then the second and the third, of slots that have so many."""
    begins = np.flatnonzero(np.append(True, readings.slot[1:] != readings.slot[:-1]))[: len(readings)]
    sizes = np.diff(np.append(begins, len(readings)))
    for number in range(1, int(sizes.max(initial=1))):
        at = begins[sizes > number] + number
        yield readings.select(np.stack([at - 1, at], axis=1).ravel())


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
