"""Runs of readings that repeat one value: what a stuck sensor says, and what a resting one says for a while."""

from dataclasses import dataclass

import numpy as np

from ingest.model.columns import ColumnTable
from processors.steps.columns import Ints, Mask, Readings, Spans


@dataclass(frozen=True)
class Runs(ColumnTable):
    """Runs of equal readings, none further from the next than its slot's ``apart``: the first and the last of each."""

    slot: Ints
    first: Ints
    last: Ints

    @classmethod
    def of(cls, readings: Readings, apart: Ints) -> "Runs":
        """Return the runs of readings; a single reading is one, too, where it is the first or last of its slot."""
        same = np.flatnonzero((readings.value[1:] == readings.value[:-1]) & (readings.slot[1:] == readings.slot[:-1]))
        same = same[readings.time[same + 1] - readings.time[same] <= apart[readings.slot[same]]]
        oldest, newest = rims(readings)
        follows, is_followed = np.zeros((2, len(readings)), np.bool_)
        follows[same + 1] = is_followed[same] = True
        first = np.flatnonzero(~follows & (is_followed | oldest | newest))
        last = np.flatnonzero(~is_followed & (follows | oldest | newest))
        return cls(readings.slot[first], first, last)

    def meeting(self, readings: Readings, spans: Spans) -> "Runs":
        """Return the runs with readings in [start, end) of their slot's span, or on both sides of it."""
        begins, ends = readings.time[self.first], readings.time[self.last]
        return self.select((begins < spans.end[self.slot]) & (ends >= spans.start[self.slot]))

    def crossing(self, readings: Readings, spans: Spans) -> "Runs":
        """Return the runs of which readings are on both sides of an edge of their slot's span."""
        begins, ends = readings.time[self.first], readings.time[self.last]
        start, end = spans.start[self.slot], spans.end[self.slot]
        return self.select(((begins < start) & (ends >= start)) | ((begins < end) & (ends >= end)))

    def members(self) -> Ints:
        """Return every reading of the runs."""
        sizes = self.last - self.first + 1
        offset = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        members: Ints = np.repeat(self.first, sizes) + offset
        return members


def rims(readings: Readings) -> tuple[Mask, Mask]:
    """Return which readings are the first, and which are the last of their slot."""
    turns = readings.slot[1:] != readings.slot[:-1]
    rim = np.ones(min(len(readings), 1), np.bool_)
    return np.concatenate([rim, turns]), np.concatenate([turns, rim])


def stuck(readings: Readings, runs: Runs, stuck_after: Ints) -> Ints:
    """Return the readings of runs that last as long as nothing may rest; ``stuck_after`` by slot, 0: for ever."""
    longest = stuck_after[runs.slot]
    lasted = readings.time[runs.last] - readings.time[runs.first]
    return runs.select((longest > 0) & (lasted >= longest)).members()
