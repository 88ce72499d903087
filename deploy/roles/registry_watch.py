"""The catalogue as it is registered now, for roles that take messages: a city file that is applied is served at once.

A thread with a connection of its own looks for it, since reading a large city must not hold up messages. Whoever asks
gets the newest catalogue that was read whole.
"""

from contextlib import closing
from threading import Event, Thread
from typing import Final

import psycopg
import structlog

from deploy.causes import Unreadiness
from ingest.model.catalogue import Catalogue
from ingest.wording import in_words
from processors.errors import ProcessorsError
from processors.storage.database import Connection, connect
from processors.storage.registry.current_catalogue import CurrentCatalogue

CAUSE: Final = "registry"
EVERY_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 10.0

log = structlog.get_logger(__name__)


class RegistryWatch:
    """Reads the catalogue on ``connection``, and from then on, beside, whenever something else is registered."""

    def __init__(self, connection: Connection, url: str, application: str, causes: Unreadiness) -> None:
        current = CurrentCatalogue(connection)
        self._newest = current()
        self._version = current.version
        self._url, self._application, self._causes = url, application, causes
        self._closed = Event()
        self._thread = Thread(target=self._watch, name="registry", daemon=True)
        self._thread.start()

    def __call__(self) -> Catalogue:
        """Return the newest catalogue; one that has not changed is the same object."""
        return self._newest

    def close(self) -> None:
        """Stop looking."""
        self._closed.set()
        self._thread.join(RETRY_SECONDS)

    def _watch(self) -> None:
        while not self._closed.is_set():
            try:
                with closing(connect(self._url, self._application)) as connection:
                    self._follow(connection)
            except (psycopg.Error, ProcessorsError, ValueError) as error:
                self._report(error)
            except Exception as error:  # the outermost loop of this thread: whoever is blind here serves an old city
                log.exception("a fault while looking for registrations")
                self._report(error)

    def _report(self, error: Exception) -> None:
        cause = in_words(error)
        self._causes.set(CAUSE, f"city files that are applied are not seen, looking again in 10 s: {cause}")
        log.warning("registrations not looked at, again in 10 s", cause=cause)
        self._closed.wait(RETRY_SECONDS)

    def _follow(self, connection: Connection) -> None:
        current = CurrentCatalogue(connection, self._newest, self._version)
        while not self._closed.wait(EVERY_SECONDS):
            newest = current()
            self._causes.clear(CAUSE)
            if newest is not self._newest:
                self._newest, self._version = newest, current.version
                log.info("registered anew", cities=len(newest.cities), devices=len(newest.devices))
