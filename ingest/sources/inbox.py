"""What a transport has delivered and nobody has taken yet: between the network's thread and the one that stores.

Topics take turns (fair queueing): a device that sends a backlog delays nobody but itself, as far as the backlog is here.
What one topic carries stays in order.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Condition
from typing import Final, NamedTuple

from ingest.model.observation import RawMessage
from ingest.sources.batch_limit import BatchLimit

FULL_BYTES: Final = 256 * 2**20
_OVERHEAD_BYTES: Final = 500  # of one message in memory, beside its payload


class Delivery(NamedTuple):
    """A message and what acknowledges it: its packet id, good only on the connection that delivered it."""

    message: RawMessage
    packet_id: int
    connection: object


class Inbox:
    """Queues that are taken from in batches; ``is_full`` asks the transport to stop reading, so memory is bounded."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Delivery]] = {}
        self._turns: deque[str] = deque()  # the topics that have something, in the order they are served
        self._count = self._bytes = 0
        self._awaited = BatchLimit(1)
        self._changed = Condition()

    def __len__(self) -> int:
        return self._count

    @property
    def is_full(self) -> bool:
        """Whether it holds as much as it should."""
        return self._held_bytes >= FULL_BYTES

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Add deliveries."""
        with self._changed:
            for delivery in deliveries:
                self._append(delivery)
            if self._holds(self._awaited):
                self._changed.notify()

    def wake(self) -> None:
        """Let a waiting ``take`` look around, for example because the transport has ended."""
        with self._changed:
            self._changed.notify_all()

    def take(self, limit: BatchLimit, linger: float, patience: float) -> list[Delivery]:
        """Return what is here within ``limit``, each topic's oldest first; an empty list when nothing came.

        Waits up to ``patience`` seconds for the first one, then up to ``linger`` seconds for more beside it.
        """
        with self._changed:
            self._wait_for(BatchLimit(1), patience)
            if self._count:
                self._wait_for(limit, linger)
            return self._cut(limit)

    def drop(self, is_void: Callable[[Delivery], bool]) -> None:
        """Forget deliveries that will come again."""
        with self._changed:
            held = [delivery for queue in self._queues.values() for delivery in queue]
            self._queues, self._turns, self._count, self._bytes = {}, deque(), 0, 0
            for delivery in held:
                if not is_void(delivery):
                    self._append(delivery)

    @property
    def _held_bytes(self) -> int:
        return self._bytes + self._count * _OVERHEAD_BYTES

    def _append(self, delivery: Delivery) -> None:
        topic = delivery.message.topic
        queue = self._queues.get(topic)
        if queue is None:
            queue = self._queues[topic] = deque()
            self._turns.append(topic)
        queue.append(delivery)
        self._count += 1
        self._bytes += len(delivery.message.payload)

    def _cut(self, limit: BatchLimit) -> list[Delivery]:
        taken: list[Delivery] = []
        size = 0
        while self._turns and len(taken) < limit.messages:
            topic = self._turns[0]
            queue = self._queues[topic]
            size += len(queue[0].message.payload)
            if taken and size > limit.payload_bytes:
                break  # it is the first of the next batch
            taken.append(queue.popleft())
            self._turns.popleft()
            if queue:
                self._turns.append(topic)
            else:
                del self._queues[topic]
        self._count -= len(taken)
        self._bytes -= sum(len(delivery.message.payload) for delivery in taken)
        return taken

    def _holds(self, limit: BatchLimit) -> bool:
        return self._count >= limit.messages or self._bytes >= limit.payload_bytes

    def _wait_for(self, limit: BatchLimit, seconds: float) -> None:
        """Wait until ``limit`` is here; ``put`` wakes nobody before that, since waking is what costs."""
        self._awaited = limit
        if not self._holds(limit):
            self._changed.wait(seconds)
