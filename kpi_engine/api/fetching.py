"""Rows of a statement as models."""

from collections.abc import Callable
from typing import TypeVar

from psycopg.rows import kwargs_row

from processors.storage.database import Connection

Row = TypeVar("Row")


def fetch(connection: Connection, model: Callable[..., Row], statement: str, **values: object) -> list[Row]:
    """Run a statement and return its rows as ``model``."""
    with connection.cursor(row_factory=kwargs_row(model)) as cursor:
        return cursor.execute(statement, values).fetchall()
