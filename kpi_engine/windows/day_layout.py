"""How the hours of a stretch of time lie in civil days: which columns of a table of hours belong to which day. Pure.

A day is kept by itself, its rows one after the other. In a table of a stretch the hours of all its days follow each
other in every row.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ingest.model.calendar import Instants, Period, floor, following
from kpi_engine.ports.hours import ROWS, day_edges, hour_edges
from processors.steps.columns import Floats, Ints, Mask


@dataclass(frozen=True, eq=False)
class DayLayout:
    """The days of [start, end), the first and the last one clipped to it, and their hours; instants in microseconds."""

    start: int
    end: int
    zone: str

    @cached_property
    def hours(self) -> Instants:
        """The edges of the hours."""
        return hour_edges(self.start, self.end, self.zone)

    @cached_property
    def days(self) -> Instants:
        """The edges of the days."""
        return day_edges(self.start, self.end, self.zone)

    @cached_property
    def begins(self) -> Ints:
        """With which hour each day begins, and the number of hours."""
        return np.searchsorted(self.hours, self.days)

    @cached_property
    def is_whole(self) -> Mask:
        """Which days are whole civil days."""
        found = np.ones(len(self.days) - 1, np.bool_)
        found[0] = floor(self.start, Period.DAY, self.zone) == self.start
        last = int(self.days[-2])
        found[-1] &= following(last, Period.DAY, self.zone) == self.end
        return found

    def columns(self, days: Ints) -> Ints:
        """Return the columns of some days, in their order."""
        counts = np.diff(self.begins)[days]
        first = np.cumsum(counts) - counts
        return np.repeat(self.begins[days] - first, counts) + np.arange(int(counts.sum()))

    def places(self, days: Ints) -> Ints:
        """Return where each hour of a table of some days stands among the numbers of these days, day after day."""
        if len(days) == len(self.days) - 1:
            return self._places
        return self._places_of(days)

    @cached_property
    def _places(self) -> Ints:
        return self._places_of(np.arange(len(self.days) - 1))

    def _places_of(self, days: Ints) -> Ints:
        counts = np.diff(self.begins)[days]
        first = np.cumsum(counts) - counts
        within = np.arange(int(counts.sum())) - np.repeat(first, counts)
        return np.stack([np.repeat(ROWS * first + row * counts, counts) + within for row in range(ROWS)])

    def by_day(self, table: Floats, days: Ints) -> Floats:
        """Return the numbers of some days of a table, each day by itself, one after the other."""
        chosen = table if len(days) == len(self.days) - 1 else table[:, self.columns(days)]
        found = np.empty(chosen.size)
        found[self.places(days)] = chosen
        return found

    def find(self, other: "DayLayout") -> tuple[Ints, Ints]:
        """Return which of the days are days of another stretch as well, and which of its days they are."""
        at = np.minimum(np.searchsorted(other.days[:-1], self.days[:-1]), len(other.days) - 2)
        is_same = (other.days[at] == self.days[:-1]) & (other.days[at + 1] == self.days[1:])
        return np.flatnonzero(is_same), at[is_same]


@lru_cache(maxsize=256)
def layout(start: int, end: int, zone: str) -> DayLayout:
    """Return the layout of a stretch, made once: many groups are asked for the same one."""
    return DayLayout(start, end, zone)
