"""The role that hands figures on: each channel in a thread of its own, so that one that is away holds up no other."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from prometheus_client import Counter

from deploy.causes import Unreadiness
from deploy.errors import SettingsError
from deploy.progress import Loop
from deploy.roles import kafka_metrics, metrics
from deploy.roles.role import Stop, wait_to_be_alone, work_with_database
from deploy.settings import Settings
from ingest import bus
from ingest.backoff import Backoff
from ingest.errors import BrokerUnavailableError, BusUnavailableError
from ingest.sources.kafka.publisher import Publisher
from ingest.sources.mqtt.confirmed import ConfirmedPublisher, Message
from ingest.sources.mqtt.endpoint import Endpoint
from ingest.wire import Record
from kpi_engine.outbound.outbox import Outbox, Outgoing, WayOut, choices
from processors.storage.database import Connection
from processors.storage.exclusive import Work
from processors.storage.registry.current_catalogue import CurrentCatalogue

APPLICATION: Final = "pharos publish"
MEANS: Final = "figures are not being handed on"
IDLE_SECONDS: Final = 1.0  # between two looks for new revisions
PATIENCE_SECONDS: Final = 120.0  # a portion may wait for a broker that is away
CONTENT_TYPE: Final = ("content-type", b"application/ld+json")

HANDED_ON = Counter("pharos_figures_handed_on", "Revisions of figures that others have confirmed.", ["channel"])

log = structlog.get_logger(__name__)


class MqttChannel:
    """Hands on over MQTT: a topic for each figure, retained for months and years."""

    name = "mqtt"

    def __init__(self, publisher: ConfirmedPublisher) -> None:
        self._publisher = publisher

    def send(self, outgoing: Sequence[Outgoing]) -> None:
        """Return once the broker has all; raises BrokerUnavailableError."""
        self._publisher.publish([Message(one.place.topic, one.payload, one.is_retained) for one in outgoing])


class KafkaChannel:
    """Hands on over Kafka: one compacted topic, whose keys are the places of figures."""

    name = "kafka"

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def send(self, outgoing: Sequence[Outgoing]) -> None:
        """Return once Kafka has all; raises BusUnavailableError when asked to stop before that."""
        records = [Record(one.place.key.encode(), one.payload, [CONTENT_TYPE]) for one in outgoing]
        self._publisher.publish_records(bus.FIGURES, records)


@dataclass(frozen=True)
class Way:
    """One channel: what opens it, and which process may have it."""

    name: str
    work: Work
    opened: Callable[[], AbstractContextManager[WayOut]]


class HandingOn:
    """Hands on over every channel that is configured; ``run`` does so until asked to stop."""

    def __init__(self, settings: Settings, causes: Unreadiness, stop: Stop) -> None:
        """Raise SettingsError where no channel is configured."""
        self._settings, self._causes, self._stop = settings, causes, stop
        self._ways = list(self._configured())
        if not self._ways:
            raise SettingsError(
                "PHAROS_FIGURES_URL or PHAROS_KAFKA_BOOTSTRAP: neither is set; expected a broker or Kafka to hand "
                "figures on to"
            )
        self.loops = {
            way.name: Loop(f"handing figures on over {way.name}", MEANS, PATIENCE_SECONDS) for way in self._ways
        }

    def run(self) -> None:
        """Hand on until asked to stop; when one channel ends, for whatever reason, so do the others."""
        with ThreadPoolExecutor(len(self._ways), "way") as threads:
            running = [threads.submit(self._along, way) for way in self._ways]
            for one in running:
                one.add_done_callback(lambda _: self._stop.set())
            for one in running:
                one.result()

    def _configured(self) -> Iterator[Way]:
        if (endpoint := self._settings.figures()) is not None:
            yield Way(MqttChannel.name, Work.FIGURES_OVER_MQTT, partial(_mqtt, endpoint))
        if self._settings.kafka_bootstrap:
            yield Way(KafkaChannel.name, Work.FIGURES_OVER_KAFKA, self._kafka)

    def _along(self, way: Way) -> None:
        with way.opened() as channel:
            work = partial(self._hand_on, way, channel)
            work_with_database(self._settings.database(), APPLICATION, work, self._causes, self._stop)

    def _hand_on(self, way: Way, channel: WayOut, connection: Connection) -> None:
        if not wait_to_be_alone(connection, way.work, self._causes, self._stop):
            return
        registered, backoff = CurrentCatalogue(connection), Backoff()
        outbox = Outbox(connection, channel, self._settings.public_url or "")
        log.info("handing figures on", channel=way.name)
        while not self._stop:
            try:
                with self.loops[way.name].piece():
                    count = sum(outbox.hand_on(choice) for choice in choices(registered().cities))
            except (BrokerUnavailableError, BusUnavailableError) as error:
                connection.rollback()
                delay = backoff.next()
                self._causes.set(way.name, f"{error}; trying again in {delay:.1f} s, figures wait")
                log.warning("figures not handed on", channel=way.name, cause=str(error))
                self._stop.wait(delay)
                continue
            self._causes.clear(way.name)
            backoff.reset()
            HANDED_ON.labels(way.name).inc(count)
            if not count:
                self._stop.wait(IDLE_SECONDS)

    @contextmanager
    def _kafka(self) -> Iterator[WayOut]:
        report = metrics.reporter(self._causes, KafkaChannel.name)
        with closing(
            Publisher(
                self._settings.kafka(),
                report,
                self._stop.wait,
                kafka_metrics.count_drift,
                (bus.FIGURES,),
                "pharos-publish",
            )
        ) as publisher:
            yield KafkaChannel(publisher)


@contextmanager
def _mqtt(endpoint: Endpoint) -> Iterator[WayOut]:
    with closing(ConfirmedPublisher(endpoint)) as publisher:
        yield MqttChannel(publisher)
