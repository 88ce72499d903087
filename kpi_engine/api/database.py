"""The connections of the HTTP interface: a bounded pool, one connection per request."""

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import Depends, Request
from psycopg_pool import ConnectionPool

from processors.storage.database import KEEPALIVES, Connection, ImpatientConnection

POOL_SIZE: Final = 8
"""Requests that read at the same time; more wait their turn outside of the worker threads."""

CHECK_SECONDS: Final = 2.0
PATIENCE_SECONDS: Final = 25.0


def pool(url: str) -> ConnectionPool[Connection]:
    """Return a closed pool whose sessions speak UTC and give up a statement after 20 s, and a lock after 5.

    A frozen server says nothing to that: a connection that does not answer within 2 s is not handed out, and a
    statement is given up a few seconds after the server should have.
    """
    return ConnectionPool(
        url,
        connection_class=ImpatientConnection,
        kwargs={
            **KEEPALIVES,
            "application_name": "pharos api",
            "connect_timeout": 3,
            "options": "-c timezone=UTC -c statement_timeout=20s -c lock_timeout=5s"
            " -c idle_in_transaction_session_timeout=60s",
        },
        min_size=1,
        max_size=POOL_SIZE,
        timeout=5,
        open=False,
        check=_check,
        configure=_configure,
    )


def _configure(connection: Connection) -> None:
    assert isinstance(connection, ImpatientConnection)  # noqa: S101 - what the pool makes; tells the type checker
    connection.patience = PATIENCE_SECONDS


def _check(connection: Connection) -> None:
    """Raise where the server does not answer at once."""
    assert isinstance(connection, ImpatientConnection)  # noqa: S101 - what the pool makes; tells the type checker
    with connection.waiting_for(CHECK_SECONDS):
        ConnectionPool.check_connection(connection)


def _connection(request: Request) -> Iterator[Connection]:
    connections: ConnectionPool[Connection] = request.app.state.pool
    with connections.connection() as connection:
        yield connection


# Handed back before the response is sent: a slow reader, or an event stream, holds none. The limit keeps requests that
# wait for a connection from taking the worker threads that those who have one need to finish.
Database = Annotated[Connection, Depends(_connection, scope="function", max_concurrency=POOL_SIZE)]
