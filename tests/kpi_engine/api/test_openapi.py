"""The description at /openapi.json is complete: every operation, parameter and answer."""

from typing import Any

import pytest

from ingest.reasons import Reason
from tests.kpi_engine.api.described import document, operations

pytestmark = pytest.mark.long


def answered(operation: dict[str, Any]) -> dict[str, Any]:
    """Return what an operation answers where it succeeds, by type of content."""
    success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    return dict(success.get("content", {}))


def test_every_resource_of_the_contract_is_described() -> None:
    assert {path.removeprefix("/api/v1") for path in document()["paths"]} >= {
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
        "/kpis/{kpi}/entities",
        "/open/catalogue",
        "/open/{city}/figures",
        "/kpis/{kpi}/ranking",
        "/kpis/{kpi}/values/{value_id}/lineage",
        "/kpis/recomputations",
        "/ledger",
        "/quarantine",
        "/factors",
        "/statistics",
        "/live",
        "/session",
        "/ingest",
        "/ingest/{city}/{path}",
        "/v2/notify",
        "/try",
        "/tokens",
        "/credentials",
        "/cities/{city}/devices/{device}/credential",
        "/cities/{city}/file",
    }


def test_the_code_that_is_given_as_an_example_exists() -> None:
    described = document()["components"]["schemas"]["RefusedMessage"]["properties"]["reason"]["description"]
    assert described.removeprefix("Stable code, such as ").removesuffix(".") in set(Reason)


def test_every_operation_says_what_it_does() -> None:
    assert len(operations()) > 20
    assert [name for name, one in operations().items() if not one["summary"] or not one["description"]] == []


def test_every_operation_says_what_it_answers() -> None:
    kinds = ("application/json", "application/ld+json")
    answers: dict[str, dict[str, Any]] = {
        name: next((answered(one)[kind] for kind in kinds if kind in answered(one)), {})
        for name, one in operations().items()
    }
    without = {name for name, answer in answers.items() if not answer.get("schema")}
    files = {f"get /api/v1/export/{table}" for table in ("aggregates", "kpis", "observations")}
    files.add("get /api/v1/open/{city}/figures")
    reports = {"get /api/v1/reports/key", "get /api/v1/reports/{city}/{period}"}
    told_otherwise = {"get /api/v1/live", "get /api/v1/cities/{city}/file"} | files | reports  # events, YAML, and files
    of_nothing = {"delete /api/v1/session", "delete /api/v1/tokens/{name}"}
    of_nothing.add("delete /api/v1/cities/{city}/devices/{device}/credential")
    assert without == told_otherwise | of_nothing
    assert all("text/csv; charset=utf-8" in answered(operations()[name]) for name in files)


def test_every_operation_answers_a_wrong_parameter_with_a_problem() -> None:
    refusals = {name: one["responses"]["422"] for name, one in operations().items() if "/api/v1" in name}
    assert [name for name, one in refusals.items() if "application/problem+json" not in one["content"]] == []


def test_every_resource_names_its_ways_of_access() -> None:
    open_to_all = {name for name, operation in operations().items() if not operation.get("security")}
    given_to_everybody = {"get /api/v1/open/catalogue", "get /api/v1/open/{city}/figures"}
    assert open_to_all == {"get /health", "post /api/v1/session"} | given_to_everybody
