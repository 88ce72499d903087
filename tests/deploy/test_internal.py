"""The internal listener answers health, readiness with causes, and metrics."""

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from deploy.embedded import ports
from deploy.errors import SettingsError
from deploy.internal import Listener, serve
from deploy.settings import Address


class Situation:
    """What keeps the process from being ready."""

    causes: dict[str, str]

    def __init__(self) -> None:
        self.causes = {}


@pytest.fixture
def situation() -> Situation:
    return Situation()


@pytest.fixture
def listener(situation: Situation) -> Iterator[Listener]:
    registry = CollectorRegistry()
    Counter("pharos_visits", "Visits.", registry=registry).inc(3)
    opened = serve(Address("127.0.0.1", ports.choose()), lambda: situation.causes, registry)
    yield opened
    opened.close()


def page(listener: Listener, path: str) -> httpx.Response:
    return httpx.get(f"http://{listener.address}{path}", trust_env=False)


def test_health_answers_while_the_process_runs(listener: Listener) -> None:
    assert page(listener, "/health").status_code == 200


def test_readiness_names_its_causes(listener: Listener, situation: Situation) -> None:
    assert page(listener, "/ready").json() == {"ready": True, "causes": {}}
    situation.causes = {"database": "the database does not answer"}
    answer = page(listener, "/ready")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "causes": {"database": "the database does not answer"}}


def test_readiness_is_a_metric_too(listener: Listener, situation: Situation) -> None:
    assert "pharos_ready 1.0" in page(listener, "/metrics").text
    situation.causes = {"database": "the database does not answer"}
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
        serve(listener.address, dict)


def test_without_an_address_there_is_no_listener() -> None:
    assert serve(None, dict).address is None
