"""Publishes a load through the broker's deaths, and keeps its own record of what the broker acknowledged."""

import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import numpy as np

from simulators.errors import SimulationError
from simulators.load import IDS, Load, Packets, mqtt_length, mqtt_text, packet_ids
from simulators.noise import IntColumn

_CONNACK_BYTES, _PUBACK_BYTES = 4, 4
_BATCH: Final = 500
_RETRY_SECONDS: Final = 0.1
_ANSWER_SECONDS: Final = 10.0
_REFUSED_SECONDS: Final = 60.0  # a broker that starts again lets nobody in before its queues are there


class _RefusedError(SimulationError):
    """The broker does not let us in."""


def at_rate(rate: float, clock: Callable[[], float] = time.monotonic) -> Callable[[], int]:
    """Return how many messages may have been sent by now, at ``rate`` a second from this moment."""
    began = clock()
    return lambda: int((clock() - began) * rate)


class LoadGenerator:
    """Publishes a load to one broker, through its deaths, and knows what was acknowledged."""

    def __init__(self, url: str, load: Load, capacity: int, window: int = 4000) -> None:
        """Prepare for at most ``capacity`` messages, ``window`` (below 65,535) of them in flight at a time."""
        self.load = load
        self._url, self._window = url, window
        self._packets = Packets(load)
        self._acknowledged = np.zeros(capacity, np.bool_)
        self._next = self._oldest = 0
        self.reconnections = -1

    @property
    def acknowledged(self) -> int:
        """How many messages the broker has acknowledged."""
        return int(np.count_nonzero(self._acknowledged[: self._next]))

    def acknowledged_readings(self) -> set[tuple[str, int]]:
        """Return (device, sequence) of every acknowledged message."""
        sequence, device = np.divmod(np.flatnonzero(self._acknowledged), self.load.devices)
        return set(zip(map(self.load.device, device.tolist()), sequence.tolist(), strict=True))

    def acknowledged_times(self) -> tuple[IntColumn, IntColumn]:
        """Return device number and event time of every acknowledged message."""
        sequence, device = np.divmod(np.flatnonzero(self._acknowledged), self.load.devices)
        return np.asarray(device), self.load.times(sequence)

    def publish(self, until: Callable[[], bool], due: Callable[[], int] | None = None) -> None:
        """Publish until told to stop or until capacity, then wait: on return, whatever was sent is acknowledged.

        ``due``: how many messages may have been sent by now; all that goes, where left out. Refused credentials
        raise SimulationError; those that were accepted before, only when they are refused for a minute.
        """
        first = self._next
        refused_since: float | None = None

        def allowed() -> int:
            if until():
                return 0
            limit = first + due() if due else len(self._acknowledged)
            return min(limit, self._oldest + self._window, len(self._acknowledged)) - self._next

        def finished() -> bool:
            return self._oldest == self._next and (until() or self._next == len(self._acknowledged))

        while not finished():
            try:
                with _connection(self._url) as connection:
                    self.reconnections += 1
                    refused_since = None
                    self._converse(connection, allowed, finished)
            except _RefusedError:
                refused_since = refused_since or time.monotonic()
                if self.reconnections < 0 or time.monotonic() - refused_since > _REFUSED_SECONDS:
                    raise
                time.sleep(_RETRY_SECONDS)
            except OSError:
                time.sleep(_RETRY_SECONDS)

    def _converse(self, connection: socket.socket, allowed: Callable[[], int], finished: Callable[[], bool]) -> None:
        pending = self._oldest + np.flatnonzero(~self._acknowledged[self._oldest : self._next])
        outgoing = memoryview(self._packets.of(pending, again=True))
        incoming = b""
        while not finished():
            if not outgoing and (count := min(allowed(), _BATCH)) > 0:
                outgoing = memoryview(self._packets.of(np.arange(self._next, self._next + count), again=False))
                self._next += count
            readable, writable, _ = select.select([connection], [connection] if outgoing else [], [], 0.002)
            if writable:
                outgoing = outgoing[connection.send(outgoing) :]
            if readable:
                received = connection.recv(1 << 18)
                if not received:
                    raise ConnectionResetError("the broker closed the connection")
                incoming = self._note(incoming + received)

    def _note(self, incoming: bytes) -> bytes:
        """Note acknowledgements; return the bytes of an incomplete one."""
        whole = len(incoming) // _PUBACK_BYTES * _PUBACK_BYTES
        frames = np.frombuffer(incoming[:whole], np.uint8).reshape(-1, _PUBACK_BYTES).astype(np.int64)
        ids = frames[:, 2] << 8 | frames[:, 3]
        # Ids repeat every 65,535 messages and fewer are in flight: the id says how far behind the oldest one it is.
        messages = self._oldest + (ids - packet_ids(np.array([self._oldest]))) % IDS
        self._acknowledged[messages[messages < self._next]] = True
        waiting = np.flatnonzero(~self._acknowledged[self._oldest : self._next])
        self._oldest = self._oldest + int(waiting[0]) if len(waiting) else self._next
        return incoming[whole:]


@contextmanager
def _connection(url: str) -> Iterator[socket.socket]:
    """Connect with a clean session and without keep-alive; a refusal is a _RefusedError."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    with socket.create_connection((parts.hostname, parts.port or 1883), _ANSWER_SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        identity = mqtt_text(f"load{uuid4().hex[:16]}".encode())
        credentials = mqtt_text(user.encode()) + mqtt_text(password.encode()) if user else b""
        flags = 0x02 | (0xC0 if user else 0)
        body = mqtt_text(b"MQTT") + bytes([4, flags, 0, 0]) + identity + credentials
        connection.sendall(b"\x10" + mqtt_length(len(body)) + body)
        answer = b""
        while len(answer) < _CONNACK_BYTES:
            received = connection.recv(_CONNACK_BYTES - len(answer))
            if not received:
                raise ConnectionResetError("the broker closed the connection")
            answer += received
        if answer[3]:
            raise _RefusedError(
                f"the broker at {parts.hostname}:{parts.port} refuses the connection (code {answer[3]})"
            )
        connection.setblocking(False)
        yield connection
