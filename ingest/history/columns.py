"""Columns of values in the rows of every kind of history file: cells of text to numbers or states, and to observations.

Every cell arrives as text, so that one bad cell never decides the type of a column.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

import numpy as np
import polars as pl

from ingest.model.observation import FloatColumn, IntColumn, Mask, ObservationBatch
from ingest.model.reading import Quality
from ingest.reasons import Reason

Observed: TypeAlias = tuple[IntColumn | FloatColumn, ...]  # row, series id, time and value, of one column of a file


@dataclass(frozen=True)
class ValueCells:
    """The cells of one column: numbers, or places in ``states`` where it has some; NaN where a cell is not readable."""

    value: FloatColumn
    is_given: Mask
    is_readable: Mask
    states: Sequence[str]

    @classmethod
    def of(cls, text: pl.Series, decimal: str, states: Sequence[str] = ()) -> Self:
        """Read a column of text."""
        value = codes(text, states) if states else numbers(text, decimal)
        return cls(value, text.is_not_null().to_numpy(), np.isfinite(value), states)

    @property
    def unreadable(self) -> Reason:
        """Why a cell that is not readable is refused."""
        return Reason.UNKNOWN_STATE if self.states else Reason.NOT_A_NUMBER

    def times(self, factor: FloatColumn) -> Self:
        """Return the cells, each value multiplied by its factor."""
        with np.errstate(over="ignore", invalid="ignore"):
            return replace(self, value=self.value * factor)

    def canonical(
        self, rows: IntColumn | slice, scale: FloatColumn | float, offset: FloatColumn | float
    ) -> FloatColumn:
        """Return the values of rows in the canonical unit; what is beyond every float is refused as implausible."""
        with np.errstate(over="ignore"):
            return self.value[rows] * scale + offset + 0.0  # -0.0 becomes 0.0


def observations(
    columns: Iterable[Observed],
    received_at: int,
    revision: FloatColumn | None = None,
    begin: IntColumn | None = None,
    estimated: Mask | None = None,
) -> ObservationBatch:
    """Return what was observed in the columns of some rows; ``revision``, ``begin`` and ``estimated`` are by row."""
    row, series_id, time, value = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    quality = np.full(len(row), Quality.MEASURED, np.int64)
    if estimated is not None:
        quality[estimated[row]] = Quality.ESTIMATED
    return ObservationBatch(
        series_id=series_id.astype(np.int64),
        time=time.astype(np.int64),
        value=value.astype(np.float64),
        received_at=np.full(len(row), received_at, np.int64),
        quality=quality,
        message=row.astype(np.int64),
        revision=None if revision is None else revision[row],
        begin=None if begin is None else begin[row],
    )


def codes(text: pl.Series, states: Sequence[str]) -> FloatColumn:
    """Return the places in ``states`` that a column of text names; NaN where it names none."""
    named = {name: float(code) for code, name in enumerate(states)}
    return text.replace_strict(named, default=None, return_dtype=pl.Float64).fill_null(np.nan).to_numpy()


def numbers(text: pl.Series, decimal: str) -> FloatColumn:
    """Return what a column of text says in numbers; NaN where it says none.

    Where a comma is the decimal sign, 1.234 says none: its full stop would be one of thousands, or a mistake.
    """
    plain = text
    if decimal != ".":
        plain = text.str.replace(".", "?", literal=True).str.replace(decimal, ".", literal=True)
    return plain.str.strip_chars().cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
