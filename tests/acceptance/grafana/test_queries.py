"""Every panel's query runs as Grafana runs it, finds its part of a year of data, and reads no more than it must."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any, Final, NamedTuple

import pytest

from processors.storage.database import Connection

pytestmark = [pytest.mark.integration, pytest.mark.acceptance]

NOW: Final = datetime.now(UTC)
RANGES: Final = {"now-6h": timedelta(hours=6), "now-30d": timedelta(days=30), "now-90d": timedelta(days=90)}
BIG: Final = ("observation", "rollup_hour", "_hyper", "compress_hyper", "kpi_value")
Choices = dict[str, list[str]]


class Case(NamedTuple):
    """One query of one panel, and what chooses the values of its variables."""

    dashboard: str
    panel: str
    since: str
    shape: str
    text: str
    variables: list[dict[str, Any]]


def _cases() -> Iterator[Case]:
    for entry in sorted(files("deploy.grafana").joinpath("dashboards").iterdir(), key=lambda file: file.name):
        if not entry.name.endswith(".json"):
            continue
        page = json.loads(entry.read_text("utf-8"))
        for panel in page["panels"]:
            for target in panel.get("targets") or []:
                if "rawSql" in target:
                    variables = page["templating"]["list"]
                    yield Case(
                        page["uid"], panel["title"], page["time"]["from"], target["format"], target["rawSql"], variables
                    )


CASES: Final = list(_cases())
every_query = pytest.mark.parametrize("case", CASES, ids=[f"{case.dashboard}-{case.panel}" for case in CASES])


def expanded(text: str, choices: Mapping[str, list[str]], since: timedelta) -> str:
    """Return a query as Grafana's PostgreSQL data source sends it."""
    start, end = ((NOW - ago).isoformat().replace("+00:00", "Z") for ago in (since, timedelta()))
    text = re.sub(r"\$__timeFilter\(([^)]+)\)", rf"\1 BETWEEN '{start}' AND '{end}'", text)

    def chosen(match: re.Match[str]) -> str:
        return ",".join("'" + value.replace("'", "''") + "'" for value in choices[match[1]])

    text = re.sub(r"\$\{(\w+):sqlstring\}", chosen, text)
    assert "$" not in text, "a macro or variable that this test does not know"
    return text


def _choices(connection: Connection, case: Case, period: str) -> Choices:
    """Return what a viewer sees at first, but for the period."""
    choices: Choices = {}
    for variable in case.variables:
        if variable["type"] == "custom":
            choices[variable["name"]] = [str(variable["current"]["value"])]
        elif variable["type"] == "query":
            rows = connection.execute(expanded(variable["query"], choices, timedelta()).encode()).fetchall()
            assert rows, f"nothing can be chosen as {variable['name']}"
            values = [str(value) for _, value in rows]
            choices[variable["name"]] = values if variable["multi"] else values[:1]
    return choices | ({"period": [period]} if "period" in choices else {})


@every_query
def test_a_panel_finds_what_it_is_meant_to_show(year: Connection, case: Case) -> None:
    cursor = year.execute(expanded(case.text, _choices(year, case, "day"), RANGES[case.since]).encode())
    rows = cursor.fetchall()
    assert rows
    columns = [column.name for column in cursor.description or []]
    if case.shape == "time_series":
        assert columns[0] == "time"
        times = [row[0] for row in rows]
        assert times == sorted(times)
        assert all(isinstance(time, datetime) for time in times)
        assert any(value is not None for row in rows for value in row[1:])


@every_query
@pytest.mark.parametrize("since", [None, timedelta(days=366)], ids=["first-seen", "a-year"])
def test_a_panel_finds_its_rows_by_an_index(year: Connection, case: Case, since: timedelta | None) -> None:
    text = expanded(case.text, _choices(year, case, "day"), since or RANGES[case.since])
    plan = year.execute(b"explain (format json) " + text.encode()).fetchone()
    assert plan
    scanned = [node["Relation Name"] for node in _nodes(plan[0][0]["Plan"]) if node["Node Type"] == "Seq Scan"]
    assert not [name for name in scanned if name.startswith(BIG)], json.dumps(plan[0], indent=1)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)
