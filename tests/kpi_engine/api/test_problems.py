"""Whatever goes wrong is told as a problem document that names the field at fault."""

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.kpi_engine.api.described import document

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"].startswith("urn:pharos:problem:")
    return [(fault["location"], fault["field"]) for fault in body["errors"]]


WRONG = {
    "observations?from=yesterday": "from",
    "observations?from=2026-01-01T00:00:00": "from",
    "observations?to=0.5": "to",
    "observations?to=1700000000": "to",
    "observations?from=2026-01-01T00:00Z": "from",
    "observations?from=9999-12-31T23:59:59-23:59": "from",
    "observations?limit=0": "limit",
    "observations?cursor=!": "cursor",
    "observations?cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk": "cursor",
    "observations?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z": "to",
    "observations?from=1800-01-01T00:00:00Z": "from",
    "aggregates?interval=fortnight": "interval",
    "aggregates?interval=15min&from=2020-01-01T00:00:00Z": "from",
}


def test_a_wrong_parameter_is_named(admin: httpx.Client) -> None:
    answers = {path: admin.get(f"/series/1/{path}") for path in WRONG}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(WRONG, 422)
    assert {path: faults(answer) for path, answer in answers.items()} == {
        path: [("query", field)] for path, field in WRONG.items()
    }


SAMPLES = {
    "city": "harbour",
    "kpi": "heat_delivered",
    **dict.fromkeys(("series_id", "value_id", "alarm_id", "baseline", "replay_id", "quarantine_id", "trial_id"), "1"),
    "day": "2026-03-01",
    "period": "2026-03",
    **dict.fromkeys(("device", "name", "path"), "any"),
}


def test_a_parameter_that_is_not_described_is_refused_by_every_resource(towns: "Towns", admin: httpx.Client) -> None:
    asked = [
        (method, re.sub(r"{(\w+)}", lambda name: SAMPLES[name[1]], path))
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if not operation.get("x-any-query")
    ]
    answers = [admin.request(method, f"{towns.url}{path}?fantasy=1") for method, path in asked]
    assert [answer.status_code for answer in answers] == [422] * len(asked)
    assert [faults(answer) for answer in answers] == [[("query", "fantasy")]] * len(asked)


def test_a_misspelt_parameter_is_told_with_those_that_exist(admin: httpx.Client) -> None:
    answer = admin.get("/kpis/heat_delivered/values?city=harbour&as_off=2026-01-01T00:00:00Z")
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "as_off: no such parameter; expected city, site, group, period, as_of, from, to, limit, cursor; "
        "did you mean as_of?"
    )


def test_a_parameter_given_twice_is_refused_unless_it_may_be_repeated(admin: httpx.Client) -> None:
    assert faults(admin.get("/devices?city=harbour&city=island")) == [("query", "city")]
    assert admin.get("/devices?state=live&state=late").status_code == 200


def test_a_parameter_that_no_name_can_contain_is_named(admin: httpx.Client) -> None:
    answers = [admin.get("/devices?city=har%00bour"), admin.get("/cities/har%00bour/sites")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert [faults(answer) for answer in answers] == [[("query", "city")], [("path", "city")]]


def test_a_wrong_body_is_named(admin: httpx.Client) -> None:
    assert faults(admin.post("/session", json={})) == [("body", "token")]
    assert faults(admin.post("/session", json={"token": "x", "tokken": "y"})) == [("body", "tokken")]


def test_a_broken_body_is_named_as_the_body(admin: httpx.Client) -> None:
    for body in ("{", "", "token", "[]"):
        answer = admin.post("/session", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422, body
        assert faults(answer) == [("body", "body")], body


def test_unknown_routes_and_methods_are_problems_too(admin: httpx.Client) -> None:
    for answer, status in ((admin.get("/nothing"), 404), (admin.put("/cities"), 405), (admin.get("/series/0"), 422)):
        assert answer.status_code == status
        faults(answer)


def test_a_database_that_is_away_is_said_and_health_still_answers(url_without_database: str) -> None:
    assert httpx.get(f"{url_without_database}/health", timeout=120).status_code == 200
    given = {"Authorization": "Bearer x"}
    answer = httpx.get(f"{url_without_database}/api/v1/cities", headers=given, timeout=120)
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:pharos:problem:database-unavailable"
    assert answer.headers["Retry-After"]


def test_every_answer_forbids_foreign_scripts_and_sniffing(admin: httpx.Client) -> None:
    headers = admin.get("/cities").headers
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
