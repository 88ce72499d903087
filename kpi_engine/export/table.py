"""A tidy table: one row an observation, one column a variable, each with its unit and what it means.

A table is made a portion at a time and never held: how many rows it has is known when the last one was written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import polars as pl

ROWS_AT_ONCE: Final = 200_000
"""Of a portion: memory is bounded, however long the table."""


class ColumnKind(Enum):
    """What a column holds, as the type it has in a frame."""

    TEXT = pl.String()
    NUMBER = pl.Float64()
    INTEGER = pl.Int64()
    BOOLEAN = pl.Boolean()
    INSTANT = pl.Datetime("us", "UTC")
    CIVIL = pl.Datetime("us")  # what clocks of the city showed


@dataclass(frozen=True)
class TableColumn:
    """One column; ``unit`` where every value has the same, else another column says it."""

    name: str
    kind: ColumnKind
    description: str
    unit: str | None = None


@dataclass(frozen=True)
class Table:
    """A table that has not been made yet.

    ``about`` says where it comes from: what was asked for, when it was known. ``portions`` makes its frames, in the
    order of the rows.
    """

    name: str
    title: str
    columns: Sequence[TableColumn]
    about: Mapping[str, str]
    portions: Callable[[], Iterator[pl.DataFrame]]

    @property
    def schema(self) -> pl.Schema:
        """The types of its frames."""
        return pl.Schema({column.name: column.kind.value for column in self.columns})

    def frames(self) -> Iterator[pl.DataFrame]:
        """Make the portions, each with the columns of the table in their order and types."""
        schema = self.schema
        for portion in self.portions():
            yield portion.select(pl.col(name).cast(kind) for name, kind in schema.items())
