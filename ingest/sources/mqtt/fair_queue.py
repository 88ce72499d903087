"""A queue in which topics take turns (fair queueing): each is served in its order, none waits for all of another's.

Topics of which only the order of all messages means something count as one.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final

import msgspec

from ingest.model.observation import RawMessage
from ingest.model.sparkplug import in_order

_OVERHEAD_BYTES: Final = 500  # of one message in memory, beside its payload


class Delivery(msgspec.Struct, frozen=True, gc=False):
    """A message and what acknowledges it: its packet id, good only on the connection that delivered it."""

    message: RawMessage
    packet_id: int
    connection: object


class FairQueue:
    """Deliveries by topic; used by one thread at a time."""

    def __init__(self) -> None:
        self._first: deque[Delivery] = deque()  # of each topic that has any, in the order they are served
        self._behind: dict[str, deque[Delivery] | None] = {}  # what else these topics have
        self._count = 0
        self.payload_bytes = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Delivery]:
        """Yield all, topic by topic."""
        for first in self._first:
            yield first
            yield from self._behind[in_order(first.message.topic)] or ()

    @property
    def memory(self) -> int:
        """Bytes of memory that it holds, about."""
        return self.payload_bytes + self._count * _OVERHEAD_BYTES

    def append(self, delivery: Delivery) -> None:
        """Put a delivery behind those of its topic."""
        topic = in_order(delivery.message.topic)
        if topic not in self._behind:
            self._behind[topic] = None
            self._first.append(delivery)
        elif (behind := self._behind[topic]) is not None:
            behind.append(delivery)
        else:
            self._behind[topic] = deque((delivery,))
        self._count += 1
        self.payload_bytes += len(delivery.message.payload)

    def take(self, messages: int, payload_bytes: int) -> list[Delivery]:
        """Take the oldest delivery of each topic in turn while they are within both, and at least one message."""
        first, behind = self._first, self._behind
        taken: list[Delivery] = []
        size = 0
        while first and len(taken) < messages:
            delivery = first[0]
            size += len(delivery.message.payload)
            if taken and size > payload_bytes:
                size -= len(delivery.message.payload)
                break
            taken.append(first.popleft())
            topic = in_order(delivery.message.topic)
            if later := behind[topic]:
                first.append(later.popleft())
            else:
                del behind[topic]
        self._count -= len(taken)
        self.payload_bytes -= size
        return taken
