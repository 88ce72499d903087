"""A member of the group commits what it has had accepted, and nothing else; what it did not commit comes again."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import CommitFailedError

from ingest.bus import MQTT_TELEMETRY, BusTopic
from ingest.model.observation import RawMessage
from ingest.sources.kafka import group_consumer
from ingest.sources.kafka.cluster import Cluster
from ingest.sources.kafka.group_consumer import GroupConsumer, Reports

if TYPE_CHECKING:
    from tests.integration.kafka.conftest import Pipeline

pytestmark = pytest.mark.integration


@dataclass
class Consumer:
    """A member in a thread, with what it accepted and what it said."""

    bootstrap: str
    hold: Event = field(default_factory=Event)
    holding: Event = field(default_factory=Event)
    accepted: list[RawMessage] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    failed_commits: int = 0
    stop: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self) -> None:
        """Begin to consume."""
        reports = Reports(lambda _: None, self.lags.append, self._count, lambda _: None)
        self.member = GroupConsumer(Cluster(self.bootstrap), self._accept, reports)
        self._thread = Thread(target=lambda: asyncio.run(self.member.run(self.stop.is_set)), daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Ask it to end, and wait for that."""
        self.stop.set()
        self.hold.set()
        if self._thread:
            self._thread.join()

    def _accept(self, messages: Mapping[BusTopic, list[RawMessage]]) -> None:
        self.holding.set()
        self.hold.wait()
        self.accepted += [message for arrived in messages.values() for message in arrived]

    def _count(self) -> None:
        self.failed_commits += 1


@pytest.fixture
def consumer(pipeline: "Pipeline") -> Iterator[Callable[[], Consumer]]:
    """Return what makes a consumer; whatever a failed test leaves ends, or it would take partitions from later ones."""
    made: list[Consumer] = []

    def make() -> Consumer:
        made.append(Consumer(pipeline.kafka.bootstrap))
        return made[-1]

    yield make
    for one in made:
        one.end()


def test_a_commit_that_fails_ends_no_worker_and_what_it_covers_comes_again(
    pipeline: "Pipeline", consumer: Callable[[], Consumer], monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = AIOKafkaConsumer.commit

    async def refuse(*_: object) -> None:
        raise CommitFailedError

    monkeypatch.setattr(AIOKafkaConsumer, "commit", refuse)
    sent = pipeline.messages(range(100))
    pipeline.publisher.publish(MQTT_TELEMETRY, sent)
    first = consumer()
    first.hold.set()
    first.start()
    pipeline.until(lambda: len(first.accepted), 100)
    more = pipeline.messages(range(100, 200))
    pipeline.publisher.publish(MQTT_TELEMETRY, more)
    pipeline.until(lambda: len(first.accepted), 200)
    first.end()
    assert first.failed_commits > 0
    monkeypatch.setattr(AIOKafkaConsumer, "commit", commit)
    second = consumer()
    second.hold.set()
    second.start()
    pipeline.until(lambda: len(second.accepted), 200)
    second.end()
    assert set(second.accepted) == set(first.accepted) == {*sent, *more}
    third = consumer()
    third.hold.set()
    third.start()
    pipeline.until(lambda: len(third.lags) > 1, expected=True)
    third.end()
    assert third.accepted == []


def joined_in_the_middle(
    pipeline: "Pipeline", sent: list[RawMessage], consumer: Callable[[], Consumer]
) -> tuple[Consumer, Consumer]:
    """Return a member that has a batch of ``sent`` in hand, and one that joined meanwhile and accepts at once."""
    pipeline.publisher.publish(MQTT_TELEMETRY, sent)
    first, second = consumer(), consumer()
    first.start()
    assert first.holding.wait(60)
    second.hold.set()
    second.start()
    return first, second


def test_a_batch_that_takes_too_long_for_a_rebalance_is_fenced_and_comes_again(
    pipeline: "Pipeline", consumer: Callable[[], Consumer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_consumer, "DRAIN_SECONDS", 0.5)
    sent = pipeline.messages(range(100))
    slow, quick = joined_in_the_middle(pipeline, sent, consumer)
    pipeline.until(lambda: slow.member.is_fenced, expected=True)
    pipeline.until(lambda: len(quick.accepted) > 0, expected=True)
    slow.end()
    pipeline.until(lambda: set(quick.accepted), set(sent))
    quick.end()


def test_a_batch_in_hand_is_finished_and_committed_before_its_partitions_move(
    pipeline: "Pipeline", consumer: Callable[[], Consumer]
) -> None:
    sent = pipeline.messages(range(100))
    first, second = joined_in_the_middle(pipeline, sent, consumer)
    time.sleep(4)  # the first one hears of the second with its next heartbeat
    first.hold.set()
    pipeline.until(lambda: len(first.accepted) + len(second.accepted), 100)
    pipeline.until(lambda: len(second.lags) > 1, expected=True)
    first.end()
    second.end()
    assert sorted(map(repr, [*first.accepted, *second.accepted])) == sorted(map(repr, sent))
