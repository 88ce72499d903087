"""The description at /openapi.json is complete: every operation, parameter and answer."""

from typing import Any

import pytest

from ingest.reasons import Reason
from tests.kpi_engine.api.described import DOCUMENT

OPERATIONS = [
    (f"{method} {path}", operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def test_every_resource_of_the_contract_is_described() -> None:
    assert {path.removeprefix("/api/v1") for path in DOCUMENT["paths"]} >= {
        "/health",
        "/cities",
        "/cities/{city}/sites",
        "/devices",
        "/series",
        "/series/{series_id}/observations",
        "/series/{series_id}/aggregates",
        "/kpis",
        "/kpis/{kpi}",
        "/kpis/{kpi}/values",
        "/kpis/{kpi}/values/{value_id}/lineage",
        "/kpis/recomputations",
        "/ledger",
        "/quarantine",
        "/factors",
        "/statistics",
        "/live",
        "/session",
    }


def test_the_code_that_is_given_as_an_example_exists() -> None:
    described = DOCUMENT["components"]["schemas"]["RefusedMessage"]["properties"]["reason"]["description"]
    assert described.removeprefix("Stable code, such as ").removesuffix(".") in set(Reason)


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_an_operation_says_what_it_does_and_what_it_answers(name: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    if not name.endswith("/live") and not name.startswith("delete"):
        assert success["content"]["application/json"]["schema"]
    if "/api/v1" in name:
        assert "application/problem+json" in operation["responses"]["422"]["content"]


def test_every_resource_names_its_ways_of_access() -> None:
    open_to_all = {name for name, operation in OPERATIONS if not operation.get("security")}
    assert open_to_all == {"get /health", "post /api/v1/session"}
