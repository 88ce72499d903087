"""Figures of spans that nobody keeps, over HTTP: the same as those kept of a month, and within the caller's scope."""

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.kpi_engine.api.conftest import listed

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

SPANS: Final = "/kpis/heat_delivered/spans"


def ask(client: "httpx.Client", **query: str) -> list[dict[str, Any]]:
    return listed(client, SPANS, city="harbour", **query)


def test_a_season_of_one_month_is_that_month(april: "Towns", admin: "httpx.Client") -> None:  # noqa: ARG001
    found = ask(admin, kind="heating-season", first_month="3", end_month="4", **{"from": "2026-01-01T00:00:00Z"})
    month = admin.get("/kpis/heat_delivered/values", params={"city": "harbour", "from": "2026-03-02T00:00:00Z"}).json()

    assert len(found) == 1
    kept = month["items"][0]
    for key in ("value", "lower", "upper", "coverage", "status", "reason", "inputs_hash", "rule_version", "factors"):
        assert found[0][key] == kept[key], key


def test_a_rolling_year_that_has_not_ended_goes_as_far_as_it_is_known(april: "Towns", admin: "httpx.Client") -> None:  # noqa: ARG001
    found = ask(admin, kind="rolling-year", **{"from": "2026-02-28T23:00:00Z", "to": "2026-03-20T00:00:00Z"})

    assert [one["start"] for one in found] == ["2026-02-28T23:00:00Z"]
    assert found[0]["end"] == "2027-02-28T23:00:00Z"
    assert found[0]["value"] == pytest.approx(40 * 24, rel=0.05)
    assert found[0]["status"] == "provisional"


def test_too_many_spans_are_refused_and_an_unknown_city_is_not_found(admin: "httpx.Client") -> None:
    query = {"city": "harbour", "kind": "rolling-year", "from": "2020-01-01T00:00:00Z"}

    assert admin.get(SPANS, params=query).status_code == 422
    assert admin.get(SPANS, params={"city": "atlantis", "kind": "rolling-year"}).status_code == 404
    assert admin.get("/kpis/ev_charging_energy/spans", params={**query, "kind": "reporting-year"}).status_code == 404
