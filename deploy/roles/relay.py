"""The role between broker and Kafka: takes batches, publishes them as they are, acknowledges them when Kafka has them.

It knows no payload, no city and no database; which topics are bound it is told by processors. Kafka is the only way on:
while it is away nothing is acknowledged.
"""

from contextlib import closing
from functools import partial
from typing import Final

import structlog

from deploy.causes import STARTING, Unreadiness
from deploy.progress import Loop, Progress
from deploy.roles import kafka_metrics, metrics
from deploy.roles.announced_bindings import AnnouncedBindings
from deploy.roles.intake import Intake, expect
from deploy.roles.intake_progress import oldest_message
from deploy.roles.role import Stop
from deploy.settings import Settings
from ingest.bus import MQTT_STATUS, MQTT_TELEMETRY
from ingest.errors import BusUnavailableError
from ingest.sources.kafka.publisher import Publisher

PEER: Final = "kafka"
MEANS: Final = "messages are not being handed on to Kafka"

log = structlog.get_logger(__name__)


class Relay:
    """Publishes what devices send to Kafka; ``run`` does so until asked to stop."""

    def __init__(self, settings: Settings, causes: Unreadiness, stop: Stop) -> None:
        self._settings, self._causes, self._stop = settings, causes, stop
        expect(causes)
        self._intake: Intake | None = None
        self._relaying = Loop("relaying messages", MEANS)
        self.progress = Progress([self._relaying], [oldest_message(lambda: self._intake)])

    def run(self) -> None:
        """Relay until asked to stop."""
        self._causes.set(PEER, STARTING)
        report = metrics.reporter(self._causes, PEER)
        publisher = Publisher(self._settings.kafka(), report, self._stop.wait, kafka_metrics.count_drift)
        announced = AnnouncedBindings(self._settings.broker(), self._settings.data, self._causes)
        with closing(publisher), closing(announced), closing(Intake(self._settings, self._causes)) as intake:
            self._intake = intake
            log.info("relaying to Kafka")
            telemetry, status = (
                self._relaying.around(partial(publisher.publish, topic)) for topic in (MQTT_TELEMETRY, MQTT_STATUS)
            )
            try:
                while not self._stop:
                    intake.follow(announced())
                    if not intake.forward(telemetry, status):
                        publisher.watch()
            except BusUnavailableError as error:
                log.info("stopped", cause=str(error))
