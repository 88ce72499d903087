"""Queries of dashboards read what the viewer chose, and name only what exists."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from prometheus_client import REGISTRY

import deploy.cli.process
import deploy.roles.kafka_metrics
import deploy.roles.metrics
import kpi_engine.engine.run
from deploy.causes import Unreadiness
from deploy.embedded import ports
from deploy.grafana import sources
from deploy.internal import serve
from deploy.report import Report
from deploy.settings import Address
from ingest.model.verticals import VERTICALS
from kpi_engine.indicator import Better
from kpi_engine.indicators import INDICATORS
from kpi_engine.metrics.cities import CityMetrics
from processors.storage.database import connect
from processors.storage.schema import views
from tests.deploy.grafana.generated_dashboards import (
    DASHBOARDS,
    every,
    panels,
    properties,
    statements,
)

# Who fills the registry.
EXPORTERS = (deploy.cli.process, deploy.roles.metrics, deploy.roles.kafka_metrics, kpi_engine.engine.run)


@every
def test_every_query_reads_the_source_that_the_viewer_chose(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        for target in panel.get("targets", []):
            assert target["datasource"]["uid"] == f"${{{sources.CHOSEN[panel['datasource']['type']]}}}"
            assert target["datasource"]["type"] == panel["datasource"]["type"]


@every
def test_every_variable_that_a_query_names_can_be_chosen(dashboard: dict[str, Any]) -> None:
    chosen = {variable["name"] for variable in dashboard["templating"]["list"]}
    used = {name for name in re.findall(r"\$\{(\w+)", json.dumps(dashboard["panels"])) if not name.startswith("__")}
    assert used <= chosen
    assert chosen - used <= {"job", "instance"}, "a choice that changes nothing"


@every
def test_queries_read_nothing_but_the_views(dashboard: dict[str, Any]) -> None:
    made = set(re.findall(r"create view (grafana\.\w+)", "\n".join(views.definitions())))
    for statement in statements(dashboard):
        read = set(re.findall(r"\b(?:from|join)\s+(?!lateral)([\w.]+)", re.sub(r"--.*", "", statement)))
        assert read - set(re.findall(r"(?:with|,) (\w+) as \(", statement)) <= made, statement


@every
def test_indicators_verticals_and_quantities_that_queries_name_exist(dashboard: dict[str, Any]) -> None:
    of_types = {
        (v.name, quantity) for v in VERTICALS.values() for kind in v.device_types for quantity in kind.quantities
    }
    of_type = {kind.name: kind.quantities for v in VERTICALS.values() for kind in v.device_types}
    for statement in statements(dashboard):
        kpis = re.findall(r"kpi = '(\w+)'", statement)
        kpis += re.findall(r"'(\w+)'", " ".join(re.findall(r"kpi in \((.*?)\)", statement)))
        kpis += ",".join(re.findall(r"string_to_array\('([a-z0-9_,]+)', ','\), chosen.kpi", statement)).split(",")
        assert set(kpis) - {""} <= INDICATORS.keys()
        quantities = re.findall(r"quantity = '(\w+)'", statement)
        verticals = re.findall(r"vertical = '(\w+)'", statement)
        assert set(verticals) <= VERTICALS.keys()
        types = re.findall(r"type = '(\w+)'", statement)
        if types:
            assert all(q in of_type[kind] for kind in types for q in quantities), statement
        else:
            assert all((v, q) in of_types for v in verticals or ["environment"] for q in quantities), statement


def test_the_units_of_figures_are_those_of_their_indicators() -> None:
    shown = {"kWh": "kwatth", "kg": "masst", "1": "none", "h": "suffix: h", "degC": "celsius", "K": "suffix: K"}
    shown["kWh/m2"] = "suffix: kWh/m²"
    for dashboard in DASHBOARDS:
        for panel in panels(dashboard):
            text = " ".join(target.get("rawSql", "") for target in panel.get("targets", []))
            unit = properties(panel, "value").get("unit")
            for kpi in re.findall(r"kpi = '(\w+)'", text) if panel["type"] != "xychart" else []:
                assert (unit or panel["fieldConfig"]["defaults"]["unit"]) == shown[INDICATORS[kpi].unit], panel["title"]
                factors = set(re.findall(r"\* '([\d.]+)'::double precision", text))
                assert factors == {"0.001" if INDICATORS[kpi].unit == "kg" else "1"}, panel["title"]


@every
def test_a_running_period_is_said_to_run(dashboard: dict[str, Any]) -> None:
    """Whoever draws amounts or figures that are not closed marks them."""
    for panel in panels(dashboard):
        for statement in (target.get("rawSql", "") for target in panel.get("targets", [])):
            draws_amounts = panel["type"] == "timeseries" and re.search(r"\bamount\b as value", statement)
            if draws_amounts and "grafana.series" in statement:
                assert "(so far)" in statement, panel["title"]
            if "from grafana.kpi_value" in statement and panel["type"] == "barchart":
                assert "so far" in statement, panel["title"]


def test_better_and_worse_are_said_by_the_way_each_indicator_is_to_move() -> None:
    for dashboard in DASHBOARDS:
        for statement in statements(dashboard):
            for way, names in zip(
                (Better.LOWER, Better.HIGHER),
                re.findall(r"chosen.kpi = any\(string_to_array\('([^']*)', ','\)\) and", statement),
                strict=False,
            ):
                kpis = re.findall(r"string_to_array\('([a-z0-9_,]+)', ','\), chosen.kpi", statement)[0].split(",")
                assert names == ",".join(kpi for kpi in kpis if INDICATORS[kpi].better is way)


@every
def test_dashboards_of_a_city_say_what_is_wrong_and_mark_it_on_their_curves(dashboard: dict[str, Any]) -> None:
    reads = [statement for statement in statements(dashboard) if "from grafana.alarm" in statement]
    marks = [
        one["target"]["rawSql"] for one in dashboard["annotations"].get("list", []) if "rawSql" in one.get("target", {})
    ]
    has_devices = any("from grafana.device" in statement for statement in statements(dashboard))
    assert bool(reads) is has_devices
    assert bool(marks) is has_devices


def test_every_query_is_used_and_begins_with_what_it_is_for() -> None:
    used = json.dumps(DASHBOARDS)
    for name, statement in sources.SQL.items():
        first = statement.splitlines()[0]
        assert first.startswith("-- ")
        assert re.sub(r"@\w+@", "", json.dumps(first)[1:-1]) in used, f"{name} is used by no dashboard"


@pytest.mark.integration
def test_every_metric_that_a_panel_names_is_exported(database_url: str) -> None:
    cities = CityMetrics(lambda: connect(database_url, "test"), lambda: 0)
    cities.refresh()
    with closing(serve(Address("127.0.0.1", ports.choose()), Report("", Unreadiness()))):
        told = [*REGISTRY.collect(), *cities.collect()]
    exported = {sample for metric in told for sample in _samples(metric.name, metric.type)}
    for expression in (expression for dashboard in DASHBOARDS for expression in _expressions(dashboard)):
        named = set(re.findall(r"[a-z_]\w*(?=[{\[])", re.sub(r"\{[^}]*\}", "{", expression)))
        assert named, expression
        assert named <= exported, expression


def _expressions(dashboard: dict[str, Any]) -> Iterator[str]:
    for panel in panels(dashboard):
        yield from (target["expr"] for target in panel.get("targets", []) if "expr" in target)


def _samples(name: str, kind: str) -> set[str]:
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    return {name + ending for ending in endings.get(kind, ("",))}
