"""Transactions that are nobody's part: what happens inside is committed at the end, and seen by others.

PostgreSQL knows no nested transactions: one that begins inside another is a savepoint, whose end commits nothing. A
single statement before it, outside of a transaction, is enough to make it so.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.pq import TransactionStatus

from processors.errors import TransactionError
from processors.storage.database import Connection


@contextmanager
def committing(connection: Connection) -> Iterator[None]:
    """Commit what happens inside, all of it or nothing.

    Raises TransactionError unless the connection is idle: inside of a transaction nothing would be committed.
    """
    status = connection.info.transaction_status
    if status in {TransactionStatus.INTRANS, TransactionStatus.INERROR, TransactionStatus.ACTIVE}:
        raise TransactionError(
            "a transaction is open on this connection already, so what begins here would be part of it and not be"
            " committed at its end; nothing was done. Commit or roll back what was read or written before"
        )
    with connection.transaction():
        yield
