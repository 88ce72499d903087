"""No operation, whatever is asked of it, tells an evaluator of a single household."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from kpi_engine.api.tokens import TokenRole
from tests.kpi_engine.api.described import operations
from tests.kpi_engine.api.privacy.conftest import MARCH, leaks, values
from tests.kpi_engine.api.test_roles import MAY, called

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


def text_of(answer: httpx.Response) -> str:
    if answer.headers.get("Content-Type") == "application/zip":
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return answer.text


WHOM: Final[list[dict[str, str]]] = [
    {},
    {"site": "home-1"},
    {"site": "*"},
    {"group": "west"},
    {"group": "*"},
    {"device": "meter-home-1"},
]


WHEN: Final[list[dict[str, str]]] = [
    {},
    {"period": "day"},
    {"period": "year"},
    {"interval": "hour"},
    {"complete": "true", "boundaries": "true"},
    {"as_of": "2026-04-10T00:00:00Z"},
]


def test_no_operation_tells_an_evaluator_of_a_household(village: "Towns", evaluator: httpx.Client) -> None:
    """Whatever is asked, of whomever, by whatever parameters an operation has: new ones are asked as well."""
    series = str(village.series("village", "meter-home-3", "heat_energy"))
    own = {"city": "village", "series_id": series, "kpi": "heat_delivered", "site": "home-1", "day": "2026-03-03"}
    own |= {"quarantine_id": "1", "baseline": "village.home-1.heat", "from": "2026-03-01", "to": "2026-04-01"}
    subjects: list[dict[str, str]] = [{"site": "home-1"}, {"group": "west"}, {}]
    ids = [str(one["value_id"]) for whom in subjects for one in operator_values(village, **whom)]
    answered = set()
    for name, operation in operations().items():
        who = MAY.get(operation["operationId"], frozenset())
        if not name.startswith("get ") or TokenRole.EVALUATOR not in who or operation["operationId"] == "watch":
            continue  # not for evaluators, or a stream, which has a test of its own
        for value_id in ids if "value_id" in name else ["1"]:
            for asked in requests_of(name, operation, own | {"value_id": value_id}):
                answer = evaluator.send(evaluator.build_request("get", village.url + asked[0], params=asked[1]))
                assert answer.status_code < 500 or answer.status_code == 501, (asked, answer.text)
                if answer.status_code == 200:
                    answered.add(operation["operationId"])
                    assert leaks(text_of(answer)) == [], asked
    assert {"list_kpi_values", "rank_sites", "explain_value", "list_series", "export_kpis", "list_groups"} <= answered


def requests_of(name: str, operation: dict[str, Any], own: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield paths and queries: of everybody, in every way that the operation has parameters for."""
    known = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    _, path, query = called(name, operation, own)
    usual = query | {key: own[key] for key in ("city", "from", "to") if key in known}
    asked = [*WHOM, *WHEN, *({"group": "west"} | when for when in WHEN), *({"site": "home-1"} | when for when in WHEN)]
    for more in (one for one in asked if one.keys() <= known):
        chosen = {"site", "group"} & more.keys()
        yield path, {key: value for key, value in usual.items() if not chosen or key not in {"site", "group"}} | more


def operator_values(village: "Towns", **whom: str) -> list[dict[str, Any]]:
    with village.client(TokenRole.OPERATOR, ["village"]) as client:
        return values(client, **whom)


def test_the_check_for_leaks_finds_what_an_operator_sees(operator: httpx.Client, village: "Towns") -> None:
    series = village.series("village", "meter-home-3", "heat_energy")
    assert leaks(operator.get(f"/series/{series}/aggregates", params={"interval": "day", **MARCH}).text)
    assert leaks(operator.get("/series", params={"city": "village"}).text)
    assert leaks(operator.get("/export/kpis", params={"city": "village", "site": "*", **MARCH}).text)


def test_live_events_have_no_days_of_households(evaluator: httpx.Client) -> None:
    with evaluator.stream("GET", "/live", params={"city": "village"}) as stream:
        lines = stream.iter_lines()
        event = data = ""
        while event != "kpis" or not data:
            line = next(lines)
            event = line.removeprefix("event: ") if line.startswith("event: ") else event
            data = line.removeprefix("data: ") if event == "kpis" and line.startswith("data: ") else ""
    items = json.loads(data)["items"]
    assert all(one["period"] != "day" for one in items if one["kpi"] == "heat_delivered")
    assert leaks(data) == []
