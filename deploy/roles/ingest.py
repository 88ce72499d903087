"""The role between broker and store: takes batches, stores them, acknowledges them, and answers the devices."""

import gc
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import Final

import structlog

from deploy.causes import Unreadiness
from deploy.progress import Progress
from deploy.roles.intake import Intake, expect
from deploy.roles.intake_progress import oldest_message
from deploy.roles.role import Stop
from deploy.roles.storing import Storing
from deploy.settings import Settings
from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City
from processors.errors import StoreFaultError, StoreUnavailableError
from processors.intake.stream import Stream
from processors.storage.database import Connection

APPLICATION: Final = "pharos ingest"
SOURCE: Final = "mqtt"
STORE: Final = "database"

log = structlog.get_logger(__name__)


class IngestRole:
    """Composes stream and subscriptions; ``run`` serves them until asked to stop."""

    def __init__(self, settings: Settings, cities: list[City], causes: Unreadiness, stop: Stop) -> None:
        self._settings, self._causes, self._stop = settings, causes, stop
        expect(causes)
        self._intake: Intake | None = None
        self._storing = Storing(settings, cities, causes, stop, APPLICATION, STORE)
        self.progress = Progress([self._storing.loop], [oldest_message(lambda: self._intake)])

    def run(self, connection: Connection) -> None:
        """Serve on ``connection``, and on new ones when it is lost, until asked to stop."""
        with ExitStack() as sessions:
            registered = self._storing.open(connection, f"{APPLICATION} (registry)", sessions)
            catalogue = registered()  # cities registered earlier, or by a replay, are served too
            stream = self._storing.stream(SOURCE, connection, registered, self._stop.wait, sessions)
            intake = sessions.enter_context(closing(Intake(self._settings, self._causes)))
            self._intake = intake
            gc.freeze()  # what is loaded by now stays: no collection needs to look through the catalogue again
            log.info("ingesting", cities=len(catalogue.cities), devices=len(catalogue.devices))
            try:
                self._serve(stream, intake, registered)
            except (StoreUnavailableError, StoreFaultError):
                log.info("stopped while nothing could be stored; the broker keeps what was not acknowledged")

    def _serve(self, stream: Stream, intake: Intake, registered: Callable[[], Catalogue]) -> None:
        loop = self._storing.loop
        while not self._stop:
            intake.follow(registered().bindings.filters)
            intake.forward(loop.around(stream.accept), loop.around(stream.accept_statuses))
            self._storing.answer(intake.announcer)
