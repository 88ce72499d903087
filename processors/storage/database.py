"""Connections to PostgreSQL, how long they wait, and the statements kept in the packages' ``sql`` folders."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

Connection = psycopg.Connection[TupleRow]
Value = TypeVar("Value")

#: A server that is gone without a word is noticed in half a minute: keepalives while idle, the last while sending.
KEEPALIVES: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


@dataclass(frozen=True)
class TimeLimits:
    """Seconds that the server lets a session wait for a lock, run a statement, idle in a transaction; 0: for ever."""

    lock: int
    statement: int
    idle_in_transaction: int

    def __str__(self) -> str:
        """Return the settings as SQL."""
        return (
            f"set lock_timeout = '{self.lock}s'; set statement_timeout = '{self.statement}s';"
            f" set idle_in_transaction_session_timeout = '{self.idle_in_transaction}s'"
        )


WORKING: Final = TimeLimits(lock=20, statement=600, idle_in_transaction=900)
"""Of a role at work. Its statements are bounded portions of seconds: only what will never end is cut."""
STORING: Final = TimeLimits(lock=20, statement=600, idle_in_transaction=60)
"""Of a role that stores readings: a batch is made before its transaction begins, so one that idles in it is frozen."""
LOOKING: Final = TimeLimits(lock=2, statement=5, idle_in_transaction=30)
"""Of those who watch, and must tell of a lock instead of waiting for it."""
ADMINISTERING: Final = TimeLimits(lock=0, statement=0, idle_in_transaction=0)
"""Of changes to the schema, which take as long as they take."""


class ImpatientConnection(psycopg.Connection[TupleRow]):
    """A connection that is given up when the server says nothing for ``patience`` seconds.

    A frozen server enforces no limit of its own, and its machine still answers for it. The connection is closed then,
    since nobody knows what became of the statement; raises psycopg.OperationalError.
    """

    patience = 8.0

    def wait(self, gen: PQGen[Value], interval: float = 0.1, timeout: float | None = None) -> Value:
        """Wait for ``gen`` as every connection does, but not for ever."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"the database does not answer for {self.patience:g} s") from None

    @contextmanager
    def waiting_for(self, seconds: float) -> Iterator[None]:
        """Wait for so long only inside."""
        usual, self.patience = self.patience, seconds
        try:
            yield
        finally:
            self.patience = usual


def connect(url: str, application: str, limits: TimeLimits = WORKING) -> Connection:
    """Open a connection whose session speaks UTC; ``application`` names it in pg_stat_activity.

    Not autocommit. An unreachable server is noticed within seconds. Raises psycopg.OperationalError.
    """
    return _opened(psycopg.connect(url, application_name=application, **KEEPALIVES), limits)


def look(url: str, application: str) -> Connection:
    """Open a connection for short looks, which neither a lock nor a frozen server holds up for long."""
    return _opened(ImpatientConnection.connect(url, application_name=application, **KEEPALIVES), LOOKING)


def _opened(connection: Connection, limits: TimeLimits) -> Connection:
    connection.execute(f"set time zone 'UTC'; {limits}")
    connection.commit()
    return connection
