"""The internal listener answers health, readiness with causes, and metrics."""

import socket
import struct
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from deploy.causes import Unreadiness
from deploy.embedded import ports
from deploy.errors import SettingsError
from deploy.internal import Listener, serve
from deploy.progress import Loop, Progress, Waiting
from deploy.report import Report
from deploy.settings import Address

pytestmark = pytest.mark.process

MEANS = "readings are not being stored"


class Situation:
    """What keeps the process from being ready."""

    def __init__(self) -> None:
        self.causes = Unreadiness(clock=lambda: datetime(2026, 11, 29, 9, 24, 10, tzinfo=UTC))
        self.age: float | None = None


@pytest.fixture
def situation() -> Situation:
    return Situation()


@pytest.fixture
def listener(situation: Situation) -> Iterator[Listener]:
    registry = CollectorRegistry()
    Counter("pharos_visits", "Visits.", registry=registry).inc(3)
    progress = Progress([Loop("storing", MEANS)], [Waiting("oldest message", lambda: situation.age)])
    report = Report(MEANS, situation.causes, progress, lambda: ["the past is being loaded"])
    opened = serve(Address("127.0.0.1", ports.choose()), report, registry)
    yield opened
    opened.close()


def page(listener: Listener, path: str) -> httpx.Response:
    return httpx.get(f"http://{listener.address}{path}", trust_env=False, timeout=120)


def test_health_answers_while_the_process_runs(listener: Listener) -> None:
    assert page(listener, "/health").status_code == 200


def test_a_watcher_that_goes_away_leaves_nothing_in_the_log(
    listener: Listener, capfd: pytest.CaptureFixture[str]
) -> None:
    assert listener.address
    with socket.create_connection(listener.address) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: pharos\r\n\r\n")
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # ends with a reset
    assert page(listener, "/health").status_code == 200
    assert "Traceback" not in capfd.readouterr().err


def test_readiness_names_its_causes_and_since_when_they_are(listener: Listener, situation: Situation) -> None:
    assert page(listener, "/ready").json()["ready"] is True
    situation.causes.set("broker", "the broker does not answer")
    answer = page(listener, "/ready")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "means": MEANS,
        "causes": {"broker": "the broker does not answer"},
        "since": {"broker": "2026-11-29T09:24:10Z"},
        "oldest_waiting_seconds": {"oldest message": 0.0},
        "notes": ["the past is being loaded"],
    }


def test_what_waits_is_told_also_while_all_is_well(listener: Listener, situation: Situation) -> None:
    situation.age = 12.25
    assert page(listener, "/ready").json()["oldest_waiting_seconds"] == {"oldest message": 12.2}
    assert 'pharos_oldest_waiting_seconds{what="oldest message"} 12.25' in page(listener, "/metrics").text


def test_readiness_is_a_metric_too(listener: Listener, situation: Situation) -> None:
    assert "pharos_ready 1.0" in page(listener, "/metrics").text
    situation.causes.set("database", "the database does not answer")
    assert "pharos_ready 0.0" in page(listener, "/metrics").text


def test_metrics_are_prometheus_text(listener: Listener) -> None:
    answer = page(listener, "/metrics")
    assert "pharos_visits_total 3.0" in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


def test_anything_else_is_not_found(listener: Listener) -> None:
    assert page(listener, "/console").status_code == 404


def test_a_taken_address_is_named(listener: Listener) -> None:
    assert listener.address is not None
    with pytest.raises(SettingsError, match=f"PHAROS_INTERNAL: cannot listen on 127.0.0.1:{listener.address.port}"):
        serve(listener.address, Report("", Unreadiness()))


def test_without_an_address_there_is_no_listener() -> None:
    assert serve(None, Report("", Unreadiness())).address is None
