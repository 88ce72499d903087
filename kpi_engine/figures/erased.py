"""Figures whose inputs were erased: they stay as they are, say by whom and why, and are never computed again."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple

from kpi_engine.figures.figure import FigureKey
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

ERASED: Final = "erased"
"""The only key of inputs that were erased; it holds a sentence."""


class ErasedSpan(NamedTuple):
    """Of a subject (None: the city as a whole) and an indicator, when figures rest on what was erased; microseconds."""

    city_id: int
    site_id: int | None
    kpi: str
    start: int
    end: int

    def of(self, subject: tuple[int, int | None], kpi: str) -> bool:
        """Whether it is of a subject and an indicator."""
        return (self.city_id, self.site_id) == subject and self.kpi == kpi

    def meets(self, start: int, end: int) -> bool:
        """Whether it has time in common with [start, end)."""
        return self.start < end and start < self.end


def sentence(inputs: Mapping[str, Any]) -> str | None:
    """Return by whom and why inputs were erased; None where they were not."""
    note = inputs.get(ERASED)
    return note if isinstance(note, str) else None


def spans(connection: Connection) -> list[ErasedSpan]:
    """Return what rests on erased readings."""
    return [ErasedSpan(*row) for row in connection.execute(SQL["erased_spans"])]


def standing(connection: Connection, keys: Collection[FigureKey], end: Callable[[FigureKey], int]) -> set[FigureKey]:
    """Return which of some figures stay as they are, since their inputs were erased; ``end``: of their periods."""
    erased = spans(connection) if keys else []
    return {
        key for key in keys if any(one.of(key.subject, key.kpi) and one.meets(key.start, end(key)) for one in erased)
    }
