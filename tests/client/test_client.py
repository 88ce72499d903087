"""The Python client: paging, frames, problems and patience."""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import polars as pl
import pytest
from pharos_client import Fault, Observation, Pharos, PharosError, Rows

Answer = Callable[[httpx.Request], httpx.Response]
ROW: Final = {
    "time": "2026-03-01T00:00:00Z",
    "begin": None,
    "value": 1.5,
    "state": None,
    "quality": "measured",
    "received_at": "2026-03-01T00:00:01Z",
    "flags": ["stuck"],
    "rejected": False,
    "of_a_newer_pharos": 1,
}


def asking(answer: Answer) -> Pharos:
    return Pharos(
        "http://pharos/", "secret", progress=False, client=httpx.Client(transport=httpx.MockTransport(answer))
    )


def of(items: list[dict[str, Any]], cursor: str | None = None) -> httpx.Response:
    return httpx.Response(200, json={"items": items, "next_cursor": cursor})


def observed(rows: list[dict[str, Any]]) -> Rows[Observation]:
    return asking(lambda _: of(rows)).observations(1, start="2026-03-01", end="2026-03-02")


def test_all_parts_of_a_list_come_in_their_order() -> None:
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return of([ROW, ROW], "next") if len(asked) == 1 else of([ROW])

    found = asking(answer).observations(7, start=date(2026, 3, 1), end=datetime(2026, 3, 2, tzinfo=UTC))
    assert [len(found), found[0].time, found[0].value] == [3, datetime(2026, 3, 1, tzinfo=UTC), 1.5]
    assert asked[0].path == "/api/v1/series/7/observations"
    assert dict(asked[0].params) == {"from": "2026-03-01", "to": "2026-03-02T00:00:00+00:00", "limit": "10000"}
    assert asked[1].params["cursor"] == "next"


def test_frames_have_the_same_columns_with_and_without_rows() -> None:
    full, empty = (observed(rows) for rows in ([ROW], []))
    schema = full.polars().schema
    assert schema["time"] == pl.Datetime("us", "UTC")
    assert [schema[name] for name in ("begin", "value", "rejected")] == [schema["time"], pl.Float64, pl.Boolean]
    assert list(schema) == [one.name for one in fields(Observation)]
    assert {**empty.polars().schema, "flags": None} == {**schema, "flags": None}


def test_frames_of_pandas_are_like_those_of_polars() -> None:
    pytest.importorskip("pandas")
    full, empty = (observed(rows) for rows in ([ROW], []))
    assert list(full.pandas().columns) == full.polars().columns
    assert str(full.pandas()["time"].dtype) == str(empty.pandas()["time"].dtype) == "datetime64[us, UTC]"


def test_a_refusal_is_an_error_that_names_the_field() -> None:
    problem = {
        "type": "urn:pharos:problem:invalid-request",
        "detail": "to: expected",
        "errors": [{"field": "to", "location": "query", "detail": "expected"}],
    }
    with pytest.raises(PharosError, match="422: to: expected") as refused:
        asking(lambda _: httpx.Response(422, json=problem)).cities()
    assert (refused.value.kind, refused.value.faults) == (problem["type"], (Fault("to", "query", "expected"),))
    with pytest.raises(PharosError, match="502: Bad Gateway"):
        asking(lambda _: httpx.Response(502, text="<html>")).cities()


def test_it_waits_as_long_as_it_is_asked_to_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(503, headers={"Retry-After": "5"})]
    paused: list[float] = []
    pharos = asking(lambda _: answers.pop(0) if answers else of([]))
    monkeypatch.setattr(pharos._transport, "_pause", paused.append)
    assert pharos.cities() == []
    assert paused == [7.0, 5.0]
    busy = asking(lambda _: httpx.Response(503))
    monkeypatch.setattr(busy._transport, "_pause", paused.append)
    with pytest.raises(PharosError, match="503"):
        busy.cities()


def test_what_it_has_already_is_not_sent_again() -> None:
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("If-None-Match"))
        if asked[-1]:
            return httpx.Response(304)
        return httpx.Response(200, json={"items": [ROW], "next_cursor": None}, headers={"ETag": 'W/"a"'})

    pharos = asking(answer)
    first, second = (pharos.observations(1, start="2026-03-01", end="2026-03-02") for _ in range(2))
    assert first == second
    assert asked == [None, 'W/"a"']


def test_a_table_is_a_file_only_when_it_is_whole(tmp_path: Path) -> None:
    pharos = asking(lambda _: httpx.Response(200, content=b"city,site\n"))
    assert pharos.save("kpis", tmp_path / "a.csv", start="2026", end="2027", format="csv", city=["town"]) == 10
    assert (tmp_path / "a.csv").read_bytes() == b"city,site\n"

    def broken() -> Any:  # noqa: ANN401 - an iterator that fails
        yield b"city"
        raise httpx.ReadError("gone")

    cut = asking(lambda _: httpx.Response(200, content=broken()))
    with pytest.raises(httpx.ReadError):
        cut.save("kpis", tmp_path / "b.csv", start="2026", end="2027")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_time_without_a_zone_is_refused_before_anything_is_asked() -> None:
    pharos = asking(lambda _: pytest.fail("nobody is to be asked"))
    with pytest.raises(ValueError, match="expected a time with its zone"):
        pharos.observations(1, start=datetime(2026, 3, 1), end="2026-03-02")  # noqa: DTZ001 - that is what is refused


def test_several_names_are_asked_for_at_once() -> None:
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return of([])

    asking(answer).values(["a", "b"], city=["x", "y"], site="*", start="2026-01-01", end="2027-01-01")
    assert asked[0].path == "/api/v1/kpis/a,b/values"
    assert asked[0].params.get_list("city") == ["x", "y"]
