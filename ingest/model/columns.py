"""Tables as columns: frozen dataclasses whose fields are arrays of one length, the first of which tells it."""

from collections.abc import Sequence
from dataclasses import Field
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt

Rows: TypeAlias = npt.NDArray[np.bool_] | npt.NDArray[np.int64] | slice


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


def _picked(column: Any, rows: Rows) -> Any:  # noqa: ANN401 - an array, a table or None
    if column is None:
        return None
    return column[rows] if isinstance(column, np.ndarray) else column.select(rows)
