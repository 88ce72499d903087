"""Moments: figures become known in the order of commits, so ``as_of`` answers what a reader could have seen.

A step computes for a second and commits at the end. It takes its time only when it begins to write, and from then to
its commit nobody may begin to read figures; readers are let through before or after. So whoever saw the old figure
began to read before the instant at which the new one begins, and whoever saw the new one after it.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar
from uuid import uuid4

from psycopg import Connection
from psycopg.rows import class_row

from processors.storage.statements import statements

SQL: Final = statements(__name__)


Row = TypeVar("Row")


def write(connection: Connection[Any]) -> int:
    """Let nobody begin to read figures until the caller's transaction ends; waits for those who are beginning.

    Returns the instant from which on they are known, in microseconds. It is the database's: of several who write, on
    several machines, the later one has a later instant.
    """
    connection.execute(SQL["moment_write"])
    ((instant,),) = connection.execute(SQL["moment"]).fetchall()
    return int(instant)


def read(connection: Connection[Any], model: type[Row], statement: str, values: Mapping[str, object]) -> list[Row]:
    """Run a statement on figures of one moment, and return its rows as ``model``.

    Writers wait only until the statement has its snapshot, which a cursor takes when it is declared, not until its rows
    are read. The lock is the session's: a transaction's would last to the end of all that the caller reads.
    """
    with (
        connection.transaction(),  # a named cursor lives in one, also where the connection commits by itself
        connection.cursor(f"figures-{uuid4().hex}", row_factory=class_row(model)) as cursor,
    ):
        connection.execute(SQL["moment_read"])
        try:
            with connection.transaction():  # a savepoint: after a failure the lock can still be given up
                cursor.execute(statement, values)
        finally:
            if not connection.closed:
                connection.execute(SQL["moment_read_done"])
        return cursor.fetchall()
