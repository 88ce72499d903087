"""PostgreSQL's binary COPY format as numpy columns, both ways, for rows without NULLs.

Integers and floats travel as they are; timestamptz is int64 microseconds, which PostgreSQL counts from 2000-01-01.
Rows of one layout have one width, so a whole buffer is one structured array and no row becomes a Python object.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from processors.steps.columns import ABSENT

_POSTGRES_EPOCH: Final = 946_684_800_000_000
_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"

Column = npt.NDArray[np.int64] | npt.NDArray[np.float64]


class ColumnType(StrEnum):
    """The column types this format carries, as numpy's big-endian type codes."""

    SMALLINT = ">i2"
    INTEGER = ">i4"
    BIGINT = ">i8"
    DOUBLE = ">f8"
    TIMESTAMP = ">M8[us]"


class Layout:
    """The column types of a row; encodes columns to a COPY buffer and decodes a buffer to columns.

    ABSENT is encoded as, and decoded from, the timestamp -infinity.
    """

    def __init__(self, types: Sequence[ColumnType]) -> None:
        self.types = tuple(types)
        stored = [">i8" if kind is ColumnType.TIMESTAMP else kind.value for kind in types]
        fields = [("count", ">i2")]
        for index, code in enumerate(stored):
            fields += [(f"size{index}", ">i4"), (f"value{index}", code)]
        self._row = np.dtype(fields)
        self._sizes = [np.dtype(code).itemsize for code in stored]

    def encode(self, columns: Sequence[Column]) -> bytes:
        """Return the COPY buffer of equally long columns, header and trailer included."""
        rows = np.empty(len(columns[0]), dtype=self._row)
        rows["count"] = len(self.types)
        for index, (kind, column) in enumerate(zip(self.types, columns, strict=True)):
            rows[f"size{index}"] = self._sizes[index]
            is_time = kind is ColumnType.TIMESTAMP
            rows[f"value{index}"] = _to_postgres(column.astype(np.int64)) if is_time else column
        return b"".join((_HEADER, rows.tobytes(), _TRAILER))

    def decode(self, buffer: bytes) -> list[Column]:
        """Return the columns of a whole COPY buffer; a row of another layout is a ValueError."""
        rows = np.frombuffer(buffer, dtype=self._row, offset=len(_HEADER), count=self._row_count(buffer))
        if any((rows[f"size{index}"] != size).any() for index, size in enumerate(self._sizes)):
            raise ValueError("the COPY buffer holds NULLs or other types than its layout")
        return [self._decoded(rows[f"value{index}"], kind) for index, kind in enumerate(self.types)]

    def _row_count(self, buffer: bytes) -> int:
        return (len(buffer) - len(_HEADER) - len(_TRAILER)) // self._row.itemsize

    def _decoded(self, values: npt.NDArray[np.void], kind: ColumnType) -> Column:
        if kind is ColumnType.DOUBLE:
            return values.astype(np.float64)
        whole = values.astype(np.int64)
        return np.where(whole == ABSENT, ABSENT, whole + _POSTGRES_EPOCH) if kind is ColumnType.TIMESTAMP else whole


def _to_postgres(times: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.where(times == ABSENT, ABSENT, times - _POSTGRES_EPOCH)
