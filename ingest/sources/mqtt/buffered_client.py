"""paho's client with fewer system calls: it reads ahead, and acknowledges many messages in one write.

As it comes, paho asks the system four times for every message it reads and once for every acknowledgement, and spends
most of ingest's time on looking at each byte. Messages that lie whole in what was read ahead are taken from there.
What is used of paho beyond its public interface (two methods, whether it is between two packets, when it last heard of
the broker) makes this slower, or a slow broker look dead, and nothing else, should it be renamed.
"""

import time
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import paho.mqtt.client as paho

from ingest.sources.mqtt.publish_packets import Publish, whole_publishes

READ_AHEAD_BYTES: Final = 65_536
PUBACK: Final = 0x4002  # type and length of the packet (MQTT 3.1.1, section 3.4); the identifier follows


class BufferedClient(paho.Client):
    """Used by one thread, with ``loop_read`` and its like, never with ``loop_start``."""

    _ahead: bytes = b""
    _position: int = 0
    received_at: float = 0.0
    """When anything came from the broker (time.monotonic)."""

    @property
    def has_read_ahead(self) -> bool:
        """Whether bytes were read from the socket that nobody has looked at: select would not tell of them."""
        return self._position < len(self._ahead)

    def forget_read_ahead(self) -> None:
        """Drop what an earlier connection has left."""
        self._ahead, self._position = b"", 0

    def read_publishes(self) -> list[Publish]:
        """Return the messages of QoS 1 that were read ahead whole; what else was read is left for ``loop_read``."""
        packet = getattr(self, "_in_packet", None)
        if not self.has_read_ahead or packet is None or packet.get("command") != 0:
            return []
        publishes, self._position = whole_publishes(self._ahead, self._position)
        return publishes

    def acknowledge(self, packet_ids: Iterable[int], patience: float) -> None:
        """Acknowledge messages of QoS 1 in one write; raises OSError when the broker takes nothing for so long."""
        ids = list(packet_ids)
        connected: Any = self.socket()  # paho's type of a socket leaves out what every socket has
        if connected is None or not ids:
            return
        if self.want_write():  # something waits, perhaps half sent: behind it
            for packet_id in ids:
                self.ack(packet_id, 1)
            return
        packets = np.full((len(ids), 2), PUBACK, ">u2")
        packets[:, 1] = ids
        connected.settimeout(patience)
        connected.sendall(packets.tobytes())
        connected.settimeout(0)

    def _sock_recv(self, bufsize: int) -> bytes:
        if not self.has_read_ahead:
            self._ahead, self._position = super()._sock_recv(max(bufsize, READ_AHEAD_BYTES)), 0
            # The answer to a ping, or to a subscription, may lie behind many messages.
            self.received_at = self._last_bytes_received = time.monotonic()
        chunk = self._ahead[self._position : self._position + bufsize]
        self._position += len(chunk)
        return chunk
