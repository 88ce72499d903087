"""The internal listener of a process: /health, /ready and /metrics, for the machine's own watchers only.

/health answers as long as the process runs; /ready answers 503 while it cannot do its work or does not get on with it,
with causes, and since when each of them is, and always with the age of what waits; /metrics is the Prometheus text
format of the process's registry. It has no access control: bind it to loopback or a private net.

A watcher asks every few seconds for as long as the process runs, so connections are kept, and nothing wakes in between.
"""

import json
import selectors
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from deploy.errors import SettingsError
from deploy.report import Report
from deploy.settings import Address

JSON = "application/json"
UNUSED_SECONDS: Final = 120.0
"""After so long a connection on which nobody asks is ended."""


class InternalServer(ThreadingHTTPServer):
    """Serves until it is closed; sleeps while nobody asks."""

    daemon_threads = True

    def __init__(self, address: Address, handler: type[BaseHTTPRequestHandler]) -> None:
        """Listen on ``address``; raises OSError."""
        self.address_family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        self._kept: set[socket.socket] = set()
        self._keeping = Lock()
        super().__init__(address, handler)
        self._waker, self._woken = socket.socketpair()
        self._thread = Thread(target=self._serve, name="internal", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, and end the connections that are kept: who listens no more says nothing."""
        self._waker.close()
        self._thread.join(1.0)
        self.server_close()
        with self._keeping:
            for connection in self._kept:
                with suppress(OSError):  # the other side was faster
                    connection.shutdown(socket.SHUT_RDWR)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection and remember it."""
        connection, peer = super().get_request()
        with self._keeping:
            self._kept.add(connection)
        return connection, peer

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - of sockets of any kind, says the base class
        """Forget a connection that ends."""
        with self._keeping:
            self._kept.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the base class has it
        """Say what failed, as the base class does; that a watcher went away is no fault of this process."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def _serve(self) -> None:
        with self._woken, selectors.DefaultSelector() as selector:
            selector.register(self, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while self._woken not in [key.fileobj for key, _ in selector.select()]:
                self.handle_request()


class Listener:
    """The listener while it listens; end it with ``close``, which calls ``ended``."""

    def __init__(self, server: InternalServer | None, ended: Callable[[], None] = lambda: None) -> None:
        self._server = server
        self._ended = ended

    @property
    def address(self) -> Address | None:
        """Where it listens; None when no address was given."""
        return Address(*bound_address(self._server)) if self._server else None

    def close(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()
            self._ended()


class _Ready(Collector):
    """Readiness for Prometheus, which reads no status codes; the causes are on /ready."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def describe(self) -> list[Metric]:
        """Return nothing: registering must not ask."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield 1 or 0."""
        ready = GaugeMetricFamily("pharos_ready", "1 when the process can do its work; /ready names what it lacks.")
        ready.add_metric([], float(self._report.is_ready))
        yield ready


def serve(address: Address | None, report: Report, registry: CollectorRegistry = REGISTRY) -> Listener:
    """Answer on ``address`` in a thread of its own until closed; without an address do nothing.

    ``report`` is asked from other threads. Raises SettingsError when the address cannot be listened on.
    """
    if address is None:
        return Listener(None)
    try:
        server = InternalServer(address, _handler(report, registry))
    except OSError as error:
        raise SettingsError(f"PHAROS_INTERNAL: cannot listen on {address}: {error.strerror}") from None
    ready = _Ready(report)
    collectors: list[Collector] = [ready, *([report.progress] if report.progress else [])]
    for collector in collectors:
        registry.register(collector)

    def ended() -> None:
        for collector in collectors:
            registry.unregister(collector)

    return Listener(server, ended)


def bound_address(server: ThreadingHTTPServer) -> tuple[str, int]:
    """Return host and port of ``server``, without the further fields of IPv6."""
    return str(server.server_address[0]), int(server.server_address[1])


def _handler(report: Report, registry: CollectorRegistry) -> type[BaseHTTPRequestHandler]:
    def ready() -> tuple[HTTPStatus, str, bytes]:
        body = report()
        status = HTTPStatus.OK if body["ready"] else HTTPStatus.SERVICE_UNAVAILABLE
        return status, JSON, json.dumps(body).encode()

    pages: dict[str, Callable[[], tuple[HTTPStatus, str, bytes]]] = {
        "/health": lambda: (HTTPStatus.OK, JSON, b'{"status": "ok"}'),
        "/ready": ready,
        "/metrics": lambda: (HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(registry)),
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = UNUSED_SECONDS
        disable_nagle_algorithm = True
        wbufsize = -1  # head and body in one packet

        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            self._answer(*(page() if page else (HTTPStatus.NOT_FOUND, JSON, b'{"title": "no such page"}')))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            """Say nothing: a probe every few seconds is no event."""

        def _answer(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
            # Who stopped waiting for an answer is no event either.
            with suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

    return Handler
