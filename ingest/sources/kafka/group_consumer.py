"""One member of a consumer group of Kafka, which commits an offset only after what it covers is accepted.

Before partitions move to another member the batch in hand is drained: accepted and committed. What takes too long is
fenced: it will not be committed, so it comes again, to whoever has the partition then. A commit that fails has the same
effect. Offsets are those of a snapshot, the batch's last record + 1 in each partition, never the client's position.
What was polled beyond the batch in hand is left when partitions move: positions begin again at what is committed.
"""

import asyncio
import math
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from ingest import bus, wire
from ingest.bus import BusTopic
from ingest.model.observation import RawMessage
from ingest.sources.batch_limit import BatchLimit
from ingest.sources.kafka.cluster import Cluster
from ingest.sources.kafka.handover import first_of, leave
from ingest.sources.kafka.lag import Lag
from ingest.sources.kafka.portions import Batches, portions, records_within
from ingest.sources.kafka.topics import REQUEST_MILLISECONDS, ensure
from ingest.wording import in_words

POLL_MILLISECONDS: Final = 200
LOOK_SECONDS: Final = 0.2  # between two looks at whether to stop
DRAIN_SECONDS: Final = 10.0  # for the batch in hand, when partitions are to move
COMMIT_SECONDS: Final = 10.0
WATCH_SECONDS: Final = 5.0
LEAVING_SECONDS: Final = 10.0
SESSION_MILLISECONDS: Final = 10_000  # after which a member that was killed loses its partitions
REBALANCE_MILLISECONDS: Final = 30_000
HOLDING_MILLISECONDS: Final = 60_000  # a member that accepts nothing for so long leaves its partitions to others

Accept = Callable[[Mapping[BusTopic, list[RawMessage]]], None]

log = structlog.get_logger(__name__)


def _of_bus(topic: str, record: Any) -> RawMessage:  # noqa: ANN401 - aiokafka has no types
    del topic
    return wire.decode(record.key, record.value, record.headers, record.timestamp * 1000)


@dataclass(frozen=True)
class Reading:
    """What a group reads: its ``topics`` by name, and how a record of one is a message.

    ``is_bus``: the topics are our own, and made as they are declared. Those of others are never touched.
    """

    group: str = bus.GROUP
    topics: Mapping[str, BusTopic] = field(default_factory=lambda: bus.TOPICS)
    message: Callable[[str, Any], RawMessage] = _of_bus
    is_bus: bool = True


_BUS: Final = Reading()


@dataclass(frozen=True)
class Reports:
    """Callbacks of a member: ``trouble`` takes a sentence, None when it is over; the others take what it measures."""

    trouble: Callable[[str | None], None]
    lag: Callable[[float], None]
    commit_failed: Callable[[], None]
    drifted: Callable[[list[str]], None]


class GroupConsumer:
    """Hands records to ``accept``, which runs in another thread and returns when they are durable, or raises."""

    def __init__(self, cluster: Cluster, accept: Accept, reports: Reports, reading: Reading = _BUS) -> None:
        self._cluster = cluster
        self._reading = reading
        self._accept = accept
        self._reports = reports
        self._lag = Lag[TopicPartition]()
        self._fence = Event()
        self._idle = asyncio.Event()
        self._is_moving = False
        self._limit = BatchLimit()
        self._records = self._limit.messages  # of one poll

    @property
    def is_fenced(self) -> bool:
        """Whether the batch in hand has become somebody else's; whoever still accepts it may give up."""
        return self._fence.is_set()

    async def run(self, should_stop: Callable[[], bool]) -> None:
        """Be a member until asked to stop; raises what ``accept`` raises, and KafkaError."""
        self._fence.clear()
        self._idle = asyncio.Event()
        self._idle.set()
        self._lag = Lag()
        if self._reading.is_bus:
            self._reports.drifted(await ensure(self._cluster, self._reading.topics.values()))
        consumer = _consumer(self._cluster, self._reading.group)
        consumer.subscribe(list(self._reading.topics), listener=_Rebalance(self._drain, self._assigned))
        try:
            await consumer.start()
            await first_of(
                self._consume(consumer, should_stop), self._watch(consumer), self._stop_requested(should_stop)
            )
        finally:
            self._fence.set()
            self._reports.lag(math.nan)
            await leave(consumer, LEAVING_SECONDS)

    async def _consume(self, consumer: Any, should_stop: Callable[[], bool]) -> None:  # noqa: ANN401 - aiokafka
        while not should_stop():
            batches = await consumer.getmany(timeout_ms=POLL_MILLISECONDS, max_records=self._records)
            self._is_moving = False
            self._records = records_within(self._limit, batches)  # a poll that takes too long costs the membership
            for portion in portions(batches, self._limit):
                await self._take(consumer, portion)
                if self._is_moving or should_stop():
                    break

    async def _take(self, consumer: Any, batches: Batches) -> None:  # noqa: ANN401 - aiokafka has no types
        """Accept ``batches`` and commit what they cover; a rebalance meanwhile waits or fences."""
        self._fence = fence = Event()
        self._idle.clear()
        self._lag.take(min(records[0].timestamp for records in batches.values()) / 1000)
        began = time.monotonic()
        try:
            covered = {partition: records[-1].offset + 1 for partition, records in batches.items()}
            await asyncio.to_thread(self._accept, _messages(batches, self._reading))
            if not fence.is_set():
                await self._commit(consumer, covered)
            self._limit.adapt(time.monotonic() - began)
        finally:
            self._lag.accept()
            self._idle.set()

    async def _commit(self, consumer: Any, covered: Mapping[TopicPartition, int]) -> None:  # noqa: ANN401 - aiokafka
        try:
            await asyncio.wait_for(consumer.commit(dict(covered)), COMMIT_SECONDS)
        except (KafkaError, TimeoutError) as error:
            self._reports.commit_failed()
            log.warning("offsets not committed; what they cover may come again, as duplicates", cause=in_words(error))

    async def _drain(self) -> None:
        """Wait for the batch in hand before its partitions move; fence it when it takes too long."""
        self._is_moving = True
        try:
            await asyncio.wait_for(self._idle.wait(), DRAIN_SECONDS)
        except TimeoutError:
            self._fence.set()
            log.warning("fenced a batch that takes too long; whoever has its partitions now gets it again")

    def _assigned(self, partitions: int) -> None:
        self._reports.trouble(None)
        log.info("partitions assigned", partitions=partitions)

    async def _watch(self, consumer: Any) -> None:  # noqa: ANN401 - aiokafka has no types
        """Measure how far behind we are, and report whether Kafka answers: aiokafka reconnects without a word."""
        while True:
            try:
                await asyncio.wait_for(self._measure(consumer), WATCH_SECONDS)
            except (KafkaError, TimeoutError, OSError) as error:
                self._reports.trouble(f"Kafka {self._cluster} does not answer: {in_words(error)}")
            else:
                self._reports.trouble(None)
            self._reports.lag(self._lag.seconds(time.time()))
            await asyncio.sleep(WATCH_SECONDS)

    async def _measure(self, consumer: Any) -> None:  # noqa: ANN401 - aiokafka has no types
        assigned = consumer.assignment()
        ends = await consumer.end_offsets(assigned or {TopicPartition(next(iter(self._reading.topics)), 0)})
        reached = {partition: await consumer.position(partition) for partition in assigned}
        self._lag.look(reached, ends, time.time())

    async def _stop_requested(self, should_stop: Callable[[], bool]) -> None:
        """Return when asked to stop and nothing is in hand."""
        while not should_stop():  # noqa: ASYNC110 - a signal and other threads ask; they know no asyncio
            await asyncio.sleep(LOOK_SECONDS)
        await self._idle.wait()


class _Rebalance(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Calls a member when its partitions are to move, and when they have."""

    def __init__(self, drain: Callable[[], Coroutine[Any, Any, None]], assigned: Callable[[int], None]) -> None:
        self._drain = drain
        self._assigned = assigned

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Drain what is in hand."""
        del revoked
        await self._drain()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Take note."""
        self._assigned(len(assigned))


def _consumer(cluster: Cluster, group: str) -> Any:  # noqa: ANN401 - aiokafka has no types
    return AIOKafkaConsumer(
        client_id="pharos-process",
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=bus.MESSAGE_BYTES,
        request_timeout_ms=REQUEST_MILLISECONDS,
        session_timeout_ms=SESSION_MILLISECONDS,
        rebalance_timeout_ms=REBALANCE_MILLISECONDS,
        max_poll_interval_ms=HOLDING_MILLISECONDS,
        **cluster.client_options(),
    )


def _messages(batches: Batches, reading: Reading) -> dict[BusTopic, list[RawMessage]]:
    """Return the messages of each topic."""
    messages: dict[BusTopic, list[RawMessage]] = {}
    for partition, records in batches.items():
        messages.setdefault(reading.topics[partition.topic], []).extend(
            reading.message(partition.topic, record) for record in records
        )
    return messages
