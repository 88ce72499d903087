"""Connections of people and programs we do not know yet: each must bring its request in time, and nobody gets them all.

uvicorn waits for ever for the end of a request and for a reader that takes nothing; both cost a connection each.
"""

import asyncio
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any, ClassVar, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

Network = IPv4Network | IPv6Network

LATE: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedProtocol(H11Protocol):
    """One connection of uvicorn's HTTP/1.1 server; limits are class attributes, times in seconds."""

    request_seconds: ClassVar[float] = 10.0
    """From connecting, or from the first byte of a further request, to the last byte of the body."""
    stalled_seconds: ClassVar[float] = 60.0
    """How long a reader may take nothing of an answer that waits for it."""
    most: ClassVar[int] = 512
    """Connections altogether; beyond them the one that has waited longest for its request has to go."""
    most_of_address: ClassVar[int] = 128
    """Connections of one address, proxies apart."""
    proxies: ClassVar[tuple[Network, ...]] = ()
    """Who connects on behalf of many."""

    _overdue: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a connection in, or refuse it where too many are open."""
        super().connection_made(transport)
        self._expect_request()
        if self._is_one_too_many_of_address() or not self._has_room():
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request; the first one starts the clock and the last one stops it."""
        self._expect_request()
        super().data_received(data)
        if self.conn.their_state not in {h11.IDLE, h11.SEND_BODY}:
            self._stop(self._overdue)
            self._overdue = None

    def pause_writing(self) -> None:
        """Give the reader some time to take what waits."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self.stalled_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on writing."""
        self._stop(self._stalled)
        self._stalled = None
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection and its clocks."""
        self._stop(self._overdue)
        self._stop(self._stalled)
        super().connection_lost(exc)

    def _expect_request(self) -> None:
        if self._overdue is None and self.conn.their_state in {h11.IDLE, h11.SEND_BODY}:
            self._overdue = self.loop.call_later(self.request_seconds, self._give_up)

    def _give_up(self) -> None:
        if self.conn.their_state is h11.IDLE or not self.cycle.response_started:
            self.transport.write(LATE)
        self.transport.close()

    def _is_one_too_many_of_address(self) -> bool:
        if self.client is None or self._is_proxy(self.client[0]):
            return False
        return sum(other.client is not None and other.client[0] == self.client[0] for other in self._all()) > (
            self.most_of_address
        )

    def _is_proxy(self, host: str) -> bool:
        return any(ip_address(host) in network for network in self.proxies)

    def _has_room(self) -> bool:
        """Make room where there is none, at the cost of who has waited longest; False where everyone is served."""
        if len(self._all()) <= self.most:
            return True
        waiting = [(other._overdue.when(), other) for other in self._all() if other is not self and other._overdue]
        if not waiting:
            return False
        min(waiting, key=lambda one: one[0])[1].transport.abort()
        return True

    def _all(self) -> list["BoundedProtocol"]:
        """Return every connection that is not closing: this one, and those that the server took in before it."""
        every: set[Any] = self.connections
        return [one for one in every if isinstance(one, BoundedProtocol) and not one.transport.is_closing()]

    @staticmethod
    def _stop(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()
