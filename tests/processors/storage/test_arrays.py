"""Columns as PostgreSQL's arrays, there and back."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType, decode_array, encode_array

if TYPE_CHECKING:
    from processors.storage.database import Connection

COLUMNS = [[], [1], [-5, 0, 2**62, -(2**62)]]


@pytest.mark.parametrize("values", COLUMNS)
def test_what_is_encoded_is_decoded(values: list[int]) -> None:
    column = np.array(values, np.int64)
    assert decode_array(encode_array(column), ColumnType.BIGINT).tolist() == values
    assert encode_array(np.repeat(column, 2)[::2]) == encode_array(column)


@pytest.mark.integration
@pytest.mark.plain_tables
def test_a_column_is_a_parameter_of_a_statement(connection: "Connection") -> None:
    given = {"numbers": np.array([7, -1, 2**40]), "ids": np.array([3, 4])}
    statement = """
        select (select array_agg(n) from unnest(%(numbers)s::bigint[]) n),
            (select array_agg(i) from unnest(%(ids)s::integer[]) i)
    """
    numbers, ids = read_arrays(connection, statement, given, (ColumnType.BIGINT, ColumnType.INTEGER))
    assert numbers.tolist() == [7, -1, 2**40]
    assert ids.tolist() == [3, 4]
