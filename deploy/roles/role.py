"""What every long-running role does around its work: stop when asked, survive its database, say what it is doing."""

import signal
from collections.abc import Callable
from threading import Event
from types import FrameType

import psycopg
import structlog

from deploy.causes import Unreadiness
from ingest.backoff import Backoff
from ingest.wording import in_words
from processors.storage.database import Connection, connect
from processors.storage.exclusive import Work, claim
from processors.storage.schema.migrate import require_current

log = structlog.get_logger(__name__)


class Stop:
    """Set by SIGTERM or SIGINT; a role's loops end when it is set."""

    def __init__(self) -> None:
        self._event = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def __bool__(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleep for ``seconds`` or until asked to stop; returns whether to stop."""
        return self._event.wait(seconds)

    def set(self) -> None:
        """Ask to stop."""
        self._event.set()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del frame
        log.info("stopping", signal=signal.Signals(number).name)
        self._event.set()


def work_with_database(
    url: str, application: str, work: Callable[[Connection], None], causes: Unreadiness, stop: Stop
) -> None:
    """Run ``work`` on a connection until asked to stop; reconnect when the connection is lost, never slower than 10 s.

    ``work`` returns when it is asked to stop. Only a lost connection is retried; every other error ends the role, and
    so does a database without this version's schema (SchemaError).
    """
    backoff = Backoff()
    while not stop:
        try:
            with connect(url, application) as connection:
                require_current(connection)
                causes.clear("database")
                backoff.reset()
                work(connection)
        except psycopg.OperationalError as error:
            delay = backoff.next()
            sentence = f"database not usable, trying again in {delay:.1f} s: {in_words(error)}"
            causes.set("database", sentence)
            log.warning("database lost", cause=sentence)
            stop.wait(delay)


def wait_to_be_alone(connection: Connection, work: Work, causes: Unreadiness, stop: Stop) -> bool:
    """Wait, not ready, until no other process does ``work`` on this database; False when asked to stop before."""
    while not stop:
        if claim(connection, work):
            causes.clear("alone")
            return True
        causes.set(
            "alone", f"another process does this work ({work.name.lower()}) on this database; waiting for its end"
        )
        stop.wait(1.0)
    return False
