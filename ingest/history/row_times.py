"""When the rows of history files were, and from when to when the intervals are that they speak of."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from ingest.history.clocks import instants
from ingest.history.double_hours import DoubleHours
from ingest.history.mapping import Mapping, TimeColumn
from ingest.model.given_interval import UNGIVEN
from ingest.model.observation import IntColumn, Mask

SKIPPED: Final = "a time that clocks in {zone} skip"
TWICE: Final = (
    "a time that clocks in {zone} show twice, and the order of the rows of its device does not tell which is meant: "
    "times with an offset would"
)

Passes = dict[str, DoubleHours]  # by the key of a column of times


def double_hours(frames: Callable[[], Iterable[pl.DataFrame]], mapping: Mapping) -> Passes:
    """Tell the double hours of a whole file apart, in each of its columns of times; ``frames`` begins it anew."""
    return {key: DoubleHours.of(frames(), clock, mapping.device.column) for key, clock in mapping.clocks.items()}


@dataclass(frozen=True)
class TimeFault:
    """Rows that say no time: at which key of the mapping, in which column, and why, where more than that is known."""

    rows: Mask
    key: str
    column: str
    because: str


class RowTimes:
    """The times of some rows, in microseconds: ``time`` of each, and which are ``usable``.

    ``begin`` and ``end``: of the intervals they give both edges of, UNGIVEN where they do not; None where the mapping
    names no column of them.
    """

    def __init__(self, frame: pl.DataFrame, mapping: Mapping, passes: Passes, first: int) -> None:
        clocks = {
            key: _Clock(frame, clock, passes[key].part(first, frame.height)) for key, clock in mapping.clocks.items()
        }
        stamp = clocks[mapping.stamp]
        self.time = stamp.time
        self.usable = np.ones(frame.height, np.bool_)
        self.faults: list[TimeFault] = []
        for key, clock in clocks.items():
            expected = np.ones(frame.height, np.bool_) if clock is stamp else clock.is_given
            for because, rows in clock.faults():
                faulty = rows & expected & self.usable
                self.faults.append(TimeFault(faulty, key, mapping.clocks[key].column, because))
                self.usable &= ~faulty
        self.begin, self.end = self._edges(clocks, stamp)

    @staticmethod
    def _edges(clocks: dict[str, "_Clock"], stamp: "_Clock") -> tuple[IntColumn | None, IntColumn | None]:
        if not {"begin", "end"} & clocks.keys():
            return None, None
        begin, end = clocks.get("begin", stamp), clocks.get("end", stamp)
        are_given = begin.is_given & end.is_given
        return np.where(are_given, begin.time, UNGIVEN), np.where(are_given, end.time, UNGIVEN)


class _Clock:
    """One column of times."""

    def __init__(self, frame: pl.DataFrame, column: TimeColumn, passes: tuple[Mask, Mask]) -> None:
        is_second, self._is_open = passes
        self._instants, self._zone = instants(frame, column), column.zone
        self.time = self._instants.chosen(is_second)
        self.is_given: Mask = frame[column.column].is_not_null().to_numpy()

    def faults(self) -> Iterator[tuple[str, Mask]]:
        """Yield why times are none, and the rows of which that holds."""
        known, skipped = self._instants.known, self._instants.are_skipped
        yield "", ~known & ~skipped
        yield SKIPPED.format(zone=self._zone), skipped
        yield TWICE.format(zone=self._zone), self._is_open
