"""Figures for assistants: through the protocol's own client, over a real interface, with bounds or not at all."""

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from mcp import Client
from mcp.types import CallToolResult
from pharos_client import Pharos
from pharos_client.mcp_server import server

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

ADDRESS: Final = "https://figures.example.org"
MARCH: Final = {"indicator": "heat_delivered", "city": "harbour", "start": "2026-03-01", "end": "2026-04-01"}


@pytest.fixture(scope="module")
def towns(module_towns: "Towns") -> "Towns":
    """Return towns of which the harbour takes 1 kWh an hour from March on, and is silent half of April."""
    module_towns.count(module_towns.series("harbour", "meter", "heat_energy"), "2026-02-28T23:00:00Z", 33 * 24)
    module_towns.settle()
    return module_towns


def asked(towns: "Towns", tool: str, role: str = "evaluator", **arguments: object) -> CallToolResult:
    """Return what a tool answers through the protocol."""

    async def ask() -> CallToolResult:
        with Pharos(towns.url, towns.token(role, ["harbour"]), progress=False) as pharos:
            async with Client(server(pharos, ADDRESS)) as client:
                answer = await client.call_tool(tool, arguments)
                assert isinstance(answer, CallToolResult)
                return answer

    return asyncio.run(ask())


def told(answer: CallToolResult) -> Any:  # noqa: ANN401 - what JSON has
    """Return what an answer that is none of an error holds."""
    assert not answer.is_error, answer.content
    held = answer.structured_content
    return held["result"] if isinstance(held, dict) and "result" in held else held


def words(answer: CallToolResult) -> str:
    """Return the text of an answer."""
    return json.dumps([one.model_dump(mode="json") for one in answer.content])


def test_a_value_comes_with_bounds_unit_status_and_the_address_of_its_lineage(towns: "Towns") -> None:
    (march,) = told(asked(towns, "values", **MARCH))
    with towns.client() as admin:
        query = {"city": "harbour", "from": "2026-03-01", "to": "2026-04-01"}
        (kept,) = admin.get("/kpis/heat_delivered/values", params=query).json()["items"]
    assert {name: march[name] for name in ("value", "lower", "upper", "unit", "status")} == {
        name: kept[name] for name in ("value", "lower", "upper", "unit", "status")
    }
    assert march["lineage"] == f"{ADDRESS}/api/v1/kpis/heat_delivered/values/{kept['value_id']}/lineage"
    assert "kWh, between" in march["in_words"]
    lineage = told(asked(towns, "lineage", indicator="heat_delivered", value_id=kept["value_id"]))
    assert lineage["value"]["inputs_hash"] == kept["inputs_hash"]


def test_a_figure_that_is_null_is_refused_in_words_and_no_number_stands_in_its_place(towns: "Towns") -> None:
    april = asked(towns, "values", **{**MARCH, "start": "2026-04-01", "end": "2026-05-01"})
    assert april.is_error
    assert "no value of heat_delivered can be given" in words(april)
    assert "Do not estimate one" in words(april)
    assert april.structured_content is None


def test_among_others_the_figure_that_is_null_says_why_and_has_no_value(towns: "Towns") -> None:
    march, april = told(asked(towns, "values", **{**MARCH, "end": "2026-05-01"}))
    assert "value" in march
    assert "value" not in april
    assert "can be given" in april["refused"]
    assert (april["lower"] is None) == (april["upper"] is None)


def test_what_was_never_computed_and_what_the_token_may_not_see_is_refused_in_words(towns: "Towns") -> None:
    before = asked(towns, "values", **{**MARCH, "start": "2020-01-01", "end": "2020-02-01"})
    other = asked(towns, "values", **{**MARCH, "city": "island"})
    unknown = asked(towns, "values", **{**MARCH, "indicator": "happiness"})
    integrator = asked(towns, "values", "integrator", **MARCH)
    assert all(one.is_error for one in (before, other, unknown, integrator))
    assert "nothing was computed" in words(before)
    assert "not good for the city" in words(other)
    assert "no indicator is called" in words(unknown)
    assert "does not see" in words(integrator)


def test_cities_and_indicators_are_those_that_the_token_may_see(towns: "Towns") -> None:
    assert [one["name"] for one in told(asked(towns, "list_cities"))] == ["harbour"]
    heat = next(one for one in told(asked(towns, "list_indicators")) if one["name"] == "heat_delivered")
    assert heat["unit"] == "kWh"
    assert heat["definition"]


def test_every_tool_says_that_it_only_reads(towns: "Towns") -> None:
    async def listed() -> list[bool | None]:
        with Pharos(towns.url, towns.token(), progress=False) as pharos:
            async with Client(server(pharos, ADDRESS)) as client:
                tools = (await client.list_tools()).tools
                return [one.annotations.read_only_hint if one.annotations else None for one in tools]

    assert asyncio.run(listed()) == [True] * 4
