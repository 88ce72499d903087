"""Topics of Kafka that a city file binds, on the real broker: taken up while the role runs, stored before committed."""

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from ingest.bus import BOUND_GROUP, BusTopic
from ingest.model.time import MINUTE
from ingest.sources.kafka.topics import ensure
from ingest.topics import Channel
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from tests import towns
from tests.towns import heat_meter

if TYPE_CHECKING:
    from tests.integration.kafka.conftest import Pipeline

pytestmark = pytest.mark.integration

TOPIC = "city.meters"
BINDING = {"name": "meters", "kafka": f"{TOPIC}/{{device}}", "decoder": "pharos"}
COUNT = 40
STORED = "select count(*) from reading"
KEPT = "select reason, device, origin from quarantine"
LEDGER = "select sum(received), sum(stored), sum(duplicate), sum(quarantined) from ledger"
START_MILLIS = 1_700_000_000_000


def payload(number: int) -> bytes:
    values = {"heat_energy": float(number)}
    return json.dumps({"time": START_MILLIS + number * MINUTE // 1000, "values": values}).encode()


async def committed(bootstrap: str) -> int | None:
    """Return up to where the records of the topic are committed."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=BOUND_GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        found: int | None = await consumer.committed(TopicPartition(TOPIC, 0))
        return found
    finally:
        await consumer.stop()


def test_a_topic_is_bound_while_the_role_runs_and_what_it_holds_is_stored_once(
    pipeline: "Pipeline", database_url: str
) -> None:
    asyncio.run(ensure(pipeline.kafka.cluster, [BusTopic(TOPIC, Channel.TELEMETRY, "", partitions=1)]))
    process = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
    for number in range(COUNT):
        pipeline.produce(TOPIC, b"M1", payload(number))
    pipeline.produce(TOPIC, b"M2", payload(0))
    pipeline.produce(TOPIC, b"M1", b"rubbish\x00\xff")
    pipeline.until(process.causes, {})
    assert pipeline.ask(database_url, STORED) == [(0,)]
    city = towns.city(heat_meter(name="meter", native_id="M1", binding="meters"), name="quay", bindings=[BINDING])
    with connect(database_url, "test") as connection:
        sync(connection, [city])
    pipeline.until(lambda: pipeline.ask(database_url, STORED), [(COUNT,)])
    refused = {("unknown_device", "meters/M2", "meters/M2"), ("undecodable", "meter", None)}
    pipeline.until(lambda: set(pipeline.ask(database_url, KEPT)), refused)
    pipeline.until(lambda: asyncio.run(committed(pipeline.kafka.bootstrap)), COUNT + 2)
    assert pipeline.ask(database_url, LEDGER) == [(COUNT + 2, COUNT, 0, 2)]
    process.kill()
    again = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
    pipeline.produce(TOPIC, b"M1", payload(COUNT))
    pipeline.until(lambda: pipeline.ask(database_url, STORED), [(COUNT + 1,)])
    assert pipeline.ask(database_url, LEDGER) == [(COUNT + 3, COUNT + 1, 0, 2)]
    again.stop()
