"""Stretches of time over which something is known of a series, and their cutting at the edges of civil buckets.

A stretch lies between two neighbouring readings (gauges, registers) or is the interval a reading stands for
(intervals). What happens on it belongs to the buckets it spans: hours are sums over the pieces of stretches.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.model.calendar import Instants
from processors.steps.columns import Floats, Ints, Readings


@dataclass(frozen=True)
class Stretches:
    """One row per stretch [begin, end) of a slot, sorted by slot and begin.

    ``amount``: what was counted on it (registers, intervals). ``value`` and ``slope``: a gauge's value at its begin and
    its change per microsecond. ``measured``: whether it is short enough to count as measured.
    """

    slot: Ints
    begin: Ints
    end: Ints
    amount: Floats
    value: Floats
    slope: Floats
    measured: npt.NDArray[np.bool_]

    def select(self, rows: npt.NDArray[np.bool_] | Ints) -> "Stretches":
        """Return the stretches a mask or an index picks."""
        return Stretches(
            self.slot[rows],
            self.begin[rows],
            self.end[rows],
            self.amount[rows],
            self.value[rows],
            self.slope[rows],
            self.measured[rows],
        )


@dataclass(frozen=True)
class Pieces:
    """The part of one stretch in one bucket: ``of`` indexes the stretch, ``bucket`` the edges."""

    of: Ints
    bucket: Ints
    start: Ints
    end: Ints

    def select(self, rows: npt.NDArray[np.bool_]) -> "Pieces":
        """Return the pieces a mask picks."""
        return Pieces(self.of[rows], self.bucket[rows], self.start[rows], self.end[rows])


def pairs(readings: Readings) -> Ints:
    """Return the index of every reading that has a next one in its slot."""
    return np.flatnonzero(readings.slot[1:] == readings.slot[:-1])


def cut(stretches: Stretches, edges: Instants) -> Pieces:
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
