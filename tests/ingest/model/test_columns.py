"""Tables as columns: rows are picked and joined in all columns at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from ingest.model.columns import ColumnTable, Rows, RowsOnDemand

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Inner(ColumnTable):
    """A table within another one."""

    x: Numbers


@dataclass(frozen=True)
class Outer(ColumnTable):
    """A table with a table and a column that may be absent."""

    key: Numbers
    inner: Inner
    note: Numbers | None = None


class Squares(RowsOnDemand[int]):
    """The squares below a number, which are worked out when they are looked at."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.looked_at: list[int] = []

    def __len__(self) -> int:
        return self._count

    def at(self, place: int) -> int:
        """Return the square of a place."""
        self.looked_at.append(place)
        return place * place


def outer(count: int, *, noted: bool = False) -> Outer:
    keys = np.arange(count)
    return Outer(keys, Inner(keys * 10), keys * 100 if noted else None)


@pytest.mark.parametrize("rows", [np.array([False, True, True]), np.array([1, 2]), slice(1, None)])
def test_a_row_is_picked_in_every_column_and_in_tables_within(rows: Rows) -> None:
    found = outer(3, noted=True).select(rows)
    assert (len(found), found.key.tolist(), found.inner.x.tolist()) == (2, [1, 2], [10, 20])
    assert found.note is not None
    assert found.note.tolist() == [100, 200]


def test_a_column_that_the_whole_table_lacks_stays_absent() -> None:
    assert outer(3).select(np.array([0])).note is None


def test_tables_are_joined_in_their_order() -> None:
    found = Inner.concatenate([Inner(np.array([3])), Inner(np.array([], np.int64)), Inner(np.array([1, 2]))])
    assert found.x.tolist() == [3, 1, 2]


def test_a_row_is_made_when_it_is_looked_at_and_no_other_one_is() -> None:
    squares = Squares(5)
    assert (squares[3], squares.looked_at) == (9, [3])


def test_rows_on_demand_are_a_sequence_like_any_other() -> None:
    squares = Squares(4)
    assert (list(squares), squares[1:3], list(reversed(squares)), 4 in squares) == (
        [0, 1, 4, 9],
        [1, 4],
        [9, 4, 1, 0],
        True,
    )
