"""Readings of many series to their civil hours, at once and independently of order, batching and repetition.

The result is a function of the stored readings of a window and of nothing else. Sums within an hour run in the
order of time, so that recomputing an hour gives the same bits.
"""

from dataclasses import dataclass, fields

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.time import SECOND
from processors.steps import gauges, intervals, registers
from processors.steps.columns import Ints, Mask, Readings, RollupColumns, concatenate
from processors.steps.grouping import Groups
from processors.steps.stretches import Pieces, Stretches, cut


@dataclass(frozen=True)
class Windows:
    """What the slots ask for: hours in [start, end), both edges of buckets, and how each slot's series behaves."""

    series_id: Ints
    start: Ints
    end: Ints
    max_gap: Ints
    interval: Ints
    is_register: Mask
    is_gauge: Mask
    is_linear: Mask

    def __len__(self) -> int:
        return len(self.series_id)

    def select(self, rows: Mask | Ints) -> "Windows":
        """Return the windows a mask or an index picks."""
        return Windows(*(getattr(self, field.name)[rows] for field in fields(self)))


def hours(readings: Readings, windows: Windows, edges: Instants) -> RollupColumns:
    """Return the hours of every window that readings or stretches touch, sorted by slot and bucket.

    ``readings`` reach from the last reading at or before a window's start to the first at or after its end, where
    they exist; ``edges`` are the civil hours of the windows' zone and cover the readings and their intervals.
    """
    register, gauge = windows.is_register[readings.slot], windows.is_gauge[readings.slot]
    of_registers = registers.stretches(readings.select(register), windows.max_gap)
    of_gauges = gauges.stretches(readings.select(gauge), windows.max_gap, windows.is_linear)
    of_intervals = intervals.stretches(readings.select(~register & ~gauge), windows.interval)
    parts = [
        _rollups(readings.select(chosen), stretches, windows, edges, gauge=stretches is of_gauges)
        for chosen, stretches in ((register, of_registers), (gauge, of_gauges), (~register & ~gauge, of_intervals))
        if chosen.any()
    ]
    table = concatenate(parts)
    return table.select(np.lexsort((table.bucket, table.slot)))


def _rollups(
    readings: Readings, stretches: Stretches, windows: Windows, edges: Instants, *, gauge: bool
) -> RollupColumns:
    """Roll up readings of one kind."""
    pieces = cut(stretches, edges)
    pieces = pieces.select(_inside(stretches.slot[pieces.of], edges[pieces.bucket], windows))
    bucket = np.searchsorted(edges, readings.time, side="right") - 1
    inside = _inside(readings.slot, edges[bucket], windows)
    readings, bucket = readings.select(inside), bucket[inside]
    of_readings = readings.slot * len(edges) + bucket
    of_pieces = stretches.slot[pieces.of] * len(edges) + pieces.bucket
    keys, group = np.unique(np.concatenate([of_readings, of_pieces]), return_inverse=True)
    by_reading, by_piece = Groups(group[: len(readings)], len(keys)), Groups(group[len(readings) :], len(keys))
    return _Grouped(keys, readings, by_reading, stretches, pieces, by_piece).rollups(edges, gauge=gauge)


@dataclass(frozen=True)
class _Grouped:
    """Readings and pieces of one kind of series, and the slot and bucket (``keys``) each of them adds to."""

    keys: Ints
    readings: Readings
    by_reading: Groups
    stretches: Stretches
    pieces: Pieces
    by_piece: Groups

    def rollups(self, edges: Instants, *, gauge: bool) -> RollupColumns:
        """Sum up every group."""
        pieces, by_piece, bucket = self.pieces, self.by_piece, self.keys % len(edges)
        length = pieces.end - pieces.start
        seconds = length / SECOND
        measured = self.stretches.measured[pieces.of]
        by_measured = Groups(by_piece.of[measured], by_piece.count)
        by_known, known_at = self._known(measured)
        amount = self.stretches.amount[pieces.of] * (length / (self.stretches.end - self.stretches.begin)[pieces.of])
        sums = by_piece.sums(gauges.integrals(self.stretches, pieces) if gauge else amount)
        known = np.where(by_piece.sizes() > 0, sums, np.nan)
        nothing = np.full(len(self.keys), np.nan)
        return RollupColumns(
            slot=self.keys // len(edges),
            bucket=edges[bucket],
            bucket_end=edges[bucket + 1],
            count=self.by_reading.sizes(),
            minimum=self.by_reading.least(self.readings.value),
            maximum=self.by_reading.most(self.readings.value),
            total=nothing if gauge else known,
            integral=known if gauge else nothing,
            estimated=by_piece.sums(np.where(measured, 0.0, amount)),
            measured=by_measured.sums(seconds[measured]),
            weighted=by_piece.sums(seconds if gauge else np.zeros(len(seconds))),
            covered_from=by_piece.earliest(pieces.start),
            covered_to=by_piece.latest(pieces.end),
            measured_from=by_known.earliest(known_at),
            measured_to=by_known.latest(known_at),
        )

    def _known(self, measured: Mask) -> tuple[Groups, Ints]:
        """Return the times at which a series is known: the ends of measured pieces, and readings beside a silence.

        A reading on the edge of a bucket bounds it however long the silence behind it lasts.
        """
        pieces, of = self.pieces, self.by_piece.of
        from_start = measured | (pieces.start == self.stretches.begin[pieces.of])
        to_end = measured | (pieces.end == self.stretches.end[pieces.of])
        groups = Groups(np.concatenate([of[from_start], of[to_end]]), self.by_piece.count)
        return groups, np.concatenate([pieces.start[from_start], pieces.end[to_end]])


def _inside(slot: Ints, bucket_start: Ints, windows: Windows) -> Mask:
    inside: Mask = (bucket_start >= windows.start[slot]) & (bucket_start < windows.end[slot])
    return inside
