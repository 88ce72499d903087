"""Rollups of many series at once, series by series in order of time: packed hours as they are kept, none as a row."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from psycopg.pq.abc import PGresult

from ingest.model.calendar import Period
from ingest.model.time import SECOND, from_micros
from processors.steps.columns import ABSENT, ROLLUP_FIELDS, FieldKind, Floats, Ints, RollupColumns
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType, join_arrays
from processors.storage.database import Connection
from processors.storage.rollups.rollup_types import ROLLUP_TYPES
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_OF_BEGIN: Final = frozenset({"covered_from", "measured_from", "first_at"})  # microseconds from the begin of the hour
_OF_END: Final = frozenset({"covered_to", "measured_to", "last_at"})  # and from its end
_PACKED: Final = [
    name for name in ROLLUP_FIELDS if name not in {"bucket", "bucket_end"}
]  # in the order of the statement
_FIRST: Final = 4  # column of the first of them


def rollups_in_order(
    connection: Connection, period: Period, series: Sequence[int], start: int, end: int
) -> RollupColumns:
    """Return the rollups of ``series`` that begin in [start, end), by series and time; ``slot``: place of the series.

    Numbers kept in single precision are those that have their shortest digits, as the database writes them.
    """
    asked = {"series": list(series), "start": from_micros(start), "end": from_micros(end), "period": period.value}
    types = (ColumnType.INTEGER, *ROLLUP_TYPES.values())
    place, *columns = read_arrays(connection, SQL["rollups_sequence_rows"], asked, types)
    fields: dict[str, Any] = dict(zip(ROLLUP_FIELDS, columns, strict=True))
    rows = RollupColumns(slot=place.astype(np.int64) - 1, **_as_written(fields))
    packed = _packed(connection, asked, start, end) if period is Period.HOUR else rows.select(slice(0))
    if not len(rows) and _is_in_order(packed):
        return packed  # the usual case: nothing is moved
    found = RollupColumns.concatenate([packed, rows])
    order = np.lexsort((found.bucket, found.slot))  # stable: a row comes after what was packed of its hour, and holds
    slot, bucket = found.slot[order], found.bucket[order]
    is_last = np.append((np.diff(slot) != 0) | (np.diff(bucket) != 0), np.True_)
    return found.select(order[is_last])


def _is_in_order(found: RollupColumns) -> bool:
    """Whether rollups are by series and time, each once."""
    series, time = np.diff(found.slot), np.diff(found.bucket)
    return bool(((series > 0) | ((series == 0) & (time > 0))).all())


def _packed(connection: Connection, asked: dict[str, Any], start: int, end: int) -> RollupColumns:
    result = connection.execute(SQL["rollups_sequence_blocks"], asked, binary=True).pgresult
    if result is None or not result.ntuples:
        return RollupColumns(
            slot=np.empty(0, np.int64), **{name: np.empty(0, kind.dtype) for name, kind in ROLLUP_FIELDS.items()}
        )
    at, counts = join_arrays(result, 2, ColumnType.INTEGER)
    seconds, _ = join_arrays(result, 3, ColumnType.INTEGER, counts)
    place, starts = (_scalars(result, column, code) for column, code in ((0, ">i4"), (1, ">i8")))
    bucket = np.repeat(starts, counts) + at.astype(np.int64) * SECOND
    bucket_end = bucket + seconds.astype(np.int64) * SECOND
    fields: dict[str, Any] = {"bucket": bucket, "bucket_end": bucket_end}
    for column, name in enumerate(_PACKED, start=_FIRST):
        base = bucket if name in _OF_BEGIN else bucket_end if name in _OF_END else None
        kind = ROLLUP_TYPES[name] if base is None else ColumnType.BIGINT
        values, _ = join_arrays(result, column, kind, counts)
        fields[name] = values if base is None else np.where(values == ABSENT, ABSENT, base + values)
    found = RollupColumns(slot=np.repeat(place - 1, counts), **_as_written(fields))
    within = (bucket >= start) & (bucket < end)
    return found if within.all() else found.select(np.flatnonzero(within))


def _scalars(result: PGresult, column: int, code: str) -> Ints:
    values = b"".join(result.get_value(row, column) or b"" for row in range(result.ntuples))
    return np.frombuffer(values, code).astype(np.int64)


def _as_written(fields: dict[str, Any]) -> dict[str, Any]:
    singles = {name for name, kind in ROLLUP_FIELDS.items() if kind is FieldKind.SINGLE}
    return {name: shortest(values) if name in singles else values for name, values in fields.items()}


def shortest(singles: Floats) -> Floats:
    """Return numbers of single precision by their shortest digits: 0.1 is 0.1."""
    known = np.flatnonzero(~np.isnan(singles))
    if not len(known):
        return singles
    found = singles.astype(np.float64)
    found[known] = np.array([float(text) for text in singles[known].astype(np.float32).astype(str).tolist()])
    return found
