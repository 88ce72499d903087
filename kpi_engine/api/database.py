"""The connections of the HTTP interface: a bounded pool, one connection per request, rows as response models."""

from collections.abc import Callable, Iterator
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Request
from psycopg.rows import kwargs_row
from psycopg_pool import ConnectionPool

from processors.storage.database import Connection, sql

POOL_SIZE: Final = 8
"""Requests that read at the same time; more wait their turn outside of the worker threads."""

Row = TypeVar("Row")


def pool(url: str) -> ConnectionPool[Connection]:
    """Return a closed pool whose sessions speak UTC and give up a statement after 20 s."""
    return ConnectionPool(
        url,
        kwargs={
            "application_name": "pharos api",
            "connect_timeout": 5,
            "options": "-c timezone=UTC -c statement_timeout=20000",
        },
        min_size=1,
        max_size=POOL_SIZE,
        timeout=5,
        open=False,
        check=ConnectionPool.check_connection,
    )


def _connection(request: Request) -> Iterator[Connection]:
    connections: ConnectionPool[Connection] = request.app.state.pool
    with connections.connection() as connection:
        yield connection


# Handed back before the response is sent: a slow reader, or an event stream, holds none. The limit keeps requests that
# wait for a connection from taking the worker threads that those who have one need to finish.
Database = Annotated[Connection, Depends(_connection, scope="function", max_concurrency=POOL_SIZE)]


def fetch(connection: Connection, model: Callable[..., Row], name: str, **values: object) -> list[Row]:
    """Run ``kpi_engine/sql/<name>.sql`` and return its rows as ``model``."""
    with connection.cursor(row_factory=kwargs_row(model)) as cursor:
        return cursor.execute(sql("kpi_engine", name), values).fetchall()
