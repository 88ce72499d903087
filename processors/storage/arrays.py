"""What a statement returns as one row of arrays, as columns: no row of it becomes a Python object."""

from collections.abc import Mapping, Sequence
from typing import Any

from processors.storage.binary_copy import Column, ColumnType, decode_array
from processors.storage.database import Connection


def read_arrays(
    connection: Connection, statement: str, parameters: Mapping[str, Any] | None, types: Sequence[ColumnType]
) -> list[Column]:
    """Run a statement that returns an array of each of ``types``; NULL, where there are no rows, is an empty column."""
    result = connection.execute(statement, parameters, binary=True).pgresult
    if result is None:
        raise TypeError(f"no rows are returned by {statement}")
    return [decode_array(result.get_value(0, index), kind) for index, kind in enumerate(types)]
