"""What anyone may send before a login costs little: bodies, time and connections are bounded."""

import socket
from collections.abc import Iterator
from contextlib import closing
from ipaddress import ip_network
from urllib.parse import urlsplit

import httpx
import pytest

from kpi_engine.api.app import create_app
from kpi_engine.api.connections import BoundedProtocol
from tests.kpi_engine.api.conftest import serving

pytestmark = pytest.mark.process

NO_DATABASE = "postgresql://nobody@127.0.0.1:1/nothing"
MOST_BYTES = 1000
PATIENT = 60.0
HALF_A_REQUEST = b"GET /health HTTP/1.1\r\nHost: x\r\n"
HALF_A_BODY = (
    b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(create_app(NO_DATABASE, max_body_bytes=MOST_BYTES)) as served:
        yield served


def connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=PATIENT)
    connection.sendall(HALF_A_REQUEST)
    return connection


def ending(connection: socket.socket) -> bytes:
    """Return what comes until the server closes."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def chunks() -> Iterator[bytes]:
    for _ in range(20):
        yield b"0" * 100


def test_a_body_that_says_it_is_too_large_is_refused(url: str) -> None:
    answer = httpx.post(f"{url}/api/v1/session", content=b"0" * (MOST_BYTES + 1), timeout=PATIENT)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:pharos:problem:content-too-large")
    assert str(MOST_BYTES) in answer.json()["detail"]


def test_a_body_in_chunks_is_refused_when_it_gets_too_large(url: str) -> None:
    answer = httpx.post(f"{url}/api/v1/session", content=chunks(), timeout=PATIENT)
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")


def test_a_body_as_large_as_allowed_is_read(url: str) -> None:
    answer = httpx.post(f"{url}/api/v1/session", content=b"0" * MOST_BYTES, timeout=PATIENT)
    assert answer.status_code == 503  # the body has passed; the database is away


def test_a_connection_goes_on_after_a_body_that_nobody_read(url: str) -> None:
    with httpx.Client(base_url=url, timeout=PATIENT) as client:
        answers = [client.post("/api/v1/session", content=b"0" * 300_000), client.get("/health")]
    assert [answer.status_code for answer in answers] == [413, 200]


class Hurried(BoundedProtocol):
    """Waits a fifth of a second for a request."""

    request_seconds = 0.2


@pytest.fixture(scope="module")
def hurried() -> Iterator[str]:
    with serving(create_app(NO_DATABASE), Hurried) as served:
        yield served


@pytest.mark.parametrize("half", [HALF_A_REQUEST, HALF_A_BODY, b""], ids=["headers", "body", "silence"])
def test_whoever_does_not_finish_a_request_is_cut_off(hurried: str, half: bytes) -> None:
    parts = urlsplit(hurried)
    with closing(socket.create_connection((parts.hostname, parts.port), timeout=PATIENT)) as connection:
        connection.sendall(half)
        assert ending(connection).startswith(b"HTTP/1.1 408 ")


def test_a_further_request_on_a_connection_has_its_own_time(hurried: str) -> None:
    with closing(connected(hurried)) as connection:
        connection.sendall(b"\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        connection.sendall(HALF_A_REQUEST)
        assert b"HTTP/1.1 408 " in ending(connection)


class Narrow(BoundedProtocol):
    """Has room for two connections."""

    most = 2


def test_a_newcomer_takes_the_place_of_who_waited_longest() -> None:
    with serving(create_app(NO_DATABASE), Narrow) as url, closing(connected(url)) as first, closing(connected(url)):
        assert httpx.get(f"{url}/health", timeout=PATIENT).status_code == 200
        assert ending(first) == b""


class Shared(BoundedProtocol):
    """Takes one connection of an address."""

    most_of_address = 1


class Proxied(Shared):
    """Takes this machine for a proxy."""

    proxies = (ip_network("127.0.0.0/8"),)


def test_one_address_gets_no_more_than_its_share() -> None:
    with serving(create_app(NO_DATABASE), Shared) as url, closing(connected(url)), closing(connected(url)) as second:
        assert ending(second) == b""


def test_a_proxy_connects_for_many() -> None:
    with serving(create_app(NO_DATABASE), Proxied) as url, closing(connected(url)):
        assert httpx.get(f"{url}/health", timeout=PATIENT).status_code == 200
