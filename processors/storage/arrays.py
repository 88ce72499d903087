"""What a statement returns as one row of arrays, as columns: no row of it becomes a Python object.

Columns of whole numbers may be its parameters as well, and are sent as arrays of bigint.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

from processors.storage.binary_copy import BIGINT_ARRAY_OID, Column, ColumnType, decode_array, encode_array
from processors.storage.database import Connection


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
