"""The role between broker and store: takes batches, stores them, acknowledges them, and answers the devices."""

import gc
import time
from contextlib import closing
from threading import Thread
from typing import Final

import structlog

from deploy.causes import Unreadiness
from deploy.progress import Loop, Progress
from deploy.roles import metrics
from deploy.roles.expiry import keep_expiring
from deploy.roles.intake import Intake
from deploy.roles.intake_progress import oldest_message
from deploy.roles.registry_watch import RegistryWatch
from deploy.roles.role import Stop
from deploy.roles.start_files import StartFiles
from deploy.roles.store_session import StoreSession
from deploy.settings import Settings
from ingest.feedback import FeedbackBoard
from ingest.model.city.assets import City
from processors.errors import StoreFaultError, StoreUnavailableError
from processors.intake.stream import Commit, Recovery, Stream
from processors.storage.database import Connection

APPLICATION: Final = "pharos ingest"
SOURCE: Final = "mqtt"
MEANS: Final = "readings are not being stored"

log = structlog.get_logger(__name__)


class IngestRole:
    """Composes stream and subscriptions; ``run`` serves them until asked to stop."""

    def __init__(self, settings: Settings, cities: list[City], causes: Unreadiness, stop: Stop) -> None:
        self._settings = settings
        self._files = StartFiles(cities)
        self._causes = causes
        self._stop = stop
        self._expiry: Thread | None = None
        self._intake: Intake | None = None
        self._storing = Loop("storing readings", MEANS)
        self.progress = Progress([self._storing], [oldest_message(lambda: self._intake)])

    def run(self, connection: Connection) -> None:
        """Serve on ``connection``, and on new ones when it is lost, until asked to stop."""
        self._files.register(connection)
        name = f"{APPLICATION} (registry)"
        with closing(RegistryWatch(connection, self._settings.database(), name, self._causes)) as registered:
            self._take(connection, registered)

    def _take(self, connection: Connection, registered: RegistryWatch) -> None:
        catalogue = registered()  # cities registered earlier, or by a replay, are served too
        board = FeedbackBoard(catalogue, since=_now())
        session = StoreSession(
            connection, self._settings.database(), APPLICATION, catalogue, SOURCE, self._settings.quarantine_quota()
        )
        recovery = Recovery(session.reopen, self._stop.wait, metrics.reporter(self._causes, "database"))

        def observe(commit: Commit) -> None:
            metrics.count_commit(commit)
            with metrics.unfailing("telling devices"):
                board.take_up(commit.catalogue)
                board.observe(commit.arrived, commit.kept, commit.refusals, _now())

        self._expiry = self._expiry or keep_expiring(
            self._settings.database(), self._settings.quarantine_days, self._stop
        )
        with closing(session):
            limits = self._settings.limits()
            stream = Stream(
                session.sink(), catalogue, limits=limits, recovery=recovery, observe=observe, current=registered
            )
            with closing(Intake(self._settings, self._causes)) as intake:
                self._intake = intake
                gc.freeze()  # what is loaded by now stays: no collection needs to look through the catalogue again
                log.info("ingesting", cities=len(catalogue.cities), devices=len(catalogue.devices))
                try:
                    self._serve(stream, intake, board)
                except (StoreUnavailableError, StoreFaultError):
                    log.info("stopped while nothing could be stored; the broker keeps what was not acknowledged")

    def _serve(self, stream: Stream, intake: Intake, board: FeedbackBoard) -> None:
        while not self._stop:
            intake.forward(self._storing.around(stream.accept), self._storing.around(stream.accept_statuses))
            if intake.is_connected:
                with metrics.unfailing("telling devices"):
                    for topic, payload in board.due(_now()):
                        intake.publish(topic, payload)


def _now() -> int:
    return time.time_ns() // 1000
