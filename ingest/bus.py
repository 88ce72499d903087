"""The bus (Apache Kafka): its topics, their partitions and how long they keep, and who reads them; declared here only.

Retention of what comes in is by time and never by key: a reading is history, and compaction would keep only a device's
last one. Figures, which go out, are the other way round: of each the last revision is kept, for ever.
"""

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Protocol

from ingest.model.time import MICROSECOND
from ingest.topics import Channel

GROUP: Final = "pharos-process"
BOUND_GROUP: Final = "pharos-bound"  # of the topics of others, which bindings name
MESSAGE_BYTES: Final = 2 * 2**20  # of a record with key and headers; MQTT messages have up to half of it
_MILLISECOND: Final = 1000 * MICROSECOND


class DeclaredTopic(Protocol):
    """What is declared of any topic: its name, its partitions, and its settings in Kafka's own words."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def partitions(self) -> int:
        """How many partitions it has."""

    @property
    def configuration(self) -> dict[str, str]:
        """Its settings, by the names that Kafka has for them."""


@dataclass(frozen=True)
class BusTopic:
    """A topic: what it carries, and the ledger's name for what arrives on it."""

    name: str
    channel: Channel
    source: str
    partitions: int = 12  # as many processors can share it; divisible by 2, 3, 4 and 6
    retention: timedelta = timedelta(days=7)  # how long the database may be away

    @property
    def configuration(self) -> dict[str, str]:
        """The topic's settings in Kafka's own words; time is the broker's, so that retention trusts nobody's clock."""
        return {
            "cleanup.policy": "delete",
            "retention.ms": str(self.retention // _MILLISECOND),
            "max.message.bytes": str(MESSAGE_BYTES),
            "message.timestamp.type": "LogAppendTime",
            "compression.type": "producer",
        }


@dataclass(frozen=True)
class CompactedTopic:
    """A topic of which the last record of each key is kept."""

    name: str
    partitions: int = 12

    @property
    def configuration(self) -> dict[str, str]:
        """The topic's settings in Kafka's own words."""
        return {
            "cleanup.policy": "compact",
            "max.message.bytes": str(MESSAGE_BYTES),
            "message.timestamp.type": "LogAppendTime",
            "compression.type": "producer",
        }


MQTT_TELEMETRY: Final = BusTopic("pharos.v1.mqtt.telemetry", Channel.TELEMETRY, "mqtt")
MQTT_STATUS: Final = BusTopic("pharos.v1.mqtt.status", Channel.STATUS, "mqtt")
TELEMETRY: Final = BusTopic("pharos.v1.telemetry", Channel.TELEMETRY, "kafka")  # for producers other than ingest

TOPICS: Final = MappingProxyType({topic.name: topic for topic in (MQTT_TELEMETRY, MQTT_STATUS, TELEMETRY)})
FIGURES: Final = CompactedTopic("pharos.figures.v1")  # for programs other than ours
