"""What a database error means for the data is decided by its SQLSTATE."""

import psycopg
import pytest
from psycopg import errors

from processors.errors import StoreFaultError, StoreUnavailableError
from processors.storage.failures import classified


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("server closed the connection unexpectedly"),
        psycopg.InterfaceError("connection is closed"),
        errors.AdminShutdown("terminating connection"),
        errors.CannotConnectNow("starting up"),
        errors.DiskFull("no space left"),
        errors.TooManyConnections("too many clients"),
        errors.DeadlockDetected("deadlock"),
        errors.ReadOnlySqlTransaction("cannot execute in a read-only transaction"),
    ],
)
def test_connections_and_resources_are_worth_trying_again(error: psycopg.Error) -> None:
    with pytest.raises(StoreUnavailableError), classified():
        raise error


@pytest.mark.parametrize("error", [errors.UndefinedTable("no table"), errors.InsufficientPrivilege("denied")])
def test_what_nobody_foresaw_is_a_fault_in_one_line(error: psycopg.Error) -> None:
    with pytest.raises(StoreFaultError, match=str(error)), classified():
        raise error
