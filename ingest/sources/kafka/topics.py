"""The declared topics in a Kafka cluster: made where they are missing, compared where they exist, never altered."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, NoError, TopicAlreadyExistsError, for_code

from ingest.bus import DeclaredTopic
from ingest.sources.kafka.cluster import Cluster

REQUEST_MILLISECONDS: Final = 10_000
LOOK_SECONDS: Final = 0.05
_BROKER_DEFAULT: Final = -1  # how often partitions are replicated is for the cluster to say


async def ensure(cluster: Cluster, declared: Iterable[DeclaredTopic]) -> list[str]:
    """Create the topics of ``declared`` that are missing; returns a sentence for each difference of the others.

    Raises KafkaError when the cluster cannot be reached or refuses.
    """
    async with _admin(cluster) as admin:
        topics = list(declared)
        known = set(await admin.list_topics())
        created = await _create(admin, [topic for topic in topics if topic.name not in known])
        await _until_known(admin, {topic.name for topic in topics})
        return await _drift(admin, [topic for topic in topics if topic.name not in created])


async def existing(cluster: Cluster, names: Iterable[str]) -> set[str]:
    """Return which of some topics are there and may be seen; raises KafkaError when the cluster cannot be reached."""
    async with _admin(cluster) as admin:
        return set(names) & set(await admin.list_topics())


@asynccontextmanager
async def _admin(cluster: Cluster) -> AsyncIterator[Any]:
    admin = AIOKafkaAdminClient(request_timeout_ms=REQUEST_MILLISECONDS, **cluster.client_options())
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


async def _create(admin: Any, missing: list[DeclaredTopic]) -> set[str]:  # noqa: ANN401 - aiokafka has no types
    """Return the names of the topics that were made; one that another process made meanwhile is none of them."""
    created: set[str] = set()
    if not missing:
        return created
    new = [NewTopic(topic.name, topic.partitions, _BROKER_DEFAULT, {}, topic.configuration) for topic in missing]
    answer = await admin.create_topics(new)
    for name, code, *words in answer.topic_errors:
        error = for_code(code)
        if error is NoError:
            created.add(name)
        elif error is not TopicAlreadyExistsError:
            raise KafkaError(f"topic {name} cannot be created: {error.__name__} {words[0] if words else ''}")
    return created


async def _until_known(admin: Any, names: set[str]) -> None:  # noqa: ANN401 - aiokafka has no types
    """Wait until the brokers speak of topics that were made: a consumer that starts earlier does not find it."""
    async with asyncio.timeout(REQUEST_MILLISECONDS / 1000):
        while not names <= set(await admin.list_topics()):  # noqa: ASYNC110 - the brokers have to be asked
            await asyncio.sleep(LOOK_SECONDS)


async def _drift(admin: Any, existing: list[DeclaredTopic]) -> list[str]:  # noqa: ANN401 - aiokafka has no types
    if not existing:
        return []
    described = await admin.describe_topics([topic.name for topic in existing])
    partitions = {one["topic"]: len(one["partitions"]) for one in described}
    asked = [ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in existing]
    settings: dict[str, dict[str, str]] = {}
    for answer in await admin.describe_configs(asked):
        for _, _, _, name, entries in answer.resources:
            settings[name] = {entry[0]: entry[1] for entry in entries}
    return [
        f"topic {topic.name}: {setting} is {found}, declared is {wanted}"
        for topic in existing
        for setting, found, wanted in _compared(topic, partitions[topic.name], settings.get(topic.name, {}))
        if found != wanted
    ]


def _compared(topic: DeclaredTopic, partitions: int, settings: dict[str, str]) -> list[tuple[str, object, object]]:
    """Return name, what is found and what is declared, of everything that is declared."""
    found = [(name, settings.get(name), wanted) for name, wanted in topic.configuration.items()]
    return [("the number of partitions", partitions, topic.partitions), *found]
