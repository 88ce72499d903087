"""The role between broker and Kafka: takes batches, publishes them as they are, acknowledges them when Kafka has them.

It knows no payload, no city and no database. Kafka is the only way on: while it is away nothing is acknowledged.
"""

from contextlib import closing
from functools import partial
from typing import Final

import structlog

from deploy.causes import Causes
from deploy import ingest_metrics as metrics
from deploy import kafka_metrics
from deploy.intake import Intake
from deploy.role import Stop
from deploy.settings import Settings
from ingest.bus import MQTT_STATUS, MQTT_TELEMETRY
from ingest.errors import BusUnavailableError
from ingest.sources.kafka_publisher import Publisher

PEER: Final = "kafka"

log = structlog.get_logger(__name__)


def relay(settings: Settings, causes: Causes, stop: Stop) -> None:
    """Publish what devices send to Kafka until asked to stop."""
    causes.set(PEER, "not reached yet")
    publisher = Publisher(settings.kafka(), metrics.reporter(causes, PEER), stop.wait, kafka_metrics.count_drift)
    with closing(publisher), closing(Intake(settings, causes)) as intake:
        log.info("relaying to Kafka")
        try:
            while not stop:
                if not intake.forward(
                    partial(publisher.publish, MQTT_TELEMETRY), partial(publisher.publish, MQTT_STATUS)
                ):
                    publisher.watch()
        except BusUnavailableError as error:
            log.info("stopped", cause=str(error))
