"""Processes that do the same work, as the database knows them: each says every other second that it lives.

In a thread and on a connection of its own, so that long work is no silence. Whoever finds a peer silent ends its
session, so what that held is free within seconds, whether its process is frozen or its machine cut off.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event, Thread
from typing import Final

import psycopg
import structlog
from prometheus_client import Counter

from ingest.wording import in_words
from processors.storage import at_work
from processors.storage.at_work import PATIENCE_SECONDS, PeerPlace, WorkingSession
from processors.storage.database import Connection, look

EVERY_SECONDS: Final = 2.0

ENDED = Counter(
    "pharos_frozen_sessions_ended", "Database sessions of peers that were frozen or cut off and were ended."
)

log = structlog.get_logger(__name__)


class Peers:
    """Those who work as ``application`` on the database at ``url``; ``place`` is this process's among them."""

    def __init__(
        self, url: str, application: str, *, every: float = EVERY_SECONDS, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._url, self._application, self._every, self._patience = url, application, every, patience
        self.place: PeerPlace | None = None  # not known yet

    @contextmanager
    def joined(self, connection: Connection) -> Iterator[None]:
        """Be known as the one who works on ``connection`` until the end."""
        session = WorkingSession.of(connection, self._application)
        ended = Event()
        thread = Thread(target=self._keep_saying, args=(session, ended), name="peers", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()

    def _keep_saying(self, session: WorkingSession, ended: Event) -> None:
        while not ended.is_set():
            try:
                with closing(look(self._url, f"{self._application} peers")) as connection:
                    while not ended.is_set():
                        self._say(connection, session)
                        ended.wait(self._every)
                    at_work.left(connection, session)
            except psycopg.Error as error:
                log.debug("nobody was told that this process is at work", cause=in_words(error))
                ended.wait(1.0)
            except Exception:  # the outermost loop of this thread: its peers would end it
                log.exception("a fault while saying that this process is at work")
                ended.wait(self._every)

    def _say(self, connection: Connection, session: WorkingSession) -> None:
        place, frozen = at_work.seen(connection, session, self._patience)
        if frozen:
            ENDED.inc(frozen)
            log.warning("peers that said nothing for long were ended", sessions=frozen, work=self._application)
        self.place = place
