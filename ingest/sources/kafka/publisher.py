"""From us to Kafka: an idempotent producer that returns when every replica has the messages, however long it takes.

While Kafka cannot be reached the producer itself tries again, several times a second and in order; here it is made
visible. A producer that failed for good is given up for a new one, and its messages are sent again: the store knows
them by their keys.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner

from ingest import bus, wire
from ingest.backoff import FIRST, Backoff
from ingest.bus import DeclaredTopic
from ingest.errors import BusUnavailableError
from ingest.model.observation import RawMessage
from ingest.model.sparkplug import in_order
from ingest.sources.event_loop import EventLoop
from ingest.sources.kafka.cluster import Cluster
from ingest.sources.kafka.topics import REQUEST_MILLISECONDS, ensure
from ingest.wire import Record
from ingest.wording import in_words

LOOK_SECONDS: Final = 0.5  # between two looks at whether to give up
SLOW_SECONDS: Final = 2.0  # without an answer Kafka is said to be away
WATCH_SECONDS: Final = 5.0  # between two looks at whether Kafka is there, while nothing is to be sent
LEAVING_SECONDS: Final = 5.0
BATCH_BYTES: Final = 2**18

Report = Callable[[str | None], None]

log = structlog.get_logger(__name__)


class Publisher:
    """Publishes to ``cluster``; ``report`` is told of trouble as a sentence, and None when it is over.

    ``wait`` sleeps for some seconds and returns whether to give up; ``drifted`` is told how topics differ from what is
    declared, which are those of ``declared``: made where they are missing.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the world of a publisher
        self,
        cluster: Cluster,
        report: Report,
        wait: Callable[[float], bool],
        drifted: Callable[[list[str]], None],
        declared: Collection[DeclaredTopic] = tuple(bus.TOPICS.values()),
        client_id: str = "pharos-ingest",
    ) -> None:
        self._cluster = cluster
        self._report = report
        self._wait = wait
        self._drifted = drifted
        self._declared = declared
        self._client_id = client_id
        self._producer: Any = None
        self._trouble = True
        self._looked = 0.0
        self._loop = EventLoop("kafka")

    def publish(self, topic: DeclaredTopic, messages: Sequence[RawMessage]) -> None:
        """Return when Kafka has ``messages``; raises BusUnavailableError when ``wait`` gives up before that."""
        self.publish_records(topic, [wire.encode(message) for message in messages])

    def publish_records(self, topic: DeclaredTopic, records: Sequence[Record]) -> None:
        """Return when Kafka has ``records``, otherwise as ``publish``."""
        backoff = Backoff()
        while not self._attempt(topic, records, delay := backoff.next()):
            if self._wait(delay):
                raise BusUnavailableError("stopped while Kafka was away; what was not published is not acknowledged")
        self._log_problem(None)

    def watch(self) -> None:
        """Look now and then whether Kafka is there; to be called while nothing is to be published."""
        if time.monotonic() - self._looked < (FIRST if self._producer is None else WATCH_SECONDS):
            return
        try:
            self._loop.run(self._look())
        except (KafkaError, OSError) as error:
            self._log_problem(f"Kafka {self._cluster} cannot be reached: {in_words(error)}")
        else:
            self._log_problem(None)
        self._looked = time.monotonic()

    def close(self) -> None:
        """End the connection."""
        self._loop.run(self._part())
        self._loop.close()

    def _attempt(self, topic: DeclaredTopic, records: Sequence[Record], delay: float) -> bool:
        """Send once and wait for the answers; False when it has to be sent again."""
        try:
            answers = self._loop.run(self._send(topic, records))
            self._await(answers)
        except (KafkaError, OSError) as error:
            self._log_problem(f"Kafka {self._cluster}: {in_words(error)}; trying again in {delay:.1f} s, messages wait")
            self._loop.run(self._part())
            return False
        return True

    def _await(self, answers: Sequence["asyncio.Future[Any]"]) -> None:
        """Wait until Kafka has everything; raises what it answers, or BusUnavailableError when asked to give up."""
        since = reported_at = time.monotonic()
        while not self._loop.run(_all_answered(answers)):
            now = time.monotonic()
            if now - reported_at >= SLOW_SECONDS:
                reported_at = now
                self._log_problem(
                    f"Kafka {self._cluster}: no answer for {now - since:.0f} s; unacknowledged messages wait"
                )
            if self._wait(0):
                raise BusUnavailableError("stopped while Kafka was away; what was not published is not acknowledged")

    async def _send(self, topic: DeclaredTopic, records: Sequence[Record]) -> list["asyncio.Future[Any]"]:
        producer = await self._opened()
        return [await producer.send(topic.name, record.value, record.key, headers=record.headers) for record in records]

    async def _look(self) -> None:
        producer = await self._opened()
        if not await producer.client.force_metadata_update():
            raise KafkaError("no broker answers")

    async def _opened(self) -> Any:  # noqa: ANN401 - aiokafka has no types
        if self._producer is None:
            self._drifted(await ensure(self._cluster, self._declared))
            producer = _producer(self._cluster, self._client_id)
            try:
                await producer.start()
            except (KafkaError, OSError):
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _part(self) -> None:
        """Give the producer up, with whatever it still tries to send."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(TimeoutError, KafkaError):
                await asyncio.wait_for(producer.stop(), LEAVING_SECONDS)
            await producer.client.close()

    def _log_problem(self, sentence: str | None) -> None:
        if sentence:
            log.warning("kafka lost", cause=sentence)
        elif self._trouble:
            log.info("publishing to Kafka", bootstrap=str(self._cluster))
        if sentence or self._trouble:
            self._report(sentence)
        self._trouble = sentence is not None


def _producer(cluster: Cluster, client_id: str) -> Any:  # noqa: ANN401 - aiokafka has no types
    return AIOKafkaProducer(
        client_id=client_id,
        enable_idempotence=True,
        acks="all",
        compression_type="lz4",
        max_batch_size=BATCH_BYTES,
        max_request_size=bus.MESSAGE_BYTES,
        request_timeout_ms=REQUEST_MILLISECONDS,
        partitioner=partition,
        **cluster.client_options(),
    )


def partition(key: bytes, all_partitions: list[int], available: list[int]) -> int:
    """Return the partition of a topic, which is the key: one for all whose messages are to be taken in their order."""
    topic = in_order(key.decode("utf-8", "surrogateescape"))
    chosen: int = DefaultPartitioner()(topic.encode("utf-8", "surrogateescape"), all_partitions, available)
    return chosen


async def _all_answered(answers: Sequence["asyncio.Future[Any]"]) -> bool:
    done, pending = await asyncio.wait(answers, timeout=LOOK_SECONDS)
    for answer in done:
        answer.result()
    return not pending
