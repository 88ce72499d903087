"""What a database error means for the data, by SQLSTATE (PostgreSQL, appendix A)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from processors.errors import DataRefusedError, StoreFaultError, StoreUnavailableError

_TRANSIENT_CLASSES: Final = frozenset(
    {
        "08",  # connection exception
        "25",  # invalid transaction state: a standby, read-only for now
        "40",  # serialization failure, deadlock
        "53",  # out of memory, disk, connections
        "55",  # object not available: locks
        "57",  # operator intervention: shutdown, starting up
        "58",  # I/O error
    }
)
_LASTING: Final = frozenset({"53400"})  # a configured limit is exceeded: the same write will exceed it again
REFUSING_THE_DATA: Final = (psycopg.DataError, psycopg.IntegrityError)  # classes 22 and 23


@contextmanager
def classified() -> Iterator[None]:
    """Turn database errors into StoreUnavailableError (try again) or StoreFaultError (hold and tell somebody).

    Of the latter DataRefusedError where it is the data that the database refuses.
    """
    try:
        yield
    except psycopg.Error as error:
        # Without the statement that PostgreSQL quotes: it says nothing to those who read this.
        sentence = " ".join((error.diag.message_primary or str(error)).split()) or type(error).__name__
        raise _kind(error)(sentence) from error


def _kind(error: psycopg.Error) -> type[StoreUnavailableError | StoreFaultError]:
    if is_transient(error):
        return StoreUnavailableError
    return DataRefusedError if isinstance(error, REFUSING_THE_DATA) else StoreFaultError


def is_transient(error: psycopg.Error) -> bool:
    """Whether the same write may succeed later without anybody mending it; a lost connection has no SQLSTATE."""
    if error.sqlstate is None:
        return isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
    return error.sqlstate[:2] in _TRANSIENT_CLASSES and error.sqlstate not in _LASTING
