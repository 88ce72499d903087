"""The columns the window steps work on: readings in, rollups out, many series at once.

A *slot* is one window of one series: readings of different slots are never neighbours. Times are int64 microseconds;
``ABSENT`` stands for a time that is not known and NaN for such a number, so that every column keeps one width.
"""

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ingest.model.columns import ColumnTable
from ingest.model.time import HOUR, SECOND
from processors.steps.rollup import MOSTLY, Rollup

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

ABSENT: Final = int(np.iinfo(np.int64).min)


@dataclass(frozen=True)
class Spans(ColumnTable):
    """Stretches of time of series, one per row, from ``start`` to ``end``."""

    series_id: Ints
    start: Ints
    end: Ints

    @classmethod
    def none(cls) -> "Spans":
        """Return no spans."""
        return cls(*[np.empty(0, np.int64)] * 3)


def joined(*parts: Spans) -> Spans:
    """Return the spans of all ``parts``, in their order."""
    return Spans.concatenate(parts)


@dataclass(frozen=True)
class Readings(ColumnTable):
    """Readings sorted by slot, then time; ``slot`` indexes the windows they were read for.

    ``begin``: of intervals, when they begin where that is given, else ABSENT; None where it is given of none.
    """

    slot: Ints
    time: Ints
    value: Floats
    begin: Ints | None = None

    @property
    def earliest_begin(self) -> int:
        """When the earliest interval begins of which that is given; the last of all instants where none is."""
        given = [] if self.begin is None else self.begin[self.begin != ABSENT]
        return int(np.min(given, initial=np.iinfo(np.int64).max))

    def of_slots(self, chosen: Mask) -> "Readings":
        """Return the readings of chosen slots, which are counted anew."""
        rows = chosen[self.slot]
        return Readings((np.cumsum(chosen) - 1)[self.slot[rows]], self.time[rows], self.value[rows])


@dataclass(frozen=True)
class RollupColumns(ColumnTable):
    """Rollups in columns, with the fields and the units of ``rollup.Rollup``, one row per slot and bucket."""

    slot: Ints
    bucket: Ints
    bucket_end: Ints
    count: Ints
    minimum: Floats
    maximum: Floats
    total: Floats
    integral: Floats
    estimated: Floats
    measured: Floats
    weighted: Floats
    covered_from: Ints
    covered_to: Ints
    measured_from: Ints
    measured_to: Ints
    rejected: Ints
    contract: Ints
    interpolated: Floats
    estimated_time: Floats
    pause: Floats
    first_at: Ints
    last_at: Ints
    entry_seconds: Floats
    entry_amount: Floats
    exit_seconds: Floats
    exit_amount: Floats
    doubt_below: Floats
    doubt_above: Floats
    peak: Floats

    @property
    def greatest(self) -> Floats:
        """The most that was counted in a measured hour, as of ``rollup.Rollup``."""
        seconds = (self.bucket_end - self.bucket) / SECOND
        by_itself = np.abs(self.total) * (HOUR / SECOND) / seconds
        return np.where(np.isnan(self.peak), np.where(self.measured >= MOSTLY * seconds, by_itself, np.nan), self.peak)

    def row(self, index: int) -> Rollup:
        """Return one row as the object that readers outside the hot path use."""
        names = [field.name for field in fields(Rollup)]
        values: dict[str, Any] = {name: _present(getattr(self, name)[index].item()) for name in names}
        return Rollup(**values)


def concatenate(tables: list[RollupColumns]) -> RollupColumns:
    """Stack tables on top of each other, in their order; an empty list gives an empty table."""
    if not tables:
        ints, floats = [np.empty(0, np.int64)] * 4, [np.empty(0)] * 7
        empty: list[Any] = [*ints, *floats, *ints, *ints[:2], *floats[:3], *ints[:2], *floats]
        return RollupColumns(*empty)
    return RollupColumns.concatenate(tables)


def as_stored(values: Floats) -> Floats:
    """Return numbers as single precision keeps them: what tells bounds needs no more, and is half as large."""
    return values.astype(np.float32).astype(np.float64)


def at_least(values: Floats) -> Floats:
    """Return numbers as single precision keeps them, none of them smaller than before."""
    stored = values.astype(np.float32)
    return np.where(stored < values, np.nextafter(stored, np.float32(np.inf)), stored).astype(np.float64)


def _present(value: float) -> float | None:
    return None if value == ABSENT or value != value else value  # noqa: PLR0124 - NaN differs from itself
