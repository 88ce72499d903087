"""The topics of Kafka that bindings name, beside those of the bus: a group of their own, so that they cost it nothing.

City files say which, while the role runs: the membership is begun anew where others are bound. Offsets are committed
after what they cover is stored. A topic that is not there, or may not be read, is told and looked for again.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from threading import Event, Thread
from typing import Any, Final

import structlog
from aiokafka.errors import KafkaError

from deploy.causes import Unreadiness
from deploy.roles import kafka_metrics, metrics
from deploy.settings import Settings
from ingest.backoff import Backoff
from ingest.bus import BOUND_GROUP, TELEMETRY, BusTopic
from ingest.model.catalogue import Catalogue
from ingest.model.kafka_topic import KafkaTopic
from ingest.model.observation import RawMessage
from ingest.sources.kafka.group_consumer import GroupConsumer, Reading, Reports
from ingest.sources.kafka.topics import existing
from ingest.wire import LONGEST_PAYLOAD
from ingest.wording import first_of, in_words
from processors.errors import ProcessorsError
from processors.intake.stream import Stream
from processors.storage.database import Connection, connect

PEER: Final = "kafka (bindings)"
LOOK_SECONDS: Final = 1.0
AGAIN_SECONDS: Final = 30.0  # between two looks for topics that are not there
_SHOWN: Final = 5

Registered = Callable[[], Catalogue]
StreamOf = Callable[[Connection, Callable[[float], bool], ExitStack], Stream]

log = structlog.get_logger(__name__)


class BoundRecords:
    """Stores the records of bound topics from construction to ``close``; ``stream_of`` makes what stores them."""

    def __init__(
        self, settings: Settings, causes: Unreadiness, registered: Registered, stream_of: StreamOf, application: str
    ) -> None:
        self._settings, self._causes, self._registered = settings, causes, registered
        self._stream_of, self._application = stream_of, application
        self._trouble = metrics.reporter(causes, PEER)
        self._stop = Event()
        self._member: GroupConsumer | None = None
        self._thread = Thread(target=self._work, name="bound records", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Leave the group; what was not stored by then comes again."""
        self._stop.set()
        self._thread.join()
        self._causes.clear(PEER)

    def _work(self) -> None:
        backoff = Backoff()
        while not self._stop.wait(LOOK_SECONDS):
            if not self._topics():
                continue
            try:
                with ExitStack() as connections:
                    self._serve(connections)
                backoff.reset()
            except (KafkaError, OSError, ProcessorsError) as error:
                delay = backoff.next()
                self._trouble(f"topics of bindings: {in_words(error)}; trying again in {delay:.1f} s")
                self._stop.wait(delay)
            except Exception:  # the outermost loop of this thread: the bus is stored whatever happens here
                log.exception("a fault while taking the topics of bindings")
                self._stop.wait(backoff.next())

    def _serve(self, connections: ExitStack) -> None:
        """Take what is bound now, until asked to stop, or until other topics are bound."""
        topics = self._topics()
        there = asyncio.run(existing(self._settings.kafka(), topics))
        missing = sorted(topics.keys() - there)
        looked = time.monotonic()
        told = f"no topic {first_of(missing, _SHOWN)} is there, or it may not be read by us" if missing else None
        self._trouble(told)

        def is_over() -> bool:
            is_old = missing and time.monotonic() - looked > AGAIN_SECONDS
            return bool(self._stop.is_set() or is_old or self._topics() != topics)

        if not there:
            while not is_over():
                self._stop.wait(LOOK_SECONDS)
            return
        connection = connections.enter_context(closing(connect(self._settings.database(), self._application)))
        stream = self._stream_of(connection, self._gives_up, connections)

        def accept(messages: Mapping[BusTopic, list[RawMessage]]) -> None:
            for topic, arrived in messages.items():
                stream.accept(arrived)
                metrics.MESSAGES.labels(topic.channel).inc(len(arrived))

        def trouble(sentence: str | None) -> None:
            self._trouble(sentence or told)

        reports = Reports(trouble, _untold, kafka_metrics.COMMIT_FAILURES.inc, kafka_metrics.count_drift)
        self._member = GroupConsumer(
            self._settings.kafka(), accept, reports, _reading({name: topics[name] for name in there})
        )
        asyncio.run(self._member.run(is_over))

    def _topics(self) -> Mapping[str, KafkaTopic]:
        return self._registered().bindings.records

    def _gives_up(self, seconds: float) -> bool:
        return self._stop.wait(seconds) or (self._member is not None and self._member.is_fenced)


def _reading(topics: Mapping[str, KafkaTopic]) -> Reading:
    def message(topic: str, record: Any) -> RawMessage:  # noqa: ANN401 - aiokafka has no types
        payload = (record.value or b"")[:LONGEST_PAYLOAD]
        return RawMessage(topics[topic].named(record.key), payload, max(record.timestamp, 0) * 1000)

    declared = {name: BusTopic(name, TELEMETRY.channel, TELEMETRY.source) for name in topics}
    return Reading(BOUND_GROUP, declared, message, is_bus=False)


def _untold(seconds: float) -> None:
    """Leave the lag of the bus as it is."""
