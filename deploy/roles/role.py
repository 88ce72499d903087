"""What every long-running role does around its work: stop when asked, survive its database, say what it is doing."""

import signal
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Final

import psycopg
import structlog

from deploy.causes import Unreadiness
from deploy.roles.latest_end import end_at_latest
from deploy.roles.peers import Peers
from ingest.backoff import Backoff
from ingest.wording import in_words
from processors.storage.database import Connection, connect
from processors.storage.exclusive import Work, claim, share
from processors.storage.schema.migrate import require_current

log = structlog.get_logger(__name__)


class Stop:
    """Set by SIGTERM or SIGINT; a role's loops end when it is set.

    A handler of signals runs in the middle of whatever the main thread does, a wait for the signal among it. It may
    take no lock then: an Event would wait for ever for the lock that its own waiter holds. SimpleQueue.put needs none.
    """

    def __init__(self) -> None:
        self._asked = False
        self._wake: Final = SimpleQueue[None]()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def __bool__(self) -> bool:
        return self._asked

    def wait(self, seconds: float) -> bool:
        """Sleep for ``seconds`` or until asked to stop; returns whether to stop."""
        if not self._asked:
            try:
                self._wake.get(timeout=seconds)
            except Empty:
                return self._asked
            self.set()  # for whoever waits beside this one
        return True

    def set(self) -> None:
        """Ask to stop."""
        self._asked = True
        self._wake.put(None)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.set()
        end_at_latest()
        log.info("stopping", signal=signal.Signals(number).name)


def work_with_database(  # noqa: PLR0913, PLR0917 - a role is told all that it depends on
    url: str,
    application: str,
    work: Callable[[Connection], None],
    causes: Unreadiness,
    stop: Stop,
    peers: Peers | None = None,
) -> None:
    """Run ``work`` on a connection until asked to stop; reconnect when the connection is lost, never slower than 10 s.

    ``work`` returns when it is asked to stop. Meanwhile ``peers`` (None: its own) know that it lives, and end its
    session if it is frozen. Only a lost connection is retried; every other error ends the role, and so does a database
    without this version's schema (SchemaError).
    """
    backoff, peers = Backoff(), peers or Peers(url, application)
    while not stop:
        try:
            with connect(url, application) as connection:
                require_current(connection)
                causes.clear("database")
                backoff.reset()
                with peers.joined(connection):
                    work(connection)
        except psycopg.OperationalError as error:
            delay = backoff.next()
            sentence = f"database not usable, trying again in {delay:.1f} s: {in_words(error)}"
            causes.set("database", sentence)
            log.warning("database lost", cause=sentence)
            stop.wait(delay)


def wait_to_be_alone(connection: Connection, work: Work, causes: Unreadiness, stop: Stop) -> bool:
    """Wait, not ready, until no other process does ``work`` on this database; False when asked to stop before."""
    return _wait(lambda: claim(connection, work), work, causes, stop)


def wait_to_share(connection: Connection, work: Work, causes: Unreadiness, stop: Stop) -> bool:
    """Wait, not ready, while a process of a former version does ``work`` alone; False when asked to stop before."""
    return _wait(lambda: share(connection, work), work, causes, stop)


def _wait(claimed: Callable[[], bool], work: Work, causes: Unreadiness, stop: Stop) -> bool:
    while not stop:
        if claimed():
            causes.clear("alone")
            return True
        causes.set(
            "alone", f"another process does this work ({work.name.lower()}) on this database; waiting for its end"
        )
        stop.wait(1.0)
    return False
