"""Live events: everything first, then only what changed, and a word when nothing shown is current."""

import asyncio
import json
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.sse import ServerSentEvent
from pydantic import BaseModel

from ingest.model.time import EPOCH, HOUR
from kpi_engine.api import database
from kpi_engine.api.access import Caller
from kpi_engine.api.live import Live
from kpi_engine.api.progress_sentences import ProgressSentences
from kpi_engine.api.tokens import Token
from kpi_engine.api.topics import News

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def until(stream: Iterator[tuple[str, dict[str, Any]]], name: str) -> dict[str, Any]:
    return next(data for event, data in stream if event == name)


def test_a_watcher_is_told_everything_and_then_what_changed(towns: "Towns", admin: "httpx.Client") -> None:
    with admin.stream("GET", "/live") as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        stream = events(answer.iter_lines())
        first = until(stream, "devices")
        assert first["full"]
        assert len(first["items"]) == 3
        assert until(stream, "heartbeat")["problem"] is None
        towns.read(towns.series("harbour", "meter", "heat_energy"), {"2026-04-10T11:30:00Z": 5.0})
        change = until(stream, "devices")
    assert not change["full"]
    assert [(device["name"], device["state"]) for device in change["items"]] == [("meter", "live")]


def test_the_stream_has_the_form_of_server_sent_events_and_is_kept_by_no_cache(
    towns: "Towns", admin: "httpx.Client"
) -> None:
    towns.read(towns.series("harbour", "meter", "heat_energy"), {"2026-04-10T11:30:00Z": 5.0})
    with admin.stream("GET", "/live") as answer:
        assert "no-store" in answer.headers.get_list("Cache-Control", split_commas=True)
        assert answer.headers["X-Accel-Buffering"] == "no"
        lines = list(islice(answer.iter_lines(), 4))
    assert lines[:3] == ["retry: 2000", "", "event: devices"]
    assert lines[3].startswith('data: {"full":true,"items":[{"city":"harbour",')


def test_a_watcher_is_told_of_its_cities_and_resources_only(towns: "Towns") -> None:
    towns.read(towns.series("island", "meter", "heat_energy"), {"2026-04-10T11:30:00Z": 5.0})
    with towns.client("evaluator", ["island"]) as client, client.stream("GET", "/live") as answer:
        stream = events(answer.iter_lines())
        told = dict(islice(stream, 3))
    assert told.keys() == {"kpis", "ledger", "heartbeat"}
    assert [entry["city"] for entry in told["ledger"]["items"]] == ["island"]


def test_a_watcher_of_one_city_is_told_of_no_other(towns: "Towns", admin: "httpx.Client") -> None:
    with admin.stream("GET", "/live", params={"city": "island"}) as answer:
        told = until(events(answer.iter_lines()), "devices")
    assert [device["city"] for device in told["items"]] == ["island"]
    assert admin.get("/live", params={"city": "atlantis"}).status_code == 404
    with towns.client("operator", ["island"]) as limited:
        assert limited.get("/live", params={"city": "harbour"}).status_code == 403


def test_news_of_a_device_are_what_changes_of_it(towns: "Towns", admin: "httpx.Client") -> None:
    towns.read(towns.series("harbour", "meter", "heat_energy"), {"2026-04-10T11:30:00Z": 5.0})
    with admin.stream("GET", "/live", params={"city": "harbour"}) as answer:
        told = until(events(answer.iter_lines()), "devices")["items"]
    assert told[0] == {
        "city": "harbour",
        "name": "meter",
        "state": "live",
        "last_observed_at": "2026-04-10T11:30:00Z",
        "values": {"heat_energy": 5.0, "return_temperature": None},
    }


def test_time_alone_turns_a_device_stale(towns: "Towns", admin: "httpx.Client") -> None:
    towns.read(towns.series("harbour", "meter", "heat_energy"), {"2026-04-10T11:30:00Z": 5.0})
    with admin.stream("GET", "/live") as answer:
        stream = events(answer.iter_lines())
        until(stream, "devices")
        towns.now += 3 * HOUR
        assert [device["state"] for device in until(stream, "devices")["items"]] == ["stale"]


def test_a_database_that_cannot_be_read_is_said_at_once() -> None:
    async def first_heartbeat() -> ServerSentEvent:
        with database.pool("postgresql://nobody@127.0.0.1:1/nothing") as pool:
            live = Live(pool, lambda: 0)
            watching = live.watch(Caller(Token(1, "t", "admin", None, EPOCH, None, None, None)))
            told = [await anext(watching), await anext(watching)]
            await watching.aclose()
        return told[1]

    assert asyncio.run(first_heartbeat()).data["problem"] == "the database cannot be read since 1970-01-01T00:00:00Z"


def test_what_does_not_move_is_told_with_its_cause_to_those_who_may_see_devices() -> None:
    standing = ProgressSentences(
        ["readings are not being stored since 09:24:10Z: the broker is away"], ["the past is loaded"]
    )

    async def heartbeat(role: str) -> dict[str, Any]:
        with database.pool("postgresql://nobody@127.0.0.1:1/nothing") as pool:
            watching = Live(pool, lambda: 0, standing=lambda: standing).watch(
                Caller(Token(1, "t", role, None, EPOCH, None, None, None))
            )
            told = [await anext(watching), await anext(watching)]
            await watching.aclose()
        found: dict[str, Any] = told[1].data
        return found

    assert asyncio.run(heartbeat("operator"))["stuck"] == list(standing.stuck)
    evaluator = asyncio.run(heartbeat("evaluator"))
    assert evaluator["stuck"] == ["readings are not being stored since 09:24:10Z"]
    assert evaluator["notes"] == ["the past is loaded"]


class Thing(BaseModel):
    """Something of a city."""

    city: str
    name: str
    value: int


def test_news_are_what_changed_since_a_version() -> None:
    news = News(("city", "name"))
    news.update([Thing(city="a", name="x", value=1), Thing(city="b", name="y", value=1)], version=1)
    news.update([Thing(city="a", name="x", value=1), Thing(city="b", name="y", value=2)], version=2)
    everything = json.loads(news.since(0, lambda _: True) or "")
    changed = json.loads(news.since(1, lambda _: True) or "")
    assert (everything["full"], len(everything["items"])) == (True, 2)
    assert (changed["full"], [thing["name"] for thing in changed["items"]]) == (False, ["y"])
    assert news.since(1, lambda city: city == "a") is None
    assert news.since(2, lambda _: True) is None


def test_what_vanished_is_told_by_telling_everything() -> None:
    news = News(("city", "name"))
    news.update([Thing(city="a", name="x", value=1), Thing(city="a", name="y", value=1)], version=1)
    news.update([Thing(city="a", name="x", value=1)], version=2)
    assert json.loads(news.since(1, lambda _: True) or "") == {
        "full": True,
        "items": [{"city": "a", "name": "x", "value": 1}],
    }
