"""The declared topics are made where they are missing; what differs from the declaration is said, not altered."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from ingest.bus import TELEMETRY, TOPICS
from ingest.sources.kafka.cluster import Cluster
from ingest.sources.kafka.topics import ensure

if TYPE_CHECKING:
    from tests.integration.conftest import Kafka

pytestmark = pytest.mark.integration


async def _partitions(bootstrap: str) -> dict[str, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    described = await admin.describe_topics(list(TOPICS))
    await admin.close()
    return {topic["topic"]: len(topic["partitions"]) for topic in described}


def test_missing_topics_are_made_as_declared_and_a_second_time_nothing_differs(kafka: "Kafka") -> None:
    assert asyncio.run(ensure(kafka.cluster, TOPICS.values())) == []
    assert asyncio.run(ensure(kafka.cluster, TOPICS.values())) == []
    assert asyncio.run(_partitions(kafka.bootstrap)) == {name: topic.partitions for name, topic in TOPICS.items()}


def test_what_differs_from_the_declaration_is_said_by_topic_and_setting(kafka: "Kafka") -> None:
    asyncio.run(ensure(kafka.cluster, TOPICS.values()))
    declared = replace(TELEMETRY, partitions=24, retention=timedelta(hours=1))
    assert asyncio.run(ensure(kafka.cluster, [declared])) == [
        "topic pharos.v1.telemetry: the number of partitions is 12, declared is 24",
        "topic pharos.v1.telemetry: retention.ms is 604800000, declared is 3600000",
    ]


def test_a_cluster_that_is_not_there_is_an_error_of_kafka() -> None:
    with pytest.raises(KafkaError):
        asyncio.run(ensure(Cluster("127.0.0.1:1"), TOPICS.values()))
