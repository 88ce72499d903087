"""Lists come whole or in parts, figures of many at once, and a range means the same to all who name one."""

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import kpi
from tests.kpi_engine.api.conftest import listed
from tests.kpi_engine.api.described import operations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

SPRING = {"from": "2026-03-01", "to": "2026-04-11"}


@pytest.fixture(scope="module")
def towns(module_towns: "Towns") -> "Towns":
    """Return towns of which the harbour takes 1 kWh an hour in March, and both something on the days before."""
    module_towns.count(module_towns.series("harbour", "meter", "heat_energy"), "2026-02-28T23:00:00Z", 40 * 24 + 13)
    module_towns.count(module_towns.series("island", "meter", "heat_energy"), "2026-03-30T00:00:00Z", 2 * 24)
    module_towns.settle()
    return module_towns


@pytest.fixture(scope="module")
def client(towns: "Towns") -> "Iterator[httpx.Client]":
    with towns.client() as one:
        yield one


def parts(client: httpx.Client, path: str, limit: int, query: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(path, params={**query, "limit": limit, **({"cursor": cursor} if cursor else {})}).json()
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next_cursor"]
    return found


LISTS: dict[str, dict[str, Any]] = {
    "/cities": {},
    "/cities/harbour/sites": {},
    "/cities/harbour/groups": {},
    "/devices": {},
    "/series": {"city": "harbour"},
    "/kpis": {},
    "/factors": {},
    "/tokens": {},
    "/targets": {"city": "harbour"},
    "/baselines": {},
    "/kpis/*/values": {"city": "*", "site": "*", **SPRING},
    "/kpis/heat_delivered/differences": {"city": "harbour", "before": "2026-01-01", **SPRING},
}


@pytest.mark.parametrize("path", LISTS)
def test_the_parts_of_a_list_are_the_whole_of_it(client: httpx.Client, path: str) -> None:
    whole = listed(client, path, **LISTS[path])
    if path == "/cities":  # how old a device is, and how many are live, goes on
        assert len(whole) == 2
    assert parts(client, path, 40 if path == "/kpis" else 2, LISTS[path]) == whole


def test_every_list_that_may_be_long_has_a_cursor() -> None:
    answers = {
        name: operation["responses"]["200"]["content"].get("application/json", {}).get("schema", {}).get("$ref", "")
        for name, operation in operations().items()
        if name.startswith("get ") and "200" in operation["responses"] and "content" in operation["responses"]["200"]
    }
    whole = {name for name, answer in answers.items() if "Items_" in answer}
    of_figures = ("kpis/queue", "kpis/{kpi}/hours", "kpis/{kpi}/ranking", "kpis/{kpi}/spans")
    bounded = ("ledger", "notifications/receivers", "verticals", *of_figures)
    assert whole == {f"get /api/v1/{path}" for path in bounded}
    paged = [name for name, answer in answers.items() if "Page_" in answer]
    assert all({"limit", "cursor"} <= {one["name"] for one in operations()[name]["parameters"]} for name in paged)


def test_a_cursor_stays_valid_while_data_change_and_belongs_to_its_query(towns: "Towns", client: httpx.Client) -> None:
    first = client.get("/tokens", params={"limit": 1}).json()
    towns.token("operator")  # the newest first: it would shift every page that counts
    second = client.get("/tokens", params={"limit": 1, "cursor": first["next_cursor"]})
    assert first["items"][0]["name"] not in [one["name"] for one in second.json().get("items", ())]
    refused = client.get("/series", params={"limit": 1, "cursor": first["next_cursor"]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "cursor"


def test_names_of_operations_are_for_clients_to_keep() -> None:
    names = [operation["operationId"] for operation in operations().values()]
    assert len(set(names)) == len(names)
    assert {"list_kpi_values", "list_observations", "list_differences", "show_city_file"} <= set(names)
    assert not [name for name in names if "api_v1" in name]


def test_figures_of_many_indicators_sites_and_cities_come_at_once(client: httpx.Client) -> None:
    one = listed(client, "/kpis/heat_delivered/values", city="harbour", **SPRING)
    both = listed(client, "/kpis/heat_delivered,heat_emissions/values", city="harbour", **SPRING)
    assert [value for value in both if value["kpi"] == "heat_delivered"] == one
    assert {value["kpi"] for value in both} == {"heat_delivered", "heat_emissions"}
    every = client.get("/kpis/*/values", params={"city": ["harbour", "island"], "site": ["house", "hut"], **SPRING})
    assert {(value["city"], value["site"]) for value in every.json()["items"]} == {
        ("harbour", "house"),
        ("island", "hut"),
    }
    unknown = client.get("/kpis/heat_delivered/values", params={"city": "*", "site": ["house", "nowhere"], **SPRING})
    assert (unknown.status_code, "nowhere" in unknown.json()["detail"]) == (404, True)


def test_a_token_of_one_city_gets_that_of_every_city(towns: "Towns") -> None:
    with towns.client("evaluator", ["island"]) as limited:
        found = listed(limited, "/kpis/*/values", city="*", **SPRING)
        assert {value["city"] for value in found} == {"island"}
        asked = {"city": ["island", "harbour"], **SPRING}
        assert limited.get("/kpis/heat_delivered/values", params=asked).status_code == 403


def test_more_values_than_one_answer_holds_are_refused_without_a_limit(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpi_engine.api.routes.kpi_values.MOST", 1)
    refused = client.get("/kpis/heat_delivered/values", params={"city": "harbour", **SPRING})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "limit")


def test_a_day_begins_by_the_clocks_of_its_city(towns: "Towns", client: httpx.Client) -> None:
    for city, offset in (("harbour", "+01:00"), ("island", "+11:00")):
        path = f"/series/{towns.series(city, 'meter', 'heat_energy')}/aggregates?interval=hour"
        instants = client.get(
            path, params={"from": f"2026-03-20T00:00:00{offset}", "to": f"2026-03-21T00:00:00{offset}"}
        )
        days = client.get(path, params={"from": "2026-03-20", "to": "2026-03-21"})
        assert days.json()["items"] == instants.json()["items"]
        assert len(days.json()["items"]) == 24


def test_a_day_of_no_one_city_is_refused(client: httpx.Client) -> None:
    refused = client.get("/kpis/recomputations", params={"from": "2026-03-01"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "from")
    assert client.get("/kpis/recomputations", params={"from": "2026-03-01", "city": "harbour"}).status_code == 200


def test_a_range_means_the_same_at_the_command_line(client: httpx.Client, module_database_url: str) -> None:
    asked = {"from": "2026-03-20", "to": "2026-04-02"}  # begins and ends within a month
    told = listed(client, "/kpis/heat_delivered/values", city="harbour", **asked)
    app = typer.Typer()
    kpi.register(app)
    arguments = ["kpi", "values", "heat_delivered", "--city", "harbour", "--from", asked["from"], "--to", asked["to"]]
    printed = CliRunner().invoke(app, [*arguments, "--json"], env={"PHAROS_DATABASE_URL": module_database_url})
    assert printed.exit_code == 0, printed.output
    assert [value["value_id"] for value in told] == [one["value_id"] for one in json.loads(printed.output)]
    assert len(told) == 2


NO_INSTANTS = ("0", "1700000000", "2026-13-01", "2026-02-30T00:00:00Z", "20260301")


@pytest.mark.parametrize("given", NO_INSTANTS)
def test_what_is_neither_a_day_nor_an_instant_is_refused(client: httpx.Client, given: str) -> None:
    refused = client.get("/kpis/heat_delivered/values", params={"city": "harbour", "from": given})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "from")


def test_a_number_is_no_instant_in_a_body_either(client: httpx.Client) -> None:
    assert client.post("/quarantine/replay", json={"to": 0}).status_code == 422


@pytest.mark.parametrize("path", ["/session", "/tokens", "/inbox/claim", "/quarantine/replay"])
def test_a_body_that_is_no_text_is_refused_as_the_body(client: httpx.Client, path: str) -> None:
    answer = client.post(path, content=b'{"\xff', headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["errors"][0]["location"]) == (422, "body")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/inbox/claim", {"origin": "a", "city": "\0"}, "city"),
        ("/inbox/claim", {"origin": "\0"}, "origin"),
        ("/quarantine/replay", {"device": "a\0"}, "device"),
        ("/quarantine/replay", {"reason": "\0"}, "reason"),
    ],
)
def test_text_that_cannot_be_stored_is_refused_in_a_body_too(
    client: httpx.Client, path: str, body: dict[str, str], field: str
) -> None:
    answer = client.post(path, json=body)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])


def test_what_can_be_posted_only_is_not_taken_for_a_number(client: httpx.Client) -> None:
    answer = client.get("/quarantine/replay")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_every_refusal_of_a_resource_is_described() -> None:
    refusals = {name: operation["responses"].keys() for name, operation in operations().items()}
    for name in ("post /api/v1/tokens", "put /api/v1/cities/{city}/file", "post /api/v1/ingest"):
        assert "409" in refusals[name]
    assert {"415", "501"} <= refusals["post /v2/notify"]
