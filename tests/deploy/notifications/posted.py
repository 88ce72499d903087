"""A program of a test that is told by webhook, and what was posted to it."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread


class Posted(HTTPServer):
    """What is posted to a program, which answers with ``status``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taker)
        self.status, self.bodies, self.headers = 200, list[bytes](), list[dict[str, str]]()
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it takes alarms, without http://."""
        return f"127.0.0.1:{self.server_port}/alarms"


class _Taker(BaseHTTPRequestHandler):
    server: Posted

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library calls it
        """Print nothing."""
