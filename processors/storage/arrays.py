"""What a statement returns as arrays, in one row or in many, as columns: no row of it becomes a Python object.

Columns of whole numbers may be its parameters as well, and are sent as arrays of bigint.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

from processors.steps.columns import Ints
from processors.storage.binary_copy import (
    ARRAY_HEADER,
    BIGINT_ARRAY_OID,
    Column,
    ColumnType,
    decode_array,
    encode_array,
    unknown_elements,
)
from processors.storage.database import Connection

_BIGINT: Final = np.dtype(">i8")


class _ColumnDumper(Dumper):
    """Sends a column of whole numbers without making an object of any."""

    format = Format.BINARY
    oid = BIGINT_ARRAY_OID

    def dump(self, obj: npt.NDArray[np.int64]) -> bytes:
        """Return the array as it travels."""
        return encode_array(obj)


psycopg.adapters.register_dumper(np.ndarray, _ColumnDumper)


def read_arrays(
    connection: Connection, statement: str, parameters: Mapping[str, Any] | None, types: Sequence[ColumnType]
) -> list[Column]:
    """Run a statement that returns an array of each of ``types``; NULL, where there are no rows, is an empty column."""
    result = connection.execute(statement, parameters, binary=True).pgresult
    if result is None:
        raise TypeError(f"no rows are returned by {statement}")
    return [decode_array(result.get_value(0, index), kind) for index, kind in enumerate(types)]


@dataclass(frozen=True)
class ArrayRuns:
    """Rows of arrays, put one after the other: ``heads``, a row of whole numbers each, of which the last is the length.

    ``columns``: None where all arrays of one are NULL; where some are, they hold as many NaN, or ABSENT.
    """

    heads: Ints
    columns: Sequence[Column | None]

    @property
    def lengths(self) -> Ints:
        """How many elements each row has."""
        found: Ints = self.heads[:, -1]
        return found


def read_runs(
    connection: Connection, statement: str, parameters: Mapping[str, Any], heads: int, types: Sequence[ColumnType]
) -> ArrayRuns:
    """Run a statement of which each row has so many ``heads`` of bigint, and then arrays of ``types``.

    The last head says how many elements the row has: its arrays hold as many, or one that stands for all of them.
    """
    result = connection.execute(statement, parameters, binary=True).pgresult
    if result is None:
        raise TypeError(f"no rows are returned by {statement}")
    rows = range(result.ntuples)
    head = b"".join([result.get_value(row, place) or b"" for row in rows for place in range(heads)])
    numbers = np.frombuffer(head, _BIGINT).astype(np.int64).reshape(-1, heads)
    columns = [
        _joined([result.get_value(row, place) for row in rows], numbers[:, -1], kind)
        for place, kind in enumerate(types, start=heads)
    ]
    return ArrayRuns(numbers, columns)


def _joined(arrays: Sequence[bytes | None], lengths: Ints, kind: ColumnType) -> Column | None:
    """Return arrays one after the other, each of the length that is told."""
    if not any(arrays):
        return None
    unknown = unknown_elements(kind, 1)
    parts = [unknown if one is None else one[ARRAY_HEADER:] for one in arrays]
    values = decode_array(bytes(ARRAY_HEADER) + b"".join(parts), kind)
    sent = np.fromiter(map(len, parts), np.int64, len(parts)) // len(unknown)
    if np.array_equal(sent, lengths):
        return values
    return values[np.repeat(np.arange(len(values)), np.repeat(lengths // np.maximum(sent, 1), sent))]
