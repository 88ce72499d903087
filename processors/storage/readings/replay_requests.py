"""What people asked over HTTP to have taken once more of quarantine, and what became of it.

Whoever asks may not write readings; whoever stores them looks here every second.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from processors.storage.database import Connection
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.quarantine import Filter, parameters_of
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class ReplayRequest:
    """One request; ``through``: the last message of quarantine that it is about, ``trouble``: what ended it."""

    replay_id: int
    asked_by: str
    asked_at: datetime
    through: int
    cities: list[str] | None
    city: str | None
    device: str | None
    reason: str | None
    origin: str | None
    from_time: datetime | None
    to_time: datetime | None
    number: int | None
    started_at: datetime | None
    finished_at: datetime | None
    messages: int
    unchanged: int
    stored: int
    duplicate: int
    conflict: int
    quarantined: int
    trouble: str | None

    @property
    def wanted(self) -> Filter:
        """Which messages it is about."""
        chosen = (self.city, self.device, self.reason, self.number, self.cities, self.origin)
        return Filter(*chosen, self.from_time, self.to_time)


def ask(connection: Connection, wanted: Filter, asked_by: str) -> ReplayRequest:
    """Have the messages of ``wanted`` that there are now taken once more."""
    found = _rows(connection, SQL["replay_ask"], parameters_of(wanted) | {"asked_by": asked_by})
    return found[0]


def request(connection: Connection, replay_id: int) -> ReplayRequest | None:
    """Return one request."""
    return next(iter(_rows(connection, SQL["replay_one"], {"replay_id": replay_id})), None)


def begin(connection: Connection) -> ReplayRequest | None:
    """Return the request that is next, or that somebody left unfinished, and note that it is begun."""
    return next(iter(_rows(connection, SQL["replay_begin"], {})), None)


def note(connection: Connection, replay_id: int, messages: int, unchanged: int, readings: Receipt) -> None:
    """Add what became of some messages."""
    counts = {"replay_id": replay_id, "messages": messages, "unchanged": unchanged} | asdict(readings)
    connection.execute(SQL["replay_note"], counts)


def finish(connection: Connection, replay_id: int, trouble: str | None = None) -> None:
    """Note that a request is done, or what it ended by."""
    connection.execute(SQL["replay_finish"], {"replay_id": replay_id, "trouble": trouble})


def _rows(connection: Connection, statement: str, parameters: dict[str, object]) -> list[ReplayRequest]:
    with connection.cursor(row_factory=class_row(ReplayRequest)) as cursor:
        return cursor.execute(statement, parameters).fetchall()
