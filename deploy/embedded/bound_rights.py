"""What bindings allow whom, as the registry says now, and as far as ingest has a queue: a broker forgets the rest.

Looked after in a thread of its own: a database that is away leaves the rights as they are.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Final

import psycopg

from deploy.embedded.credentials import NO_BINDINGS
from deploy.periodic import Every
from ingest.model.binding_rights import Rights, rights
from ingest.model.city.assets import City
from ingest.sources.mqtt.kept_sessions import KeptSessions
from processors.storage.database import connect
from processors.storage.registry.bound_cities import BoundCities
from processors.storage.registry.handing_on import handing_on

EVERY_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 10.0
APPLICATION: Final = "pharos up (bindings)"


class BoundRights:
    """Reads them from the database at ``url`` and the queues from ``folder``, from construction to ``close``.

    Known when constructed: a gateway that is let in without its rights is acknowledged, and what it says is dropped.
    """

    def __init__(self, url: Callable[[], str], folder: Path) -> None:
        self._url, self._kept = url, KeptSessions(folder)
        self._granted: Mapping[tuple[str, str], Rights] = NO_BINDINGS
        self._awaited_since: float | None = None
        self._closed = Event()
        self._taken: tuple[list[City], frozenset[str]] | None = (
            None  # of which cities and filters that was the last word
        )
        self.asks_services = False  # whether any city has a binding that asks one
        self.hands_on = False  # whether any city hands figures on
        with closing(connect(url(), APPLICATION)) as connection:
            listened, cities = self._kept.filters(), BoundCities(connection)()
            self._granted = {key: one.subscribed(listened) for key, one in rights(cities).items()}
            self.asks_services, self.hands_on = _asks(cities), handing_on(connection)
        self._every = Every(EVERY_SECONDS, self._look)

    def __call__(self) -> Mapping[tuple[str, str], Rights]:
        """Return what is allowed now, by city and native id; the same object while that is the same."""
        return self._granted

    def close(self) -> None:
        """Look no more."""
        self._closed.set()
        self._every.close()

    def _look(self) -> None:
        try:
            with closing(connect(self._url(), APPLICATION)) as connection:
                cities = BoundCities(connection)
                while not self._closed.wait(EVERY_SECONDS):
                    bound = cities()
                    self.asks_services, self.hands_on = _asks(bound), handing_on(connection)
                    self._take(bound)
        except psycopg.OperationalError:
            return  # the database is away, which whoever looks after it tells; the next look is soon

    def _take(self, cities: list[City]) -> None:
        listened = self._kept.filters()
        if self._taken and self._taken[0] is cities and self._taken[1] == listened:
            return  # looked at all the time, and of many devices it takes a while
        wanted = rights(cities)
        granted = {key: one.subscribed(listened) for key, one in wanted.items()}
        if granted == self._granted:
            self._taken = cities, listened
            return
        # A broker that reads its rights anew does not answer who subscribes meanwhile: what is about to be is awaited.
        self._awaited_since = self._awaited_since or time.monotonic()
        if granted == wanted or time.monotonic() - self._awaited_since > PATIENCE_SECONDS:
            self._granted, self._awaited_since = granted, None


def _asks(cities: Iterable[City]) -> bool:
    return any(binding.pull for city in cities for binding in city.bindings)
