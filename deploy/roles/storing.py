"""What a role that stores readings is made of, whatever brings them: streams on connections of their own, and answers.

It registers the cities of its start, follows the registry, deletes payloads that expired, takes once more what somebody
wants of quarantine, and tells devices what became of their readings.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from threading import Thread
from typing import Final

from deploy.causes import Unreadiness
from deploy.progress import Loop
from deploy.roles import metrics
from deploy.roles.expiry import keep_expiring
from deploy.roles.registry_watch import RegistryWatch
from deploy.roles.retaking import keep_retaking
from deploy.roles.role import Stop
from deploy.roles.start_files import StartFiles
from deploy.roles.store_connection import StoreConnection
from deploy.settings import Settings
from ingest.feedback import FeedbackBoard
from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City
from ingest.sources.mqtt.announcer import Announcer
from ingest.sparkplug.rebirths import Rebirths
from processors.intake.stream import Commit, Recovery, Stream
from processors.storage.database import Connection
from processors.storage.readings.sink import Sink

MEANS: Final = "readings are not being stored"


class Storing:
    """Composes the parts; ``application`` names the connections, ``store`` the database as a cause of unreadiness."""

    def __init__(  # noqa: PLR0913, PLR0917 - the world of a role
        self, settings: Settings, cities: list[City], causes: Unreadiness, stop: Stop, application: str, store: str
    ) -> None:
        self._settings, self._causes, self._stop = settings, causes, stop
        self._application, self._store = application, store
        self._files = StartFiles(cities)
        self._board: FeedbackBoard | None = None
        self._rebirths = Rebirths()
        self._expiry: Thread | None = None
        self._retaking: Thread | None = None
        self.loop = Loop("storing readings", MEANS)

    def open(self, connection: Connection, registry: str, connections: ExitStack) -> RegistryWatch:
        """Begin on ``connection``; ``registry`` names the one that follows the registry until ``connections`` end."""
        self._causes.clear(self._store)
        self._files.register(connection)
        watch = RegistryWatch(connection, self._settings.database(), registry, self._causes)
        registered = connections.enter_context(closing(watch))
        self._board = FeedbackBoard(registered(), since=_now())
        self._expiry = self._expiry or keep_expiring(
            self._settings.database(), self._settings.quarantine_days, self._stop
        )
        self._retaking = self._retaking or keep_retaking(self._settings, self._stop)
        return registered

    def stream(
        self,
        source: str,
        connection: Connection,
        registered: Callable[[], Catalogue],
        gives_up: Callable[[float], bool],
        connections: ExitStack,
    ) -> Stream:
        """Return a stream of ``source`` on a connection that is renewed when it is lost, and ends with ``connections``.

        ``gives_up`` sleeps, and returns whether what could not be stored is not to be tried again.
        """
        catalogue, quota, pseudonyms = registered(), self._settings.quarantine_quota(), self._settings.pseudonyms()
        store_connection = StoreConnection(
            connection,
            self._settings.database(),
            self._application,
            lambda renewed: Sink(renewed, catalogue, source, quota, pseudonyms),
        )
        connections.enter_context(closing(store_connection))
        recovery = Recovery(store_connection.reopen, gives_up, metrics.reporter(self._causes, self._store))
        limits = self._settings.limits()
        return Stream(
            store_connection.sink(),
            catalogue,
            limits=limits,
            recovery=recovery,
            observe=self._observe,
            current=registered,
            keys=self._settings.meter_keys(),
        )

    def answer(self, announcer: Announcer) -> None:
        """Tell devices what became of their readings, and ask for births, as far as it is time and goes out now."""
        if self._board and announcer.is_connected:
            with metrics.unfailing("telling devices"):
                for topic, payload in self._board.due(_now()):
                    announcer.announce(topic, payload)
                for topic, payload in self._rebirths.due(_now()):
                    announcer.command(topic, payload)

    def _observe(self, commit: Commit) -> None:
        metrics.count_commit(commit)
        if self._board:
            with metrics.unfailing("telling devices"):
                self._board.take_up(commit.catalogue)
                self._board.observe(commit.arrived, commit.kept, commit.refusals, _now())
                self._rebirths.want(commit.asked)


def _now() -> int:
    return time.time_ns() // 1000
