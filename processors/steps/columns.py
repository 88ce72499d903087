"""The columns the window steps work on: readings in, rollups out, many series at once.

A *slot* is one window of one series: readings of different slots are never neighbours. Times are int64 microseconds;
``ABSENT`` stands for a time that is not known and NaN for such a number, so that every column keeps one width.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum, auto
from typing import Annotated, Any, Final, TypeAlias, get_type_hints

import numpy as np
import numpy.typing as npt

from ingest.model.columns import ColumnTable
from ingest.model.time import HOUR, SECOND
from processors.steps.rollup import MOSTLY, Rollup

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

ABSENT: Final = int(np.iinfo(np.int64).min)


class FieldKind(Enum):
    """What a field of a rollup holds, from which a store knows how to keep it."""

    COUNT = auto()
    INSTANT = auto()
    NUMBER = auto()
    SINGLE = auto()  # of single precision: what bounds an amount needs no more

    @property
    def dtype(self) -> type[np.generic]:
        """The type of a column of it."""
        return np.int64 if self in (FieldKind.COUNT, FieldKind.INSTANT) else np.float64


_Counts: TypeAlias = Annotated[Ints, FieldKind.COUNT]
_Instants: TypeAlias = Annotated[Ints, FieldKind.INSTANT]
_Numbers: TypeAlias = Annotated[Floats, FieldKind.NUMBER]
_Singles: TypeAlias = Annotated[Floats, FieldKind.SINGLE]


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
    ``estimated``: of the same intervals, which were not read at a meter, as their source says.
    """

    slot: Ints
    time: Ints
    value: Floats
    begin: Ints | None = None
    estimated: Mask | None = None

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
    """Rollups in columns, with the fields and the units of ``rollup.Rollup``, one row per slot and bucket.

    What reads, writes or stores rollups takes names, order and kinds of the fields from here (``ROLLUP_FIELDS``).
    """

    slot: _Counts
    bucket: _Instants
    bucket_end: _Instants
    count: _Counts
    minimum: _Numbers
    maximum: _Numbers
    total: _Numbers
    integral: _Numbers
    estimated: _Numbers
    measured: _Numbers
    weighted: _Numbers
    covered_from: _Instants
    covered_to: _Instants
    measured_from: _Instants
    measured_to: _Instants
    rejected: _Counts
    contract: _Counts
    interpolated: _Numbers
    estimated_time: _Numbers
    pause: _Numbers
    first_at: _Instants
    last_at: _Instants
    entry_seconds: _Singles
    entry_amount: _Singles
    exit_seconds: _Singles
    exit_amount: _Singles
    doubt_below: _Singles
    doubt_above: _Singles
    peak: _Singles

    @classmethod
    def of(cls, rollups: Sequence[Rollup]) -> "RollupColumns":
        """Return single rollups of one slot in columns."""
        columns: dict[str, Any] = {}
        for name, kind in ROLLUP_FIELDS.items():
            absent = ABSENT if kind.dtype is np.int64 else np.nan
            values = [getattr(one, name) for one in rollups]
            columns[name] = np.array([absent if value is None else value for value in values], kind.dtype)
        return cls(slot=np.zeros(len(rollups), np.int64), **columns)

    @property
    def greatest(self) -> Floats:
        """The most that was counted in a measured hour, as of ``rollup.Rollup``."""
        seconds = (self.bucket_end - self.bucket) / SECOND
        by_itself = np.abs(self.total) * (HOUR / SECOND) / seconds
        return np.where(np.isnan(self.peak), np.where(self.measured >= MOSTLY * seconds, by_itself, np.nan), self.peak)

    def row(self, index: int) -> Rollup:
        """Return one row as the object that readers outside the hot path use."""
        values: dict[str, Any] = {name: _present(getattr(self, name)[index].item()) for name in ROLLUP_FIELDS}
        return Rollup(**values)


def _fields() -> dict[str, FieldKind]:
    hints = get_type_hints(RollupColumns, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in fields(RollupColumns)}


_COLUMNS: Final[Mapping[str, FieldKind]] = _fields()
ROLLUP_FIELDS: Final[Mapping[str, FieldKind]] = {name: kind for name, kind in _COLUMNS.items() if name != "slot"}


def concatenate(tables: list[RollupColumns]) -> RollupColumns:
    """Stack tables on top of each other, in their order; an empty list gives an empty table."""
    if not tables:
        empty: dict[str, Any] = {name: np.empty(0, kind.dtype) for name, kind in _COLUMNS.items()}
        return RollupColumns(**empty)
    return RollupColumns.concatenate(tables)


def as_stored(values: Floats) -> Floats:
    """Return numbers as single precision keeps them: what tells bounds needs no more, and is half as large."""
    return values.astype(np.float32).astype(np.float64)


def at_least(values: Floats) -> Floats:
    """Return numbers as single precision keeps them, none of them smaller than before."""
    stored = values.astype(np.float32)
    return np.where(stored < values, np.nextafter(stored, np.float32(np.inf)), stored).astype(np.float64)


def present(column: Ints | Floats) -> list[Any]:
    """Return a column of numbers or instants as a list, None where one is not known."""
    missing = np.isnan(column) if column.dtype.kind == "f" else column == ABSENT
    values = column.astype(object)
    values[missing] = None
    return list(values.tolist())


def _present(value: float) -> float | None:
    return None if value == ABSENT or value != value else value  # noqa: PLR0124 - NaN differs from itself
