"""What a transport has delivered and nobody has taken yet: between the network's thread and the one that stores.

Messages with many readings are a backlog: history, or what a gateway kept during an outage. They are taken behind the
others, and among each other topics take turns, so neither a device's past nor another device delays what is live.
"""

from collections.abc import Callable, Sequence
from threading import Condition
from typing import Final

from ingest.model.sparkplug import edge_node
from ingest.sources.batch_limit import BatchLimit
from ingest.sources.mqtt.fair_queue import Delivery, FairQueue

FULL_BYTES: Final = 256 * 2**20
BACKLOG_BYTES: Final = 4_096  # of a payload with some hundred readings


class Inbox:
    """Queues that are taken from in batches; ``is_full`` asks the transport to stop reading, so memory is bounded."""

    def __init__(self) -> None:
        self._live, self._backlog = FairQueue(), FairQueue()
        self._awaited = BatchLimit(1)
        self._changed = Condition()

    def __len__(self) -> int:
        return len(self._live) + len(self._backlog)

    @property
    def is_full(self) -> bool:
        """Whether it holds as much as it should."""
        return self._live.memory + self._backlog.memory >= FULL_BYTES

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Add deliveries."""
        with self._changed:
            self._append(deliveries)
            if self._holds(self._awaited):
                self._changed.notify()

    def wake(self) -> None:
        """Let a waiting ``take`` look around, for example because the transport has ended."""
        with self._changed:
            self._changed.notify_all()

    def take(self, limit: BatchLimit, linger: float, patience: float) -> list[Delivery]:
        """Return what is here within ``limit``, live before backlog; an empty list when nothing came.

        Waits up to ``patience`` seconds for the first one, then up to ``linger`` seconds for more beside it. At least
        one message is of the backlog where there is one, whatever its size: it goes on, however much is live.
        """
        with self._changed:
            self._wait_for(BatchLimit(1), patience)
            if len(self):
                self._wait_for(limit, linger)
            return self._cut(limit)

    def drop(self, is_void: Callable[[Delivery], bool]) -> None:
        """Forget deliveries that will come again."""
        with self._changed:
            kept = [each for queue in (self._live, self._backlog) for each in queue if not is_void(each)]
            self._live, self._backlog = FairQueue(), FairQueue()
            self._append(kept)

    def _append(self, deliveries: Sequence[Delivery]) -> None:
        live = self._live
        for delivery in deliveries:
            # The birth of an edge node is long and no backlog: what it says next rests on it.
            if len(delivery.message.payload) >= BACKLOG_BYTES and not edge_node(delivery.message.topic):
                self._backlog.append(delivery)
            else:
                live.append(delivery)

    def _cut(self, limit: BatchLimit) -> list[Delivery]:
        most_live = limit.messages - 1 if self._backlog else limit.messages
        before = self._live.payload_bytes
        taken = self._live.take(most_live, limit.payload_bytes)
        room = limit.payload_bytes - (before - self._live.payload_bytes)
        return taken + self._backlog.take(limit.messages - len(taken), room)

    def _holds(self, limit: BatchLimit) -> bool:
        held = self._live.payload_bytes + self._backlog.payload_bytes
        return len(self) >= limit.messages or held >= limit.payload_bytes

    def _wait_for(self, limit: BatchLimit, seconds: float) -> None:
        """Wait until ``limit`` is here; ``put`` wakes nobody before that, since waking is what costs."""
        self._awaited = limit
        if not self._holds(limit):
            self._changed.wait(seconds)
