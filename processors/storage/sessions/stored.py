"""The charging sessions that are stored of points, and the spans of which every session is here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ingest.model.session import Session
from ingest.model.time import from_micros, to_micros
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class PointWindow:
    """The sessions of a device that begin in [start, end)."""

    device_id: int
    start: int
    end: int


def begun(connection: Connection, windows: Sequence[PointWindow]) -> list[list[Session]]:
    """Return for each window the sessions that begin in it, in order, with no flags yet."""
    found: list[list[Session]] = [[] for _ in windows]
    for slot, *columns in connection.execute(SQL["session_begun"], windows_given(windows)):
        found[slot].append(stored_session(*columns))
    return found


def stored_session(  # noqa: PLR0913, PLR0917 - the columns of a statement
    transaction: str,
    begin: datetime,
    end: datetime | None,
    energy: float | None,
    lower: float | None,
    upper: float | None,
) -> Session:
    """Return the session that a row of the store tells, with no flags yet."""
    ended = None if end is None else to_micros(end)
    return Session(transaction, to_micros(begin), ended, energy, lower_kwh=lower, upper_kwh=upper)


def declared_complete(connection: Connection, windows: Sequence[PointWindow]) -> list[list[tuple[int, int]]]:
    """Return for each window the declared spans [from, to) that overlap it."""
    found: list[list[tuple[int, int]]] = [[] for _ in windows]
    for slot, start, end in connection.execute(SQL["session_spans"], windows_given(windows)):
        found[slot].append((to_micros(start), to_micros(end)))
    return found


def windows_given(windows: Sequence[PointWindow]) -> dict[str, Any]:
    """Return windows as the parameters of a statement, numbered by their place."""
    return {
        "slot": list(range(len(windows))),
        "device_id": [one.device_id for one in windows],
        "from_time": [from_micros(one.start) for one in windows],
        "to_time": [from_micros(one.end) for one in windows],
    }
