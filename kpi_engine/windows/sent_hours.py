"""Stored hours as the database sends them, put together as columns here.

An hour that is packed travels in its block, as it is kept: PostgreSQL unpacks no single one. One that is a row travels
with the other rows of its span, and holds where a block has it too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.time import SECOND
from kpi_engine.window import KNOWN_FROM
from kpi_engine.windows.group_hours import StoredHours
from processors.steps.columns import ABSENT, Floats, Ints, Mask
from processors.steps.hour_bounds import AmountColumns
from processors.storage.arrays import read_runs
from processors.storage.binary_copy import Column, ColumnType
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_HEADS: Final = 4  # span, begin of the block, kind, hours
_OPEN, _ROWS = 1, 2
_LEAST: Final = np.iinfo(np.int32).min  # in place of an hour that is a row
_TYPES: Final = (
    *[ColumnType.DOUBLE] * 9,  # measured, estimated, total, interpolated, estimated_time, and what tells of levels
    *[ColumnType.REAL] * 6,  # what crossed the edges, and what is in doubt
    *[ColumnType.INTEGER] * 2,
    *[ColumnType.BIGINT] * 4,
    *[ColumnType.TIMESTAMP] * 6,
)
_NUMBERS, _OF_BLOCKS, _OF_ROWS = slice(0, 15), slice(15, 21), slice(21, 27)


def read_stored_hours(connection: Connection, series: Ints, starts: Ints, ends: Ints) -> StoredHours:
    """Return the stored hours of each series that begin in its span [start, end); spans of one do not overlap."""
    asked = {"series": series, "starts": starts, "ends": ends}
    runs = read_runs(connection, SQL["hours_of_series"], asked, _HEADS, _TYPES)
    span, block, kind = (np.repeat(head, runs.lengths) for head in runs.heads.T[:-1])
    is_row, of_blocks, of_rows = kind == _ROWS, runs.columns[_OF_BLOCKS], runs.columns[_OF_ROWS]
    bucket = _of_either(_block_begins(block, of_blocks[0]), of_rows[0], is_row)
    is_meant = (bucket >= starts[span]) & (bucket < ends[span])
    if (is_open := kind == _OPEN).any():
        is_meant &= ~_replaced(series[span], bucket, is_open, is_row)
    places = _in_order(series[span], bucket, is_meant)
    told = _Told(places, is_row[places], bucket[places], runs.columns)
    return _hours(series[span[places]], told)


def _block_begins(block: Ints, at: Column | None) -> Ints | None:
    """Return when each hour begins, of those in blocks; None where there are none."""
    return None if at is None else block + np.where(at == _LEAST, 0, at) * SECOND


def _of_either(packed: Ints | None, rows: Column | None, is_row: Mask) -> Ints:
    """Return what is told of hours in blocks, or of rows."""
    if packed is None or rows is None:
        found = rows if packed is None else packed
        return np.full(len(is_row), ABSENT) if found is None else found.astype(np.int64, copy=False)
    return np.where(is_row, rows, packed)


def _in_order(series: Ints, bucket: Ints, is_meant: Mask) -> Ints:
    """Return the places of the hours that are meant in order of series and time."""
    places = np.flatnonzero(is_meant)
    of, at = series[places], bucket[places]
    is_sorted = np.all((of[1:] > of[:-1]) | ((of[1:] == of[:-1]) & (at[1:] >= at[:-1])))
    return places if is_sorted else places[np.lexsort((at, of))]


@dataclass(frozen=True)
class _Told:
    """What is told of the hours at ``places``, which begin at ``bucket``."""

    places: Ints
    is_row: Mask
    bucket: Ints
    columns: Sequence[Column | None]

    def numbers(self) -> Iterator[Floats]:
        """Yield every column of numbers; NaN for what is not known."""
        for one in self.columns[_NUMBERS]:
            known = np.full(len(self.places), np.nan) if one is None else one[self.places]
            yield known.astype(np.float64, copy=False)

    def ends(self) -> Ints:
        """Return when each hour ends."""
        seconds = self._at(self.columns[_OF_BLOCKS][1])
        packed = None if seconds is None else self.bucket + np.where(self.is_row, 0, seconds) * SECOND
        return _of_either(packed, self._at(self.columns[_OF_ROWS][1]), self.is_row)

    def times(self, end: Ints) -> Iterator[Ints]:
        """Yield from when to when each hour is known, its first and its last reading; ABSENT for what is not known."""
        edges = (self.bucket, end, self.bucket, end)
        columns = zip(self.columns[_OF_BLOCKS][2:], self.columns[_OF_ROWS][2:], edges, strict=True)
        for offset, row, edge in columns:
            packed = None if offset is None else _from(offset[self.places].astype(np.int64), edge)
            yield _of_either(packed, self._at(row), self.is_row)

    def _at(self, column: Column | None) -> Column | None:
        return None if column is None else column[self.places]


def _from(offset: Ints, edge: Ints) -> Ints:
    """Return instants that are told from an edge."""
    is_absent = offset == ABSENT
    return np.where(is_absent, ABSENT, edge + np.where(is_absent, 0, offset))


def _replaced(series: Ints, bucket: Ints, is_open: Mask, is_row: Mask) -> Mask:
    """Return which hours are in open blocks, and rows as well."""
    rows = set(zip(series[is_row].tolist(), bucket[is_row].tolist(), strict=True))
    found = np.zeros(len(series), np.bool_)
    places = np.flatnonzero(is_open)
    keys = zip(series[places].tolist(), bucket[places].tolist(), strict=True)
    found[places] = [key in rows for key in keys]
    return found


def _hours(series: Ints, told: _Told) -> StoredHours:
    numbers, bucket, bucket_end = list(told.numbers()), told.bucket, told.ends()
    covered_from, covered_to, first_at, last_at = told.times(bucket_end)
    measured, estimated, total, interpolated, estimated_time, weighted, integral, minimum, maximum = numbers[:9]
    entry_seconds, entry_amount, exit_seconds, exit_amount, doubt_below, doubt_above = numbers[9:]
    has_edges = ~np.all(np.isnan([entry_seconds, exit_seconds, doubt_below, doubt_above]), axis=0)
    amounts = AmountColumns(
        bucket=bucket,
        bucket_end=bucket_end,
        total=total,
        measured=measured,
        covered_from=covered_from,
        covered_to=covered_to,
        known=measured + np.nan_to_num(interpolated) + np.nan_to_num(estimated_time),
        first_at=np.where(has_edges, first_at, ABSENT),
        last_at=np.where(has_edges, last_at, ABSENT),
        entry_seconds=entry_seconds,
        entry_amount=np.where(has_edges, entry_amount, np.nan),
        exit_seconds=exit_seconds,
        exit_amount=np.where(has_edges, exit_amount, np.nan),
        doubt_below=doubt_below,
        doubt_above=doubt_above,
    )
    return StoredHours(series, amounts, _levels(weighted, integral, minimum, maximum, amounts.seconds), estimated)


def _levels(weighted: Floats, integral: Floats, minimum: Floats, maximum: Floats, seconds: Floats) -> Floats:
    """Return mean, least and greatest level of hours of which enough is known."""
    is_known = ~np.isnan(integral) & (weighted > 0.0) & (weighted >= KNOWN_FROM * seconds)
    found = np.full((3, len(seconds)), np.nan)
    mean = integral[is_known] / weighted[is_known]
    found[0, is_known] = mean
    for row, extreme in enumerate((minimum[is_known], maximum[is_known]), start=1):
        found[row, is_known] = np.where(np.isnan(extreme), mean, extreme)
    return found
