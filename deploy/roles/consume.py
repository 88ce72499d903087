"""The role between Kafka and the store: a member of the group of processors, which stores what it is given.

The same stream as without Kafka, one per source, each on a connection of its own. A store that fails is tried again in
place while the batch is ours; a batch that is given up is not committed to Kafka and comes again.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from threading import Thread
from typing import Final

import structlog
from aiokafka.errors import KafkaError

from deploy.causes import STARTING, Unreadiness
from deploy.progress import Loop
from deploy.roles import kafka_metrics, metrics
from deploy.roles.expiry import keep_expiring
from deploy.roles.registry_watch import RegistryWatch
from deploy.roles.role import Stop, work_with_database
from deploy.roles.start_files import StartFiles
from deploy.roles.store_session import StoreSession
from deploy.settings import Settings
from ingest.backoff import Backoff
from ingest.bus import MQTT_TELEMETRY, TELEMETRY, BusTopic
from ingest.feedback import FeedbackBoard
from ingest.model.city.assets import City
from ingest.model.observation import RawMessage
from ingest.sources.kafka.group_consumer import GroupConsumer, Reports
from ingest.sources.mqtt.announcer import Announcer
from ingest.topics import Channel
from processors.errors import StoreFaultError, StoreUnavailableError
from processors.intake.stream import Commit, Recovery, Stream
from processors.storage.database import Connection, connect

APPLICATION: Final = "pharos process (readings)"
KAFKA: Final = "kafka"
MEANS: Final = "readings are not being stored"
LAG: Final = "kafka lag"
STORE: Final = "database (readings)"
BEHIND_SECONDS: Final = 60.0  # from when on being behind is a cause of not being ready

log = structlog.get_logger(__name__)


class ConsumeRole:
    """Composes member and streams; ``run`` serves them until asked to stop."""

    def __init__(self, settings: Settings, cities: list[City], causes: Unreadiness, stop: Stop) -> None:
        self._settings = settings
        self._files = StartFiles(cities)
        self._causes = causes
        self._stop = stop
        self._streams: Mapping[str, Stream] = {}
        self._board: FeedbackBoard | None = None
        self._announcer: Announcer | None = None
        self._expiry: Thread | None = None
        self._trouble = metrics.reporter(causes, KAFKA)
        reports = Reports(self._trouble, self._behind, kafka_metrics.COMMIT_FAILURES.inc, kafka_metrics.count_drift)
        self._member = GroupConsumer(settings.kafka(), self._accept, reports)
        causes.set(KAFKA, STARTING)
        self.storing = Loop("storing readings", MEANS)

    def run(self) -> None:
        """Consume until asked to stop, whatever happens to Kafka and the database meanwhile."""
        with ExitStack() as announcing:
            if self._settings.mqtt_url:
                announcer = Announcer(self._settings.broker())
                self._announcer = announcing.enter_context(closing(announcer))
            work_with_database(self._settings.database(), APPLICATION, self._store, self._causes, self._stop)

    def _store(self, connection: Connection) -> None:
        """Store on ``connection`` until asked to stop, or until a batch had to be given up."""
        self._causes.clear(STORE)
        self._files.register(connection)
        self._expiry = self._expiry or keep_expiring(
            self._settings.database(), self._settings.quarantine_days, self._stop
        )
        with ExitStack() as sessions:
            watch = RegistryWatch(connection, self._settings.database(), f"{APPLICATION}, registry", self._causes)
            registered = sessions.enter_context(closing(watch))
            catalogue = registered()
            self._board = FeedbackBoard(catalogue, since=_now())
            beside = sessions.enter_context(closing(connect(self._settings.database(), APPLICATION)))
            self._streams = {
                topic.source: self._stream(topic.source, one, registered, sessions)
                for topic, one in ((MQTT_TELEMETRY, connection), (TELEMETRY, beside))
            }
            log.info("consuming", cities=len(catalogue.cities), devices=len(catalogue.devices))
            try:
                self._consume()
            except (StoreUnavailableError, StoreFaultError):
                log.info("a batch was given up before it was stored; Kafka keeps it")

    def _consume(self) -> None:
        """Be a member until asked to stop; a membership that fails is begun anew."""
        backoff = Backoff()
        while not self._stop:
            try:
                asyncio.run(self._member.run(lambda: bool(self._stop)))
                backoff.reset()
            except (KafkaError, OSError) as error:
                delay = backoff.next()
                self._trouble(f"Kafka: {error or type(error).__name__}; trying again in {delay:.1f} s")
                log.warning("kafka lost", cause=str(error))
                self._stop.wait(delay)

    def _accept(self, messages: Mapping[BusTopic, list[RawMessage]]) -> None:
        """Store what was taken together; called from a thread of the member's."""
        for topic, arrived in messages.items():
            stream = self._streams[topic.source]
            accept = stream.accept_statuses if topic.channel is Channel.STATUS else stream.accept
            with self.storing.piece():
                accept(arrived)
            metrics.MESSAGES.labels(topic.channel).inc(len(arrived))
        self._answer()

    def _stream(self, source: str, connection: Connection, registered: RegistryWatch, sessions: ExitStack) -> Stream:
        catalogue = registered()
        session = StoreSession(
            connection, self._settings.database(), APPLICATION, catalogue, source, self._settings.quarantine_quota()
        )
        sessions.enter_context(closing(session))
        recovery = Recovery(session.reopen, self._gives_up, metrics.reporter(self._causes, STORE))
        limits = self._settings.limits()
        return Stream(
            session.sink(), catalogue, limits=limits, recovery=recovery, observe=self._observe, current=registered
        )

    def _observe(self, commit: Commit) -> None:
        metrics.count_commit(commit)
        if self._board:
            with metrics.unfailing("telling devices"):
                self._board.take_up(commit.catalogue)
                self._board.observe(commit.arrived, commit.kept, commit.refusals, _now())

    def _answer(self) -> None:
        """Tell devices what became of their readings, where there is a broker to tell them through."""
        if self._board and self._announcer and self._announcer.is_connected:
            with metrics.unfailing("telling devices"):
                for topic, payload in self._board.due(_now()):
                    self._announcer.announce(topic, payload)

    def _gives_up(self, seconds: float) -> bool:
        """Sleep; returns whether the batch in hand is not to be stored by us: asked to stop, or not ours any more."""
        return self._stop.wait(seconds) or self._member.is_fenced

    def _behind(self, seconds: float) -> None:
        kafka_metrics.LAG.set(seconds)
        if seconds > BEHIND_SECONDS:
            self._causes.set(LAG, f"{seconds:.0f} s behind what Kafka holds; expected below {BEHIND_SECONDS:.0f} s")
        else:
            self._causes.clear(LAG)


def _now() -> int:
    return time.time_ns() // 1000
