"""Stretches of time over which something is known of a series, and their cutting at the edges of civil buckets.

A stretch lies between two neighbouring readings (gauges, registers) or is the interval a reading stands for
(intervals). What happens on it belongs to the buckets it spans: hours are sums over the pieces of stretches.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from ingest.model.calendar import Instants
from ingest.model.columns import ColumnTable
from processors.steps.columns import Floats, Ints, Mask, Readings

# How well time between two readings is known, by its length: up to max_gap, up to the series' filling, and beyond it,
# where a register's amount is exact and its place a guess. UNKNOWN: nobody knows what was counted.
MEASURED: Final = 0
INTERPOLATED: Final = 1
ESTIMATED: Final = 2
UNKNOWN: Final = 3
Tiers = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Doubt(ColumnTable):
    """By how much less, and how much more, than its amount was counted on each stretch; infinite where none knows."""

    below: Floats
    above: Floats


@dataclass(frozen=True)
class Stretches(ColumnTable):
    """One row per stretch [begin, end) of a slot, sorted by slot and begin.

    ``amount``: what was counted on it (registers, intervals), and ``doubt``, None where all of it is certain. ``value``
    and ``slope``: a gauge's value at its begin and its change per microsecond. ``tier``: how well it is known.
    ``begins_known`` and ``ends_known``: whether a reading stands at that end.
    """

    slot: Ints
    begin: Ints
    end: Ints
    amount: Floats
    value: Floats
    slope: Floats
    tier: Tiers
    begins_known: Mask
    ends_known: Mask
    doubt: Doubt | None = None

    @property
    def measured(self) -> Mask:
        """Which stretches are measured."""
        mask: Mask = self.tier == MEASURED
        return mask


class Lasting(Protocol):
    """Whatever lies between two instants, one row each."""

    @property
    def begin(self) -> Ints:
        """When each begins."""
        ...

    @property
    def end(self) -> Ints:
        """When each ends."""
        ...


@dataclass(frozen=True)
class Pieces(ColumnTable):
    """The part of one stretch in one bucket: ``of`` indexes the stretch, ``bucket`` the edges."""

    of: Ints
    bucket: Ints
    start: Ints
    end: Ints


def tiers(length: Ints, slot: Ints, max_gap: Ints, filling: Ints) -> Tiers:
    """Return how well stretches of slots are known by their length; gaps by slot, all in microseconds."""
    tier = (length > max_gap[slot]).astype(np.int8)  # INTERPOLATED, or MEASURED
    silent = np.flatnonzero(tier)
    tier[silent[length[silent] > filling[slot[silent]]]] = ESTIMATED
    return tier


def pairs(readings: Readings) -> Ints:
    """Return the index of every reading that has a next one in its slot."""
    return np.flatnonzero(readings.slot[1:] == readings.slot[:-1])


def cut(stretches: Lasting, edges: Instants) -> Pieces:
    """Cut stretches at ``edges``, which must cover them; pieces keep the order of the stretches."""
    first = np.searchsorted(edges, stretches.begin, side="right") - 1
    last = np.searchsorted(edges, stretches.end, side="left") - 1  # the bucket of the last instant before the end
    parts = last - first + 1
    of = np.repeat(np.arange(len(first)), parts)
    bucket = first[of] + np.arange(len(of)) - np.repeat(np.cumsum(parts) - parts, parts)
    return Pieces(
        of=of,
        bucket=bucket,
        start=np.maximum(stretches.begin[of], edges[bucket]),
        end=np.minimum(stretches.end[of], edges[bucket + 1]),
    )
