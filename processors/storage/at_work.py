"""Which sessions are at work for a role, on whatever machines, and the end of those whose process is frozen or cut off.

A process that is frozen keeps its session, and with it every lock and open transaction, for as long as its machine
answers. Its peers end the session in the database: what it had not committed never happened, and when it goes on, its
next statement fails. Only the database's clock is asked. Nothing is right only because of it: locks of sessions decide
who does what, and this decides how soon they are let go.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

PATIENCE_SECONDS: Final = 15.0  # a process that says nothing for so long does not work, however busy its machine is


@dataclass(frozen=True)
class WorkingSession:
    """A session of ``application`` in the database: its process id there, and when it began."""

    application: str
    pid: int
    began: datetime

    @classmethod
    def of(cls, connection: Connection, application: str) -> "WorkingSession":
        """Return the session of a connection. Commits."""
        row = connection.execute(SQL["at_work_session"]).fetchone()
        connection.commit()
        return cls(application, *(row or ()))


@dataclass(frozen=True)
class PeerPlace:
    """Of ``count`` sessions that do the same work, how many are ``before`` this one: 0 to count - 1."""

    before: int
    count: int


ALONE: Final = PeerPlace(0, 1)


def seen(connection: Connection, session: WorkingSession, patience: float = PATIENCE_SECONDS) -> tuple[PeerPlace, int]:
    """Say that ``session`` is at work; returns its place, and how many frozen peers were ended. Commits."""
    asked = asdict(session) | {"patience": patience}
    with connection.transaction():
        connection.execute(SQL["at_work_seen"], asked)
    with connection.transaction():
        ended = connection.execute(SQL["at_work_end_frozen"], asked).fetchone()
    with connection.transaction():
        place = connection.execute(SQL["at_work_place"], asked).fetchone()
    return PeerPlace(*place) if place and place[1] else ALONE, int(ended[0]) if ended else 0


def left(connection: Connection, session: WorkingSession) -> None:
    """Say that ``session`` is not at work any more. Commits."""
    with connection.transaction():
        connection.execute(SQL["at_work_left"], asdict(session))
