"""What a transport has delivered and nobody has taken yet: between the network's thread and the one that stores."""

from collections import deque
from collections.abc import Sequence
from threading import Condition
from typing import Final, NamedTuple

from ingest.model.observation import RawMessage

FULL_BYTES: Final = 64 * 2**20
_OVERHEAD_BYTES: Final = 500  # of one message in memory, beside its payload


class Delivery(NamedTuple):
    """A message and what acknowledges it: its packet id, good only on the connection that delivered it."""

    message: RawMessage
    packet_id: int
    connection: object


class Inbox:
    """A queue that is taken from in batches; ``is_full`` asks the transport to stop reading, so memory is bounded."""

    def __init__(self) -> None:
        self._deliveries: deque[Delivery] = deque()
        self._bytes = 0
        self._awaited = 1
        self._changed = Condition()

    def __len__(self) -> int:
        return len(self._deliveries)

    @property
    def is_full(self) -> bool:
        """Whether it holds as much as it should."""
        return self._bytes >= FULL_BYTES

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Add deliveries."""
        with self._changed:
            self._deliveries.extend(deliveries)
            self._bytes += sum(map(_size, deliveries))
            if len(self._deliveries) >= self._awaited:
                self._changed.notify()

    def wake(self) -> None:
        """Let a waiting ``take`` look around, for example because the transport has ended."""
        with self._changed:
            self._changed.notify_all()

    def take(self, limit: int, linger: float, patience: float) -> list[Delivery]:
        """Return up to ``limit`` deliveries, the oldest first; an empty list when nothing came.

        Waits up to ``patience`` seconds for the first one, then up to ``linger`` seconds for more beside it.
        """
        with self._changed:
            self._wait_for(1, patience)
            if self._deliveries:
                self._wait_for(limit, linger)
            taken = [self._deliveries.popleft() for _ in range(min(limit, len(self._deliveries)))]
            self._bytes -= sum(map(_size, taken))
        return taken

    def _wait_for(self, count: int, seconds: float) -> None:
        """Wait until ``count`` deliveries are here; ``put`` wakes nobody before that, since waking is what costs."""
        self._awaited = count
        if len(self._deliveries) < count:
            self._changed.wait(seconds)


def _size(delivery: Delivery) -> int:
    return len(delivery.message.payload) + _OVERHEAD_BYTES
