"""PostgreSQL's binary formats as numpy columns: COPY buffers to write, arrays to read.

Integers and floats travel as they are; timestamptz is int64 microseconds, which PostgreSQL counts from 2000-01-01.
Whole columns are converted at once and no row becomes a Python object.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
from psycopg.pq.abc import PGresult

from processors.steps.columns import ABSENT

_POSTGRES_EPOCH: Final = 946_684_800_000_000
_COPY_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_TRAILER: Final = b"\xff\xff"
BIGINT_OID: Final = 20
BIGINT_ARRAY_OID: Final = 1016
_NULL_FLAG: Final = 7  # the last byte of the flag
ARRAY_HEADER: Final = 20  # dimensions, null flag, element type, length, lower bound: four bytes each

Column = npt.NDArray[np.int64] | npt.NDArray[np.float64]
Bytes = npt.NDArray[np.void]


class ColumnType(StrEnum):
    """The column types this format carries, as numpy's big-endian type codes."""

    BOOLEAN = "|b1"
    CHAR = "|i1"  # one letter, by its code
    SHA256 = "|V32"
    SMALLINT = ">i2"
    INTEGER = ">i4"
    BIGINT = ">i8"
    REAL = ">f4"
    DOUBLE = ">f8"
    TIMESTAMP = ">M8[us]"

    @property
    def stored(self) -> str:
        """The code of what travels: a timestamp is a plain integer."""
        return ">i8" if self is ColumnType.TIMESTAMP else self.value


class Layout:
    """The column types of a row; encodes columns to the buffer of a binary COPY."""

    def __init__(self, types: Sequence[ColumnType]) -> None:
        self.types = tuple(types)

    def encode(self, columns: Sequence[Column | Bytes]) -> bytes:
        """Return the COPY buffer of equally long columns; a time ABSENT and a number NaN are written as NULL.

        Rows that lack the same columns have the same width and are written together: row order is not kept.
        """
        missing = np.stack([_missing(column) for column in columns])
        code = (1 << np.arange(len(columns))) @ missing
        parts = []
        for value in np.unique(code).tolist() or [0]:
            alike = code == value
            of_pattern = columns if alike.all() else [column[alike] for column in columns]
            parts.append(self._encode(of_pattern, [bool(value >> index & 1) for index in range(len(columns))]))
        return b"".join((_COPY_HEADER, *parts, _COPY_TRAILER))

    def _encode(self, columns: Sequence[Column | Bytes], missing: Sequence[bool]) -> bytes:
        rows = np.empty(len(columns[0]), dtype=self._row(missing))
        rows["count"] = len(self.types)
        for index, (kind, column) in enumerate(zip(self.types, columns, strict=True)):
            rows[f"size{index}"] = -1 if missing[index] else np.dtype(kind.stored).itemsize
            if not missing[index]:
                is_time = kind is ColumnType.TIMESTAMP
                rows[f"value{index}"] = column.astype(np.int64) - _POSTGRES_EPOCH if is_time else column
        return rows.tobytes()

    def _row(self, missing: Sequence[bool]) -> np.dtype[np.void]:
        fields = [("count", ">i2")]
        for index, kind in enumerate(self.types):
            fields += [(f"size{index}", ">i4")] + ([] if missing[index] else [(f"value{index}", kind.stored)])
        return np.dtype(fields)


def decode_array(buffer: bytes | None, kind: ColumnType) -> Column:
    """Return a one-dimensional array value without NULLs, NULL itself as empty; -infinity becomes ABSENT."""
    element = np.dtype([("size", ">i4"), ("value", kind.stored)])
    return _converted(np.frombuffer(buffer or bytes(ARRAY_HEADER), dtype=element, offset=ARRAY_HEADER)["value"], kind)


def _converted(values: npt.NDArray[np.void], kind: ColumnType) -> Column:
    """Return values as they travel in the numbers of this machine."""
    if kind in (ColumnType.REAL, ColumnType.DOUBLE):
        return values.astype(np.float64)
    whole = values.astype(np.int64)
    return np.where(whole == ABSENT, ABSENT, whole + _POSTGRES_EPOCH) if kind is ColumnType.TIMESTAMP else whole


def unknown_elements(kind: ColumnType, length: int) -> bytes:
    """Return as many elements of an array value that stand for what is not known: NaN, -infinity, the least number."""
    elements = np.empty(length, [("size", ">i4"), ("value", kind.stored)])
    is_float = kind in (ColumnType.REAL, ColumnType.DOUBLE)
    elements["size"] = elements.dtype["value"].itemsize
    elements["value"] = np.nan if is_float else np.iinfo(elements.dtype["value"]).min
    return elements.tobytes()


def join_arrays(
    result: PGresult, column: int, kind: ColumnType, lengths: npt.NDArray[np.int64] | None = None
) -> tuple[Column, npt.NDArray[np.int64]]:
    """Return the arrays of a column of every row, one behind the other; and how long each is.

    NULLs in them become ABSENT or NaN; so does an array that is NULL, as often as its row has ``lengths``. An array of
    one element stands for as many.
    """
    stored = np.dtype([("size", ">i4"), ("value", kind.stored)])
    nothing = np.zeros(1, stored)
    nothing["value"] = np.nan if kind in (ColumnType.REAL, ColumnType.DOUBLE) else _absent(kind)
    filler = nothing.tobytes()
    parts = []
    for row in range(result.ntuples):
        value = result.get_value(row, column)
        if value is None:
            parts.append(b"" if lengths is None else filler)
        elif value[_NULL_FLAG]:
            parts.append(_filled(value, filler))
        else:
            parts.append(value[ARRAY_HEADER:])
    sent = np.fromiter(map(len, parts), np.int64, len(parts)) // stored.itemsize
    found = _converted(np.frombuffer(b"".join(parts), stored)["value"], kind)
    if lengths is None or np.array_equal(sent, lengths):
        return found, sent
    return found[np.repeat(np.arange(len(found)), np.repeat(lengths // np.maximum(sent, 1), sent))], lengths


def _absent(kind: ColumnType) -> int:
    return int(np.iinfo(kind.stored).min) if kind is not ColumnType.BOOLEAN else 0


def _filled(value: bytes, filler: bytes) -> bytes:
    """Return the elements of an array, a ``filler`` for each that is NULL."""
    elements, place = [], ARRAY_HEADER
    while place < len(value):
        size = int.from_bytes(value[place : place + 4], signed=True)
        elements.append(filler if size < 0 else value[place : place + 4 + size])
        place += 4 + max(size, 0)
    return b"".join(elements)


def encode_array(values: npt.NDArray[np.int64]) -> bytes:
    """Return a one-dimensional array value of bigint."""
    elements = np.empty(len(values), [("size", ">i4"), ("value", ">i8")])
    elements["size"], elements["value"] = 8, values
    header = np.array([1, 0, BIGINT_OID, len(values), 1], ">i4")
    return header.tobytes() + elements.tobytes()


def _missing(column: Column | Bytes) -> npt.NDArray[np.bool_]:
    if column.dtype.kind == "V":
        return np.zeros(len(column), np.bool_)
    absent: npt.NDArray[np.bool_] = np.isnan(column) if column.dtype.kind == "f" else column == ABSENT
    return absent
