"""Tokens of the wrong role, city and age against every operation of the interface."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from kpi_engine.api import tokens
from kpi_engine.api.tokens import TokenRole
from tests.kpi_engine.api.described import operations

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

EVERYBODY: Final = frozenset(TokenRole)
FIGURES: Final = EVERYBODY - {TokenRole.INTEGRATOR}
DEVICES: Final = EVERYBODY - {TokenRole.EVALUATOR}
CONNECTING: Final = frozenset({TokenRole.INTEGRATOR, TokenRole.ADMIN})
OPERATING: Final = frozenset({TokenRole.OPERATOR, TokenRole.ADMIN})
ADMINISTERING: Final = frozenset({TokenRole.ADMIN})
MAY: Final[dict[str, frozenset[TokenRole]]] = {
    **dict.fromkeys(
        ("list_cities", "list_sites", "list_groups", "list_verticals", "show_session", "renew_session", "watch"),
        EVERYBODY,
    ),
    **dict.fromkeys(("list_series", "show_series", "list_observations", "list_aggregates"), EVERYBODY),
    **dict.fromkeys(("export_observations", "export_aggregates", "list_ledger"), EVERYBODY),
    **dict.fromkeys(("list_quarantine", "show_message"), EVERYBODY),
    **dict.fromkeys(("list_kpis", "show_kpi", "list_kpi_values", "list_kpi_hours", "list_kpi_spans"), FIGURES),
    "list_kpi_entities": FIGURES,
    "show_flows": FIGURES,
    **dict.fromkeys(("rank_sites", "explain_value", "explain_day", "list_differences"), FIGURES),
    **dict.fromkeys(("list_recomputations", "export_kpis", "list_factors", "list_statistics", "list_targets"), FIGURES),
    "list_queue": OPERATING,
    **dict.fromkeys(("list_baselines", "show_baseline", "show_savings"), FIGURES),
    **dict.fromkeys(("freeze_report", "show_report_key", "compare_subjects"), FIGURES),
    **dict.fromkeys(("list_devices", "list_sessions", "list_alarms"), DEVICES),
    **dict.fromkeys(("list_senders", "show_sender", "claim_sender"), DEVICES),
    **dict.fromkeys(("show_alarm", "list_alarm_members", "list_alarm_notes"), DEVICES),
    **dict.fromkeys(("acknowledge_alarms", "comment_alarms", "shelve_alarms", "unshelve_alarms"), OPERATING),
    "list_alarm_figures": OPERATING,
    **dict.fromkeys(("list_receivers", "begin_trial", "show_trial"), OPERATING),
    **dict.fromkeys(("acknowledge_alarm", "replay_messages", "replay_message", "show_replay"), OPERATING),
    **dict.fromkeys(("send_message", "send_in_query", "post_to_path", "notify", "try_message"), CONNECTING),
    **dict.fromkeys(("list_credentials", "issue_credential", "rotate_credential", "revoke_credential"), CONNECTING),
    **dict.fromkeys(("show_city_file", "register_city_file"), CONNECTING),
    **dict.fromkeys(("list_tokens", "make_token", "revoke_token"), ADMINISTERING),
}
OPEN: Final = {"health", "log_in", "show_catalogue", "export_open_figures"}
OWN: Final = {"log_out"}  # ends the caller's own session, and nothing else
INSIDE: Final = {
    "city": "harbour",
    "kpi": "heat_delivered",
    "period": "2026-03",
    "day": "2026-03-01",
    "baseline": "harbour.house.none",
    "device": "meter",
    "name": "nobody",
    "path": "any",
    "start": "2026-03-01",
    "kind": "rolling-year",
    "before": "2026-03-05",
    "from": "2026-03-01",
    "to": "2026-03-02",
    "origin": "nobody",
    "site": "house",
}
BODIES: Final[dict[str, Any]] = {
    "claim_sender": {"origin": "nobody"},
    "acknowledge_alarms": {"alarms": [1]},
    "unshelve_alarms": {"alarms": [1]},
    "comment_alarms": {"alarms": [1], "text": "x"},
    "shelve_alarms": {"alarms": [1], "until": "2026-04-11T00:00:00Z", "reason": "x"},
    "begin_trial": {"city": "harbour"},
    "make_token": {"name": "x", "role": "operator", "cities": ["harbour"]},
    "replay_messages": {"city": "harbour"},
}


def called(name: str, operation: dict[str, Any], own: dict[str, str]) -> tuple[str, str, dict[str, str]]:
    """Return method, path and query of a request that is well formed."""
    method, path = name.split(" ", 1)
    values = INSIDE | own
    required = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query" and one.get("required")]
    if operation["operationId"] in {"explain_day"}:
        required.append("site")
    if operation["operationId"] == "list_differences":
        required.append("before")
    return method, re.sub(r"{(\w+)}", lambda found: values.get(found[1], "1"), path), {k: values[k] for k in required}


def asked(client: httpx.Client, name: str, operation: dict[str, Any], own: dict[str, str]) -> httpx.Response:
    method, path, query = called(name, operation, own)
    body = BODIES.get(operation["operationId"])
    sent = {"json": body} if body is not None or method == "get" else {"content": b"{}"}
    request = client.build_request(method, path, params=query, **sent)
    answer = client.send(request, stream=True)
    if "text/event-stream" not in answer.headers.get("Content-Type", ""):
        answer.read()
    answer.close()
    return answer


@pytest.fixture(scope="module")
def towns(open_towns: "Towns") -> "Towns":
    return open_towns


@pytest.fixture(scope="module")
def own(towns: "Towns") -> dict[str, str]:
    return {"series_id": str(towns.series("harbour", "meter", "heat_energy"))}


def holder(towns: "Towns", secret: str | None) -> httpx.Client:
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
    return httpx.Client(base_url=towns.url, headers=headers, timeout=120)


def test_the_matrix_names_every_operation() -> None:
    assert MAY.keys() | OPEN | OWN == {operation["operationId"] for operation in operations().values()}


@pytest.mark.parametrize("role", TokenRole)
def test_a_role_may_do_what_is_its_own_and_nothing_else(towns: "Towns", own: dict[str, str], role: TokenRole) -> None:
    refused = {}
    with holder(towns, towns.token(role, ["harbour"])) as client:
        for name, operation in operations().items():
            if operation["operationId"] not in OPEN | OWN:
                answer = asked(client, name, operation, own)
                assert answer.status_code not in {401, 500}, name
                says = answer.status_code == 403 and "the role" in answer.text
                refused[operation["operationId"]] = says
    found = {name for name, says in refused.items() if says}
    if role is TokenRole.INTEGRATOR:
        found.discard("register_city_file")  # may look, with dry_run=true
    assert found == {name for name, may in MAY.items() if role not in may}


@pytest.mark.parametrize("age", ["none", "unknown", "revoked", "expired"])
def test_a_token_that_is_none_or_no_longer_does_nothing(towns: "Towns", own: dict[str, str], age: str) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    expires = past if age == "expired" else None
    secret = tokens.create(towns.connection, f"of-{age}", TokenRole.ADMIN, None, expires)
    if age == "revoked":
        tokens.revoke(towns.connection, f"of-{age}")
    towns.connection.commit()
    given = {"none": None, "unknown": "pharos_invented"}.get(age, secret)
    with holder(towns, given) as client:
        answers = {
            operation["operationId"]: asked(client, name, operation, own).status_code
            for name, operation in operations().items()
            if operation["operationId"] not in OPEN
        }
    assert answers == dict.fromkeys(answers, 401)


@pytest.mark.parametrize("role", TokenRole)
def test_a_token_of_another_city_sees_and_does_nothing_of_it(
    towns: "Towns", own: dict[str, str], role: TokenRole
) -> None:
    """Whatever names the harbour in its address, its query or its body is refused, or unknown."""
    names_it = {
        name: operation
        for name, operation in operations().items()
        if operation["operationId"] in MAY and role in MAY[operation["operationId"]]
    }
    with holder(towns, towns.token(role, ["island"])) as client:
        for name, operation in names_it.items():
            method, path, query = called(name, operation, own)
            body = str(BODIES.get(operation["operationId"]))
            if "harbour" in path + body or "series_id" in name or "harbour" in query.values():
                answer = asked(client, name, operation, own)
                assert answer.status_code in {403, 404}, f"{method} {path}"
            elif any(one["name"] == "city" for one in operation.get("parameters", ())):
                more = {"city": "harbour", **({"device": "meter"} if method == "post" else {})}
                content = None if method == "get" else b"{}"
                answer = client.request(method, path, params=query | more, content=content)
                assert answer.status_code in {403, 404}, f"{method} {path}?city=harbour"
