"""The role between broker and store: takes batches, stores them, acknowledges them, and answers the devices."""

import gc
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from threading import Thread
from typing import Final

import structlog

from deploy import ingest_metrics as metrics
from deploy.expiry import keep_expiring
from deploy.role import Causes, Stop
from deploy.settings import Settings
from ingest.feedback import FeedbackBoard
from ingest.model.assets import City
from ingest.model.observation import RawMessage
from ingest.sources.client_id import client_id
from ingest.sources.endpoint import Endpoint
from ingest.sources.mqtt import Subscription
from ingest.topics import Channel, subscription
from processors.errors import StoreFaultError, StoreUnavailableError
from processors.storage.database import Connection, connect
from processors.storage.failures import classified
from processors.storage.ledger import Receipt
from processors.storage.registry import load, sync
from processors.storage.sink import Sink
from processors.stream import Commit, Recovery, Stream

APPLICATION: Final = "pharos ingest"
SOURCE: Final = "mqtt"
BATCH_MESSAGES: Final = 1_250  # some 5,000 readings, where a transaction costs least per reading
LINGER_SECONDS: Final = 0.005
PATIENCE_SECONDS: Final = 0.2  # how long anything but telemetry may wait while there is none

log = structlog.get_logger(__name__)


class IngestRole:
    """Composes stream and subscriptions; ``run`` serves them until asked to stop."""

    def __init__(self, settings: Settings, cities: list[City], causes: Causes, stop: Stop) -> None:
        self._settings = settings
        self._cities = cities
        self._causes = causes
        self._stop = stop
        self._endpoint = Endpoint.parse(settings.mqtt())
        self._expiry: Thread | None = None

    def run(self, connection: Connection) -> None:
        """Serve on ``connection``, and on new ones when it is lost, until asked to stop."""
        sync(connection, self._cities)
        catalogue = load(connection)  # cities registered earlier, or by a replay, are served too
        board = FeedbackBoard(catalogue, since=_now())

        def reopen() -> Sink:
            with classified():
                connection.close()
                session.close()
                renewed = session.enter_context(closing(connect(self._settings.database(), APPLICATION)))
                return Sink(renewed, catalogue, SOURCE)

        def observe(commit: Commit) -> None:
            metrics.count_commit(commit)
            board.observe(commit.arrived, commit.kept, commit.refusals, _now())

        with ExitStack() as session, ExitStack() as subscriptions:
            recovery = Recovery(reopen, self._stop.wait, self._reporter("database"))
            stream = Stream(Sink(connection, catalogue, SOURCE), catalogue, recovery=recovery, observe=observe)
            telemetry, status = (
                subscriptions.enter_context(closing(self._subscribe(channel)))
                for channel in (Channel.TELEMETRY, Channel.STATUS)
            )
            self._expiry = self._expiry or keep_expiring(
                self._settings.database(), self._settings.quarantine_days, self._stop
            )
            gc.freeze()  # what is loaded by now stays: no collection needs to look through the catalogue again
            log.info("ingesting", cities=len(catalogue.cities), devices=len(catalogue.devices))
            try:
                self._serve(stream, telemetry, status, board)
            except (StoreUnavailableError, StoreFaultError):
                log.info("stopped while nothing could be stored; the broker keeps what was not acknowledged")

    def _serve(self, stream: Stream, telemetry: Subscription, status: Subscription, board: FeedbackBoard) -> None:
        while not self._stop:
            _forward(telemetry, stream.accept, PATIENCE_SECONDS, Channel.TELEMETRY)
            _forward(status, stream.accept_statuses, 0, Channel.STATUS)
            if telemetry.is_connected:
                for topic, payload in board.due(_now()):
                    telemetry.publish(topic, payload, retain=True)

    def _subscribe(self, channel: Channel) -> Subscription:
        identity = client_id(self._settings.data, channel)
        peer = f"broker ({channel})"
        self._causes.set(peer, "not reached yet")
        subscribed = Subscription(self._endpoint, identity, subscription(channel), self._reporter(peer))
        metrics.IN_FLIGHT.labels(channel).set_function(lambda: subscribed.in_flight)
        return subscribed

    def _reporter(self, peer: str) -> Callable[[str | None], None]:
        """Return what makes trouble with ``peer`` visible in readiness and metrics."""

        def report(sentence: str | None) -> None:
            if sentence is None:
                self._causes.clear(peer)
            else:
                self._causes.set(peer, sentence)
                metrics.TROUBLES.labels(peer).inc()

        return report


def _forward(
    source: Subscription, accept: Callable[[list[RawMessage]], Receipt], patience: float, channel: Channel
) -> None:
    """Take one batch, if there is any, and acknowledge it when it is stored."""
    deliveries = source.take(BATCH_MESSAGES, LINGER_SECONDS, patience)
    if deliveries:
        accept([delivery.message for delivery in deliveries])
        source.acknowledge(deliveries)
        metrics.MESSAGES.labels(channel).inc(len(deliveries))


def _now() -> int:
    return time.time_ns() // 1000
