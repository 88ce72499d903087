"""Who sees what: no token, roles, cities."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from kpi_engine.api.routes import quarantine as route
from processors.storage.readings import quarantine
from processors.storage.readings.quarantine import Filter, expire, find

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


def test_without_a_token_only_health_answers(towns: "Towns") -> None:
    with httpx.Client(base_url=towns.url, timeout=120) as client:
        assert client.get("/health").json() == {"status": "ok"}
        refused = client.get("/api/v1/cities")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_the_description_needs_a_token_and_the_console_does_not(towns: "Towns") -> None:
    with httpx.Client(base_url=towns.url, timeout=120) as client:
        assert client.get("/openapi.json").status_code == 401
        pages = ("/", "/console/main.js", "/docs", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/redoc")
        assert [client.get(path).status_code for path in pages] == [200, 200, 200, 200, 200, 404]
        given = {"Authorization": f"Bearer {towns.token('evaluator')}"}
        assert client.get("/openapi.json", headers=given).json()["info"]["title"] == "Pharos"


PATHS = ("cities", "devices", "series", "kpis", "ledger", "quarantine", "factors", "statistics", "live", "session")


def test_an_unknown_token_is_refused_everywhere(towns: "Towns") -> None:
    invented = {"Authorization": "Bearer pharos_invented"}
    with httpx.Client(base_url=f"{towns.url}/api/v1", headers=invented, timeout=120) as client:
        assert {path: client.get(f"/{path}").status_code for path in PATHS} == dict.fromkeys(PATHS, 401)


def test_a_role_sees_its_resources(towns: "Towns") -> None:
    asked = ("devices", "kpis", "series", "ledger", "factors", "statistics")
    answers = {}
    for role in ("operator", "evaluator", "integrator", "admin"):
        with towns.client(role) as client:
            answers[role] = [path for path in asked if client.get(f"/{path}").status_code == 200]
    assert answers == {
        "operator": ["devices", "kpis", "series", "ledger", "factors", "statistics"],
        "evaluator": ["kpis", "series", "ledger", "factors", "statistics"],
        "integrator": ["devices", "series", "ledger"],
        "admin": ["devices", "kpis", "series", "ledger", "factors", "statistics"],
    }


def test_a_token_of_one_city_sees_nothing_of_another(towns: "Towns") -> None:
    foreign = towns.series("island", "meter", "heat_energy")
    with towns.client("operator", ["harbour"]) as client:
        assert [city["name"] for city in client.get("/cities").json()["items"]] == ["harbour"]
        assert {device["city"] for device in client.get("/devices").json()["items"]} == {"harbour"}
        assert client.get("/devices", params={"city": "island"}).status_code == 403
        assert client.get("/cities/island/sites").status_code == 403
        assert client.get(f"/series/{foreign}").status_code == 404
        assert client.get(f"/series/{foreign}/observations").status_code == 404


def test_an_unknown_city_is_not_found(admin: httpx.Client) -> None:
    refused = admin.get("/devices", params={"city": "atlantis"})
    assert refused.status_code == 404
    assert "atlantis" in refused.json()["detail"]


def test_what_a_sender_said_is_not_for_evaluators(towns: "Towns") -> None:
    towns.refuse("unknown_device", "jane-doe", "2026-04-10T11:00:00Z")
    shown = {}
    for role in ("operator", "evaluator"):
        with towns.client(role) as client:
            item = client.get("/quarantine").json()["items"][0]
            shown[role] = [
                item[name] for name in ("payload", "detail", "topic", "device", "city", "reason", "readings")
            ]
    said = ["secret unknown_device", "a sentence", "pharos/v1/harbour/jane-doe", "jane-doe"]
    assert shown["operator"] == [*said, "harbour", "unknown_device", 1]
    assert shown["evaluator"] == [None, None, None, None, "harbour", "unknown_device", 1]


def test_an_expired_payload_is_null_and_the_message_still_listed(towns: "Towns") -> None:
    towns.refuse("implausible", "meter", "2026-04-10T11:00:00Z")
    expire(towns.connection, datetime.now(UTC))
    with towns.client("operator") as client:
        (item,) = client.get("/quarantine").json()["items"]
    assert (item["reason"], item["payload"]) == ("implausible", None)


def test_the_message_that_came_last_is_listed_first(towns: "Towns", admin: httpx.Client) -> None:
    towns.refuse("bad_time", "meter", "2026-04-10T10:00:00Z")
    towns.refuse("implausible", "meter", "2026-04-10T11:00:00Z")
    towns.refuse("bad_time", "meter", "2026-04-10T11:30:00Z")
    listed = [item["reason"] for item in admin.get("/quarantine").json()["items"]]
    assert listed == ["bad_time", "implausible"]
    assert listed == [kept.reason for kept in find(towns.connection, Filter())]


ANYTHING = dict.fromkeys(("device", "reason", "from_time", "to_time", "after", "after_number"))


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (route.SQL["api_quarantine"], {**ANYTHING, "cities": None, "words": True, "limit": 100, "number": None}),
        (quarantine.SQL["quarantine_list"], {**asdict(Filter()), **ANYTHING, "limit": 100}),
    ],
)
def test_refused_messages_are_listed_in_the_order_of_an_index(
    towns: "Towns", statement: str, parameters: dict[str, object]
) -> None:
    towns.connection.execute("set enable_seqscan = off")  # the table is empty here
    plan = towns.connection.execute(f"explain {statement}", parameters).fetchall()
    towns.connection.rollback()
    assert "quarantine_last_received_at_quarantine_id_idx" in str(plan)
    assert "Sort" not in str(plan)


def test_refused_messages_of_no_city_are_for_tokens_of_every_city(towns: "Towns") -> None:
    towns.refuse("bad_topic", None, "2026-04-10T11:00:00Z", city=None)
    with towns.client("operator", ["harbour"]) as limited, towns.client("operator") as unlimited:
        assert limited.get("/quarantine").json()["items"] == []
        assert [item["reason"] for item in unlimited.get("/quarantine").json()["items"]] == ["bad_topic"]


def test_the_script_of_the_description_is_compressed_once_and_not_sent_twice(url_without_database: str) -> None:
    address = f"{url_without_database}/docs/swagger-ui-bundle.js"
    whole = httpx.get(address, headers={"Accept-Encoding": "identity"})
    packed = httpx.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == whole.content
    assert int(packed.headers["content-length"]) < len(whole.content) // 2
    known = httpx.get(address, headers={"If-None-Match": packed.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
