"""The panels' queries as committed, and how Grafana's PostgreSQL data source expands them."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any, Final, NamedTuple

from processors.storage.database import Connection

NOW: Final = datetime.now(UTC)
RANGES: Final = {"now-6h": timedelta(hours=6), "now-30d": timedelta(days=30), "now-90d": timedelta(days=90)}
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
        for marks in page["annotations"].get("list", []):
            query = marks["target"]
            variables = page["templating"]["list"]
            yield Case(page["uid"], marks["name"], page["time"]["from"], query["format"], query["rawSql"], variables)


CASES: Final = list(_cases())


def expanded(text: str, choices: Mapping[str, list[str]], since: timedelta) -> str:
    """Return a query as Grafana's PostgreSQL data source sends it."""
    for name, ago in (("From", since), ("To", timedelta())):
        text = text.replace(f"$__unixEpoch{name}()", str(int((NOW - ago).timestamp())))
        text = text.replace(f"$__time{name}()", f"'{(NOW - ago).isoformat().replace('+00:00', 'Z')}'")
    start, end = ((NOW - ago).isoformat().replace("+00:00", "Z") for ago in (since, timedelta()))
    text = re.sub(r"\$__timeFilter\(([^)]+)\)", rf"\1 BETWEEN '{start}' AND '{end}'", text)

    def chosen(match: re.Match[str]) -> str:
        return ",".join("'" + value.replace("'", "''") + "'" for value in choices[match[1]])

    text = re.sub(r"\$\{(\w+):sqlstring\}", chosen, text)
    assert "$" not in text, "a macro or variable that this test does not know"
    return text


def choices(connection: Connection, case: Case, period: str) -> Choices:
    """Return what a viewer sees at first, but for the period."""
    chosen: Choices = {}
    for variable in case.variables:
        if variable["type"] == "custom":
            chosen[variable["name"]] = [str(variable["current"]["value"])]
        elif variable["type"] == "query":
            rows = connection.execute(expanded(variable["query"], chosen, timedelta()).encode()).fetchall()
            assert rows, f"nothing can be chosen as {variable['name']}"
            values = [str(value) for _, value in rows]
            chosen[variable["name"]] = values if variable["multi"] else values[:1]
    return chosen | ({"period": [period]} if "period" in chosen else {})
