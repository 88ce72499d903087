"""Columns as PostgreSQL's arrays, there and back."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from processors.storage.arrays import read_arrays, read_runs
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


@pytest.mark.integration
@pytest.mark.plain_tables
def test_what_is_alike_in_an_array_travels_once_and_arrives_whole(connection: "Connection") -> None:
    chance = np.random.default_rng(7)
    choices: tuple[tuple[float | None, ...], ...] = ((1.5,), (0.0, 7.25), (None, 3.0), (None,), (1.0, 1.0, 1.0, 2.0))
    numbers = [[choices[n % 5][place] for place in chance.integers(len(choices[n % 5]), size=n % 9)] for n in range(45)]
    counts = [[-3] * len(one) if n % 2 else list(range(len(one))) for n, one in enumerate(numbers)]
    connection.execute("create temp table told (n integer, numbers double precision[], counts bigint[])")
    with connection.cursor() as cursor:
        cursor.executemany("insert into told values (%s, %s, %s)", list(zip(range(45), numbers, counts, strict=True)))
    statement = """
        select cardinality(numbers)::bigint, array_replace(alike(numbers), null, 'NaN'), alike(counts),
            case when n > 99 then numbers end
        from told order by n
    """
    runs = read_runs(connection, statement, {}, 1, (ColumnType.DOUBLE, ColumnType.BIGINT, ColumnType.REAL))

    assert runs.lengths.tolist() == list(map(len, numbers))
    expected = np.array([number for one in numbers for number in one], np.float64)
    assert runs.columns[0] is not None
    assert runs.columns[0].tobytes() == expected.tobytes()
    assert runs.columns[1] is not None
    assert runs.columns[1].tolist() == [count for one in counts for count in one]
    assert runs.columns[2] is None
    sent = connection.execute("select sum(cardinality(alike(numbers))) from told").fetchone()
    assert sent
    assert sent[0] < len(expected)
