"""A service of a test's own on loopback: it answers as a function says, and remembers what it was asked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """What was asked; ``token`` is that of its header."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    token: str


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[Request], Reply]


@dataclass(frozen=True)
class HubServer:
    """Where it is, and every request so far."""

    url: str
    requests: list[Request]

    def asked(self, path: str) -> list[Request]:
        """Return the requests whose path begins so."""
        return [one for one in self.requests if one.path.startswith(path)]


@contextmanager
def hub_server(answer: Answer) -> Iterator[HubServer]:
    """Yield a service that answers with ``answer`` until the end."""
    requests: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            """Say nothing."""

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            request = Request(self.command, parts.path, dict(parse_qsl(parts.query)), body, token)
            requests.append(request)
            reply = answer(request)
            content = reply.body.encode()
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield HubServer(f"http://127.0.0.1:{server.server_address[1]}", requests)
        server.shutdown()
        thread.join()


def in_turn(*replies: Reply) -> Answer:
    """Return what answers with these one after the other, and with the last one from then on."""
    waiting = list(replies)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]
