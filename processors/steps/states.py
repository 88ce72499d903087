"""Named states to the time spent in each, in civil buckets: a state holds from its reading to the next one.

It holds no longer than ``hold``: after that nobody knows. What the last reading holds is counted when another one
comes, so that nothing is said of a time that no reading bounds. Durations are whole microseconds: they and what is
unknown add up to the bucket exactly, and hours to days and months.
"""

from dataclasses import dataclass

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.columns import ColumnTable
from processors.steps.columns import Ints, Mask, Readings, Spans
from processors.steps.stretches import cut, pairs


@dataclass(frozen=True)
class StateDurations(ColumnTable):
    """One row per slot, bucket and state, sorted so: how long it held, and how many readings said so."""

    slot: Ints
    bucket: Ints
    bucket_end: Ints
    state: Ints
    duration: Ints
    count: Ints


@dataclass(frozen=True)
class _Held:
    """A state from ``begin`` to ``end``."""

    slot: Ints
    begin: Ints
    end: Ints
    state: Ints


def state_durations(readings: Readings, windows: Spans, hold: Ints, edges: Instants) -> StateDurations:
    """Return how long each state held in every bucket of the windows that readings or held states touch.

    ``readings`` reach from the last one at or before a window's start to the first at or after its end, where they
    exist; ``windows`` begin and end at ``edges``, which cover the readings; ``hold`` (microseconds) is by slot.
    """
    held = _held(readings, hold)
    pieces = cut(held, edges)
    of_piece = held.slot[pieces.of]
    slot = np.concatenate([of_piece, readings.slot])
    bucket = np.concatenate([pieces.bucket, np.searchsorted(edges, readings.time, side="right") - 1])
    state = np.concatenate([held.state[pieces.of], readings.value.astype(np.int64)])
    nothing = np.zeros(len(readings), np.int64)
    duration = np.concatenate([pieces.end - pieces.start, nothing])
    count = np.concatenate([np.zeros(len(of_piece), np.int64), nothing + 1])
    inside = (edges[bucket] >= windows.start[slot]) & (edges[bucket] < windows.end[slot])
    return _summed(
        StateDurations(slot, edges[bucket], edges[np.minimum(bucket + 1, len(edges) - 1)], state, duration, count),
        inside,
    )


def _held(readings: Readings, hold: Ints) -> _Held:
    left = pairs(readings)
    slot, begin = readings.slot[left], readings.time[left]
    end = np.minimum(readings.time[left + 1], begin + hold[slot])
    return _Held(slot, begin, end, readings.value[left].astype(np.int64))


def _summed(parts: StateDurations, inside: Mask) -> StateDurations:
    """Add up the parts inside that share slot, bucket and state."""
    parts = parts.select(inside)
    parts = parts.select(np.lexsort((parts.state, parts.bucket, parts.slot)))
    keys = np.stack([parts.slot, parts.bucket, parts.state])
    first = np.flatnonzero(np.concatenate([[True], (keys[:, 1:] != keys[:, :-1]).any(axis=0)])[: len(parts)])
    groups = parts.select(first)
    duration, count = (
        np.add.reduceat(column, first) if len(first) else column for column in (parts.duration, parts.count)
    )
    return StateDurations(groups.slot, groups.bucket, groups.bucket_end, groups.state, duration, count)
