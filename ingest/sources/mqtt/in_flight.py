"""Which messages of QoS 1 a broker has delivered on one connection and has no acknowledgement of, and since when.

A packet identifier stands for one message until it is acknowledged (MQTT 3.1.1, section 2.3.1). A broker that delivers
again while the connection lives, as the NATS server does every 30 s, thus says what is known: holding each copy would
fill the memory for as long as nothing can be stored.
"""

import time
from collections.abc import Iterable, Sequence

from ingest.sources.mqtt.publish_packets import Publish


class InFlight:
    """The packet identifiers of one connection; messages of QoS 0 have none and are never in flight."""

    def __init__(self) -> None:
        self._arrivals: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._arrivals)

    @property
    def oldest(self) -> float | None:
        """When the oldest of them arrived (time.monotonic); None while there is none. For any thread."""
        return min(list(self._arrivals.values()), default=None)  # a copy: the connection's thread may change it

    def admit(self, publishes: Sequence[Publish]) -> list[Publish]:
        """Return those that are not held already, which are in flight from now on if they have an identifier."""
        now, arrivals = time.monotonic(), self._arrivals
        new = []
        for publish in publishes:
            packet_id = publish.packet_id
            if publish.dup and packet_id in arrivals:
                continue  # without the mark it is another message, whose identifier was used again
            if packet_id:
                arrivals[packet_id] = now
            new.append(publish)
        return new

    def settle(self, packet_ids: Iterable[int]) -> None:
        """Forget messages that are acknowledged: the broker may use their identifiers for others."""
        for packet_id in packet_ids:
            self._arrivals.pop(packet_id, None)
