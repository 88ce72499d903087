"""A queue in which topics take turns (fair queueing): each is served in its order, none waits for all of another's.

Topics of which only the order of all messages means something count as one.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple

from ingest.model.observation import RawMessage
from ingest.model.sparkplug import in_order

_OVERHEAD_BYTES: Final = 500  # of one message in memory, beside its payload


class Delivery(NamedTuple):
    """A message and what acknowledges it: its packet id, good only on the connection that delivered it."""

    message: RawMessage
    packet_id: int
    connection: object


class FairQueue:
    """Deliveries by topic; used by one thread at a time."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Delivery]] = {}
        self._turns: deque[str] = deque()  # the topics that have something, in the order they are served
        self._count = 0
        self.payload_bytes = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Delivery]:
        """Yield all, topic by topic."""
        for queue in self._queues.values():
            yield from queue

    @property
    def memory(self) -> int:
        """Bytes of memory that it holds, about."""
        return self.payload_bytes + self._count * _OVERHEAD_BYTES

    @property
    def next_bytes(self) -> int:
        """The size of the payload that ``pop`` returns next."""
        return len(self._queues[self._turns[0]][0].message.payload)

    def append(self, delivery: Delivery) -> None:
        """Put a delivery behind those of its topic."""
        topic = in_order(delivery.message.topic)
        queue = self._queues.get(topic)
        if queue is None:
            queue = self._queues[topic] = deque()
            self._turns.append(topic)
        queue.append(delivery)
        self._count += 1
        self.payload_bytes += len(delivery.message.payload)

    def pop(self) -> Delivery:
        """Take the oldest delivery of the topic whose turn it is."""
        topic = self._turns.popleft()
        queue = self._queues[topic]
        delivery = queue.popleft()
        if queue:
            self._turns.append(topic)
        else:
            del self._queues[topic]
        self._count -= 1
        self.payload_bytes -= len(delivery.message.payload)
        return delivery
