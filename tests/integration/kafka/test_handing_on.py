"""Figures handed on to a real Kafka: a compacted topic whose keys are places, of each its revisions in order."""

import asyncio
import json
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.roles.handing_on import KafkaChannel
from ingest import bus
from ingest.sources.kafka.publisher import Publisher
from kpi_engine.outbound.outbox import CityChoice, Outbox
from processors.storage.database import Connection
from processors.storage.registry.registry import sync
from tests.kpi_engine.outbound.written_figures import HARBOUR, WrittenFigures

if TYPE_CHECKING:
    from tests.integration.conftest import Kafka

pytestmark = pytest.mark.integration

KEY = "harbour/city/harbour/heat_delivered/month/2026-0"


def test_a_key_has_its_revisions_in_order_and_its_topic_keeps_the_last(kafka: "Kafka", connection: Connection) -> None:
    connection.autocommit = False
    sync(connection, [HARBOUR])
    connection.commit()
    figures = WrittenFigures(connection)
    assert HARBOUR.outbound
    choice = CityChoice(HARBOUR, HARBOUR.outbound)
    troubles: list[str | None] = []
    publisher = Publisher(
        kafka.cluster, troubles.append, Event().wait, lambda _: None, (bus.FIGURES,), "pharos-publish"
    )
    try:
        outbox = Outbox(connection, KafkaChannel(publisher))
        figures.write(1)
        figures.write(2)
        assert outbox.hand_on(choice) == 2
        figures.write(1)
        assert outbox.hand_on(choice) == 1
    finally:
        publisher.close()
    found = asyncio.run(records(kafka.bootstrap, 3))
    assert [revision for key, revision in found if key == f"{KEY}1"] == [1, 2]
    assert [revision for key, revision in found if key == f"{KEY}2"] == [1]
    assert asyncio.run(policy(kafka.bootstrap)) == "compact"
    assert [one for one in troubles if one] == []


async def records(bootstrap: str, count: int) -> list[tuple[str, int]]:
    """Return the keys and revisions of so many records, those of a key in their order."""
    async with AIOKafkaConsumer(
        bus.FIGURES.name, bootstrap_servers=bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        found = [await asyncio.wait_for(consumer.getone(), 60) for _ in range(count)]
    assert {dict(one.headers)["content-type"] for one in found} == {b"application/ld+json"}
    return [(one.key.decode(), json.loads(one.value)["revision"]["value"]) for one in found]


async def policy(bootstrap: str) -> Any:  # noqa: ANN401 - aiokafka has no types
    """Return what becomes of old records."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, bus.FIGURES.name)])
        return {entry[0]: entry[1] for entry in answer.resources[0][4]}["cleanup.policy"]
    finally:
        await admin.close()
