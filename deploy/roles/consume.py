"""The role between Kafka and the store: a member of the group of processors, which stores what it is given.

The same stream as without Kafka, one per source, each on a connection of its own. A store that fails is tried again in
place while the batch is ours; a batch that is given up is not committed to Kafka and comes again.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from typing import Final

import structlog
from aiokafka.errors import KafkaError

from deploy.causes import STARTING, Unreadiness
from deploy.progress import Loop
from deploy.roles import kafka_metrics, metrics
from deploy.roles.announced_bindings import Announcement
from deploy.roles.bound_records import BoundRecords
from deploy.roles.role import Stop, work_with_database
from deploy.roles.storing import Storing
from deploy.settings import Settings
from ingest.backoff import Backoff
from ingest.bus import MQTT_TELEMETRY, TELEMETRY, BusTopic
from ingest.model.city.assets import City
from ingest.model.observation import RawMessage
from ingest.sources.kafka.group_consumer import GroupConsumer, Reports
from ingest.sources.mqtt.announcer import Announcer
from ingest.topics import Channel
from processors.errors import StoreFaultError, StoreUnavailableError
from processors.intake.stream import Stream
from processors.storage.database import STORING, Connection, connect

APPLICATION: Final = "pharos process (readings)"
KAFKA: Final = "kafka"
LAG: Final = "kafka lag"
STORE: Final = "database (readings)"
BEHIND_SECONDS: Final = 60.0  # from when on being behind is a cause of not being ready

log = structlog.get_logger(__name__)


class ConsumeRole:
    """Composes member and streams; ``run`` serves them until asked to stop."""

    def __init__(self, settings: Settings, cities: list[City], causes: Unreadiness, stop: Stop) -> None:
        self._settings, self._causes, self._stop = settings, causes, stop
        self._streams: Mapping[str, Stream] = {}
        self._announcer: Announcer | None = None
        self._storing = Storing(settings, cities, causes, stop, APPLICATION, STORE)
        self._trouble = metrics.reporter(causes, KAFKA)
        reports = Reports(self._trouble, self._behind, kafka_metrics.COMMIT_FAILURES.inc, kafka_metrics.count_drift)
        self._member = GroupConsumer(settings.kafka(), self._accept, reports)
        causes.set(KAFKA, STARTING)

    @property
    def loop(self) -> Loop:
        """How the storing of readings goes."""
        return self._storing.loop

    def run(self) -> None:
        """Consume until asked to stop, whatever happens to Kafka and the database meanwhile."""
        with ExitStack() as announcing:
            if self._settings.mqtt_url:
                announcer = Announcer(self._settings.broker())
                self._announcer = announcing.enter_context(closing(announcer))
            work_with_database(self._settings.database(), APPLICATION, self._store, self._causes, self._stop)

    def _store(self, connection: Connection) -> None:
        """Store on ``connection`` until asked to stop, or until a batch had to be given up."""
        with ExitStack() as sessions:
            sessions.callback(self._causes.set, KAFKA, STARTING)  # whoever has left the group is not ready
            registered = self._storing.open(connection, f"{APPLICATION}, registry", sessions)
            catalogue = registered()
            if self._announcer:
                sessions.enter_context(closing(Announcement(self._announcer, registered)))
            beside = sessions.enter_context(closing(connect(self._settings.database(), APPLICATION, STORING)))
            self._streams = {
                topic.source: self._storing.stream(topic.source, one, registered, self._gives_up, sessions)
                for topic, one in ((MQTT_TELEMETRY, connection), (TELEMETRY, beside))
            }

            def stream_of(one: Connection, gives_up: Callable[[float], bool], connections: ExitStack) -> Stream:
                return self._storing.stream(TELEMETRY.source, one, registered, gives_up, connections)

            sessions.enter_context(
                closing(BoundRecords(self._settings, self._causes, registered, stream_of, f"{APPLICATION}, bindings"))
            )
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
            with self.loop.piece():
                accept(arrived)
            metrics.MESSAGES.labels(topic.channel).inc(len(arrived))
        self._answer()

    def _answer(self) -> None:
        """Tell devices what became of their readings, where there is a broker to tell them through."""
        if self._announcer:
            self._storing.answer(self._announcer)

    def _gives_up(self, seconds: float) -> bool:
        """Sleep; returns whether the batch in hand is not to be stored by us: asked to stop, or not ours any more."""
        return self._stop.wait(seconds) or self._member.is_fenced

    def _behind(self, seconds: float) -> None:
        kafka_metrics.LAG.set(seconds)
        if seconds > BEHIND_SECONDS:
            self._causes.set(LAG, f"{seconds:.0f} s behind what Kafka holds; expected below {BEHIND_SECONDS:.0f} s")
        else:
            self._causes.clear(LAG)
