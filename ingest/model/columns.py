"""Tables as columns: frozen dataclasses whose fields are arrays of one length, the first of which tells it.

Where other code wants rows, they are made of columns one by one, when they are looked at.
"""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import Field
from typing import Any, ClassVar, Self, TypeAlias, TypeVar, overload

import numpy as np
import numpy.typing as npt

Rows: TypeAlias = npt.NDArray[np.bool_] | npt.NDArray[np.int64] | slice

Row_co = TypeVar("Row_co", covariant=True)


class ColumnTable:
    """A table of columns. A field may be None for the whole table, or a table itself; ``select`` takes it along."""

    __dataclass_fields__: "ClassVar[dict[str, Field[Any]]]"

    def __len__(self) -> int:
        return len(getattr(self, next(iter(self.__dataclass_fields__))))

    def select(self, rows: Rows) -> Self:
        """Return the rows that a mask, an index or a slice picks, in that order."""
        return type(self)(*(_picked(getattr(self, name), rows) for name in self.__dataclass_fields__))

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Return the rows of one table or more, one after another; every field of them is an array."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__))


class RowsOnDemand(Sequence[Row_co]):
    """Rows that are kept in another form, such as columns: one becomes an object when it is looked at."""

    @abstractmethod
    def at(self, place: int) -> Row_co:
        """Return the row at a place, from 0 on."""

    def __iter__(self) -> Iterator[Row_co]:
        return map(self.at, range(len(self)))

    @overload
    def __getitem__(self, place: int) -> Row_co: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row_co]: ...
    def __getitem__(self, place: int | slice) -> Row_co | list[Row_co]:
        if isinstance(place, slice):
            return [self.at(one) for one in range(*place.indices(len(self)))]
        return self.at(place)


class RowsMadeOnce(Sequence[Row_co]):
    """Rows that are kept as columns: all become objects when one is looked at. Equal to any sequence of the same."""

    @property
    @abstractmethod
    def rows(self) -> tuple[Row_co, ...]:
        """Every row; to be kept, as they are made once."""

    @overload
    def __getitem__(self, place: int) -> Row_co: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Row_co, ...]: ...
    def __getitem__(self, place: int | slice) -> Row_co | tuple[Row_co, ...]:
        return self.rows[place]

    def __iter__(self) -> Iterator[Row_co]:
        return iter(self.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and self.rows == tuple(other)

    def __hash__(self) -> int:
        return hash(self.rows)


def _picked(column: Any, rows: Rows) -> Any:  # noqa: ANN401 - an array, a table or None
    if column is None:
        return None
    return column[rows] if isinstance(column, np.ndarray) else column.select(rows)
