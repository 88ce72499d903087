"""Methods: HEAD wherever GET is, every method in Allow, and no redirect to a host that a request names."""

import re
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from prometheus_client import REGISTRY

from kpi_engine.api import methods
from kpi_engine.api.app import create_app
from tests.kpi_engine.api.described import operations

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

PATIENT = 60.0


def test_head_is_answered_as_get_without_a_body(towns: "Towns", admin: httpx.Client) -> None:
    for path in ("/", "/health", "/console/main.js", "/api/v1/devices", "/api/v1/live"):
        answer = admin.head(f"{towns.url}{path}")
        assert (answer.status_code, answer.content) == (200, b""), path


def test_head_tells_the_length_that_get_would_have(towns: "Towns", admin: httpx.Client) -> None:
    plain = {"Accept-Encoding": "identity"}
    got, told = (admin.request(method, f"{towns.url}/health", headers=plain) for method in ("GET", "HEAD"))
    assert int(told.headers["Content-Length"]) == len(got.content)


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/api/v1/session", "PATCH", "GET, POST, PUT, DELETE, HEAD"),
        ("/api/v1/cities", "DELETE", "GET, HEAD"),
        ("/api/v1/alarms/1/acknowledge", "GET", "POST"),
        ("/health", "POST", "GET, HEAD"),
        ("/console/main.js", "POST", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_answered_with_those_there_are(
    url_without_database: str, path: str, method: str, allowed: str
) -> None:
    answer = httpx.request(method, f"{url_without_database}{path}", timeout=PATIENT)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)


def test_no_path_takes_a_method_that_is_described_for_another() -> None:
    app = create_app("postgresql://nobody@127.0.0.1:1/nothing")
    declared: dict[str, set[str]] = {}
    for operation in operations():
        method, path = operation.split(" ")
        declared.setdefault(re.sub(r"{\w+}", "1", path), set()).add(method.upper())
    taken = {path: set(methods.allowed(app, path).split(", ")) - {"HEAD"} for path in declared}
    assert len(declared) > 50
    assert taken == declared


@pytest.mark.parametrize("path", ["/api/v1/devices/", "/console", "/health/"])
def test_nobody_is_led_to_the_host_that_a_request_names(url_without_database: str, path: str) -> None:
    answer = httpx.get(f"{url_without_database}{path}", headers={"Host": "evil.example"}, timeout=PATIENT)
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)


def counted(method: str, route: str, status: str) -> float:
    labels = {"method": method, "route": route, "status": status}
    return REGISTRY.get_sample_value("pharos_http_requests_total", labels) or 0.0


TEMPLATES: Final = {
    "/api/v1/kpis/heat_delivered": ("/api/v1/kpis/{kpi}", "2xx"),
    "/api/v1/series/12345/observations": ("/api/v1/series/{series_id}/observations", "4xx"),
    "/health": ("/health", "2xx"),
    "/no/such/path": ("other", "4xx"),
}


def test_requests_are_counted_by_the_template_of_their_route(towns: "Towns", admin: httpx.Client) -> None:
    for path, (route, status) in TEMPLATES.items():
        before = counted("GET", route, status)
        admin.get(f"{towns.url}{path}")
        assert counted("GET", route, status) == before + 1
        timed = REGISTRY.get_sample_value("pharos_http_request_seconds_count", {"method": "GET", "route": route})
        assert timed is not None
        assert timed >= 1


def test_methods_that_nobody_knows_are_one_label(url_without_database: str) -> None:
    before = counted("other", "/health", "4xx")
    httpx.request("BREW", f"{url_without_database}/health", timeout=PATIENT)
    assert counted("other", "/health", "4xx") == before + 1
