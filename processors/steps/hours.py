"""Readings of many series to their civil hours, at once and independently of order, batching and repetition.

The result is a function of the stored readings of a window and of nothing else. Sums within an hour run in the
order of time, so that recomputing an hour gives the same bits.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.columns import ColumnTable
from ingest.model.time import SECOND
from processors.steps import gauges, intervals
from processors.steps.columns import Floats, Ints, Mask, Readings, RollupColumns, as_stored, at_least, concatenate
from processors.steps.contracts import Contracts, Starts
from processors.steps.grouping import Groups
from processors.steps.interval_lengths import Lengths
from processors.steps.pauses import pauses_of
from processors.steps.registers import Registers, rejected, stretches
from processors.steps.stretches import ESTIMATED, INTERPOLATED, MEASURED, Pieces, Stretches, cut

_NONE: Final = Readings(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


@dataclass(frozen=True)
class Windows(ColumnTable):
    """What the slots ask for: hours in [start, end), both edges of buckets, and how each slot's series behaves."""

    series_id: Ints
    start: Ints
    end: Ints
    max_gap: Ints
    filling: Ints
    is_register: Mask
    is_gauge: Mask
    is_linear: Mask
    lengths: Lengths
    contracts: Contracts


def hours(  # noqa: PLR0913 - what is rolled up, how, and what it is added to
    readings: Readings,
    windows: Windows,
    edges: Instants,
    starts: Starts | None = None,
    refused: Readings = _NONE,
    *,
    begun: RollupColumns | None = None,
) -> RollupColumns:
    """Return the hours of every window that readings or stretches touch, sorted by slot and bucket.

    ``readings`` reach from the last reading that happened at or before a window's start to the first at or after its
    end, where they exist, and hold what decides whether it happened, and its level; ``edges`` are the civil hours of
    the windows' zone and cover the readings and their intervals; ``starts`` say when registers start anew, its days
    begin before the first reading. ``refused`` are further readings of gauges, which are only counted. ``begun`` is of
    each slot the one hour that its readings go on with: sums go on from those of it, as if summed from its begin.
    """
    register, gauge = windows.is_register[readings.slot], windows.is_gauge[readings.slot]
    parts = []
    if register.any():
        registers = _registers(windows, starts)
        parts.append(_of_registers(readings.select(register), registers, windows, edges, begun))
    if gauge.any() or len(refused):
        chosen = readings.select(gauge)
        of_gauges = gauges.stretches(chosen, windows.max_gap, windows.filling, windows.is_linear)
        parts.append(_rollups(chosen, refused, of_gauges, windows, edges, begun=begun, gauge=True))
    if not (register | gauge).all():
        chosen = readings.select(~register & ~gauge)
        of_intervals = intervals.stretches(chosen, windows.lengths)
        parts.append(_rollups(chosen, _NONE, of_intervals, windows, edges, begun=begun, gauge=False))
    table = concatenate(parts)
    return table.select(np.lexsort((table.bucket, table.slot)))


def left_out(readings: Readings, windows: Windows, starts: Starts) -> Mask:
    """Return which readings of windows that are all registers did not happen; see ``hours``."""
    return rejected(readings, _registers(windows, starts))


def _registers(windows: Windows, starts: Starts | None) -> Registers:
    return Registers(
        windows.series_id,
        windows.max_gap,
        windows.filling,
        windows.lengths.usual,
        windows.contracts,
        starts or Starts(),
    )


def _of_registers(
    readings: Readings, registers: Registers, windows: Windows, edges: Instants, begun: RollupColumns | None
) -> RollupColumns:
    kept, refused = readings, _NONE
    if (not_happened := rejected(readings, registers)).any():
        kept, refused = readings.select(~not_happened), readings.select(not_happened)
    table = _rollups(kept, refused, stretches(kept, registers), windows, edges, begun=begun, gauge=False)
    return replace(table, contract=registers.contracts.digest[registers.rules(table.slot, table.bucket)])


def _rollups(  # noqa: PLR0913 - what is rolled up, and how
    readings: Readings,
    refused: Readings,
    stretches: Stretches,
    windows: Windows,
    edges: Instants,
    *,
    begun: RollupColumns | None,
    gauge: bool,
) -> RollupColumns:
    """Roll up readings of one kind; ``refused`` did not happen and are only counted."""
    pieces = cut(stretches, edges)
    pieces = pieces.select(_inside(stretches.slot[pieces.of], edges[pieces.bucket], windows))
    readings, of_readings = _keyed(readings, windows, edges)
    refused, of_refused = _keyed(refused, windows, edges)
    of_pieces = stretches.slot[pieces.of] * len(edges) + pieces.bucket
    keys, group = np.unique(np.concatenate([of_readings, of_pieces, of_refused]), return_inverse=True)
    of = np.split(group, np.cumsum([len(of_readings), len(of_pieces)]))
    by_reading, by_piece, by_refused = (Groups(part, len(keys)) for part in of)
    before = None if begun is None else begun.select(keys // len(edges))
    table = _Grouped(keys, readings, by_reading, stretches, pieces, by_piece, before).rollups(edges, gauge=gauge)
    return replace(table, rejected=by_refused.sizes(), contract=windows.contracts.digest[table.slot])


def _keyed(readings: Readings, windows: Windows, edges: Instants) -> tuple[Readings, Ints]:
    """Return the readings inside of the windows, and the slot and bucket of each as one number."""
    bucket = np.searchsorted(edges, readings.time, side="right") - 1
    inside = _inside(readings.slot, edges[bucket], windows)
    readings = readings.select(inside)
    return readings, readings.slot * len(edges) + bucket[inside]


@dataclass(frozen=True)
class _Grouped:
    """Readings and pieces of one kind of series, and the slot and bucket (``keys``) each of them adds to.

    ``before``: what was summed of each key before, None where nothing was.
    """

    keys: Ints
    readings: Readings
    by_reading: Groups
    stretches: Stretches
    pieces: Pieces
    by_piece: Groups
    before: RollupColumns | None

    def rollups(self, edges: Instants, *, gauge: bool) -> RollupColumns:
        """Sum up every group."""
        pieces, by_piece, bucket = self.pieces, self.by_piece, self.keys % len(edges)
        length = pieces.end - pieces.start
        seconds = length / SECOND
        tier = self.stretches.tier[pieces.of]
        by_known, known_at = self._known(tier == MEASURED)
        first_at, last_at, pause = pauses_of(self.by_reading, self.readings.time)
        amount = self.stretches.amount[pieces.of] * (length / (self.stretches.end - self.stretches.begin)[pieces.of])
        counted, every = "integral" if gauge else "total", np.ones(len(amount), np.bool_)
        sums = self._sums(gauges.integrals(self.stretches, pieces) if gauge else amount, every, counted)
        is_known = by_piece.sizes() > 0
        if self.before is not None:  # a reading after a silence adds nothing, and takes nothing away
            is_known |= ~np.isnan(getattr(self.before, counted))
        known = np.where(is_known, sums, np.nan)
        nothing = np.full(len(self.keys), np.nan)
        entry, exit_ = (nothing, nothing), (nothing, nothing)
        if not gauge:
            entry, exit_ = self._entry(edges), self._exit(edges)
        below, above = self._doubts(length)
        return RollupColumns(
            slot=self.keys // len(edges),
            bucket=edges[bucket],
            bucket_end=edges[bucket + 1],
            count=self.by_reading.sizes(),
            minimum=self.by_reading.least(self.readings.value),
            maximum=self.by_reading.most(self.readings.value),
            total=nothing if gauge else known,
            integral=known if gauge else nothing,
            estimated=self._sums(amount, tier == ESTIMATED, "estimated"),
            measured=self._sums(seconds, tier == MEASURED, "measured"),
            weighted=self._sums(seconds if gauge else np.zeros(len(seconds)), every, "weighted"),
            covered_from=by_piece.earliest(pieces.start),
            covered_to=by_piece.latest(pieces.end),
            measured_from=by_known.earliest(known_at),
            measured_to=by_known.latest(known_at),
            rejected=np.zeros(len(self.keys), np.int64),
            contract=np.zeros(len(self.keys), np.int64),
            interpolated=self._sums(seconds, tier == INTERPOLATED, "interpolated"),
            estimated_time=self._sums(seconds, tier == ESTIMATED, "estimated_time"),
            pause=pause,
            first_at=first_at,
            last_at=last_at,
            entry_seconds=entry[0],
            entry_amount=entry[1],
            exit_seconds=exit_[0],
            exit_amount=exit_[1],
            doubt_below=below,
            doubt_above=above,
            peak=nothing,
        )

    def _entry(self, edges: Instants) -> tuple[Floats, Floats]:
        """Return how long before a bucket the stretch over its begin began, and what was counted on it."""
        pieces, begin = self.pieces, self.stretches.begin[self.pieces.of]
        return self._over(begin < edges[pieces.bucket], edges[pieces.bucket] - begin)

    def _exit(self, edges: Instants) -> tuple[Floats, Floats]:
        """Return how long after a bucket the stretch over its end ended, and what was counted on it."""
        pieces, end = self.pieces, self.stretches.end[self.pieces.of]
        return self._over(end > edges[pieces.bucket + 1], end - edges[pieces.bucket + 1])

    def _over(self, crosses: Mask, beyond: Ints) -> tuple[Floats, Floats]:
        """Return by group what crosses an edge, and how far beyond it; NaN where a reading stands there."""
        rows = np.flatnonzero(crosses)
        seconds, amount = np.full((2, len(self.keys)), np.nan)
        seconds[self.by_piece.of[rows]] = beyond[rows] / SECOND
        amount[self.by_piece.of[rows]] = self.stretches.amount[self.pieces.of[rows]]
        return as_stored(seconds), as_stored(amount)

    def _doubts(self, length: Ints) -> tuple[Floats, Floats]:
        """Return by group how much less and more may have been counted than is; NaN where all is certain."""
        nothing, doubt, of = np.full(len(self.keys), np.nan), self.stretches.doubt, self.pieces.of
        if doubt is None:
            return nothing, nothing
        rows = np.flatnonzero((doubt.below[of] > 0.0) | (doubt.above[of] > 0.0))
        share = length[rows] / (self.stretches.end - self.stretches.begin)[of[rows]]
        found = []
        for side in (doubt.below, doubt.above):
            sums, group = nothing.copy(), self.by_piece.of[rows]
            sums[group] = np.bincount(group, weights=side[of[rows]] * share, minlength=len(self.keys))[group]
            found.append(at_least(sums))
        return found[0], found[1]

    def _sums(self, values: Floats, rows: Mask, name: str) -> Floats:
        """Return each group's sum over some of the pieces, which goes on from the sum ``name`` of what was before."""
        of = self.by_piece.of
        if not rows.all():
            of, values = of[rows], values[rows]
        if self.before is not None:
            of = np.concatenate([np.arange(len(self.keys)), of])
            values = np.concatenate([np.nan_to_num(getattr(self.before, name)), values])
        return Groups(of, self.by_piece.count).sums(values)

    def _known(self, measured: Mask) -> tuple[Groups, Ints]:
        """Return the times at which a series is known: the ends of measured pieces, and readings beside a silence.

        A reading on the edge of a bucket bounds it however long the silence behind it lasts.
        """
        pieces, stretches, of = self.pieces, self.stretches, self.by_piece.of
        from_start = measured | stretches.begins_known[pieces.of] & (pieces.start == stretches.begin[pieces.of])
        to_end = measured | stretches.ends_known[pieces.of] & (pieces.end == stretches.end[pieces.of])
        groups = Groups(np.concatenate([of[from_start], of[to_end]]), self.by_piece.count)
        return groups, np.concatenate([pieces.start[from_start], pieces.end[to_end]])


def _inside(slot: Ints, bucket_start: Ints, windows: Windows) -> Mask:
    inside: Mask = (bucket_start >= windows.start[slot]) & (bucket_start < windows.end[slot])
    return inside
