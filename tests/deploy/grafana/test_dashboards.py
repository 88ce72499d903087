"""Dashboards hold what every one of them must have, name only what exists, and the committed files are theirs."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from prometheus_client import REGISTRY

import deploy.cli.process
import deploy.roles.kafka_metrics
import deploy.roles.metrics
import kpi_engine.engine.run
from deploy.causes import Unreadiness
from deploy.embedded import ports
from deploy.grafana import generated, sources, style
from deploy.grafana.dashboard_files import FOLDER
from deploy.internal import serve
from deploy.report import Report
from deploy.settings import Address
from ingest.model.freshness import State
from ingest.model.verticals import VERTICALS
from kpi_engine.figures.status import FigureStatus
from kpi_engine.indicators import INDICATORS
from kpi_engine.metrics.cities import CityMetrics
from processors.storage.database import connect
from processors.storage.schema import views

# Who fills the registry.
EXPORTERS = (deploy.cli.process, deploy.roles.metrics, deploy.roles.kafka_metrics, kpi_engine.engine.run)
DASHBOARDS: list[dict[str, Any]] = [json.loads(text) for text in generated.texts().values()]
NAMES = [dashboard["uid"] for dashboard in DASHBOARDS]
FUNCTIONS = {"sum", "max", "rate", "histogram_quantile", "by", "le", "label_values"}

every = pytest.mark.parametrize("dashboard", DASHBOARDS, ids=NAMES)


def panels(dashboard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (panel for panel in dashboard["panels"] if panel["type"] != "row")


def statements(dashboard: dict[str, Any]) -> Iterator[str]:
    for panel in panels(dashboard):
        yield from (target["rawSql"] for target in panel.get("targets", []) if "rawSql" in target)


def test_the_committed_files_are_what_the_code_generates() -> None:
    assert generated.differing(FOLDER) == [], "run: pharos grafana generate"


def test_writing_brings_a_folder_to_what_the_code_says_and_a_second_time_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "pharos-of-old.json").write_text("{}")
    (tmp_path / "of-somebody-else.json").write_text("{}")
    assert len(generated.write(tmp_path)) == len(DASHBOARDS) + 1
    assert generated.write(tmp_path) == []
    assert {path.name for path in tmp_path.iterdir()} == {*generated.texts(), "of-somebody-else.json"}


def test_there_is_a_dashboard_for_every_vertical_and_for_what_they_have_in_common() -> None:
    of_verticals = {f"pharos-{name.replace('_', '-')}" for name in VERTICALS if name != "environment"}
    assert set(NAMES) == of_verticals | {"pharos-city", "pharos-kpis", "pharos-devices", "pharos-pipeline"}


@every
def test_a_dashboard_is_one_of_grafanas_own_model(dashboard: dict[str, Any]) -> None:
    read = Dashboard.from_json(json.loads(json.dumps(dashboard)))
    assert json.loads(json.dumps(read, cls=JSONEncoder)) == dashboard


@every
def test_every_panel_has_a_title_a_description_a_unit_and_a_text_for_no_data(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        assert panel["title"]
        assert panel["description"]
        if panel["type"] != "text":
            assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
            assert panel["fieldConfig"]["defaults"]["noValue"], panel["title"]
            assert panel["targets"], panel["title"]


@every
def test_panels_fill_their_lines_and_do_not_overlap(dashboard: dict[str, Any]) -> None:
    boxes = [panel["gridPos"] for panel in dashboard["panels"]]
    assert all(box["x"] >= 0 and box["x"] + box["w"] <= 24 for box in boxes)
    for one, other in combinations(boxes, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or above, (one, other)
    for line in {box["y"] for box in boxes}:
        assert sum(box["w"] for box in boxes if box["y"] == line) == 24, f"the line at {line} has a gap"


@every
def test_panels_of_a_dashboard_have_numbers_of_their_own(dashboard: dict[str, Any]) -> None:
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(numbers)) == len(numbers)


@every
def test_every_query_reads_the_source_that_the_viewer_chose(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        for target in panel.get("targets", []):
            assert target["datasource"]["uid"] == "${datasource}"
            assert target["datasource"]["type"] == panel["datasource"]["type"]


@every
def test_every_variable_that_a_query_names_can_be_chosen(dashboard: dict[str, Any]) -> None:
    chosen = {variable["name"] for variable in dashboard["templating"]["list"]}
    used = set(re.findall(r"\$\{(\w+)", json.dumps(dashboard["panels"])))
    assert used <= chosen
    assert chosen - used <= {"job", "instance"}, "a choice that changes nothing"


@every
def test_dashboards_cannot_be_edited_and_lead_to_each_other(dashboard: dict[str, Any]) -> None:
    assert dashboard["editable"] is False
    assert "pharos" in dashboard["tags"]
    (link,) = dashboard["links"]
    assert (link["type"], link["tags"], link["includeVars"], link["keepTime"]) == ("dashboards", ["pharos"], True, True)


def test_every_dashboard_with_figures_says_what_coverage_means() -> None:
    for dashboard in DASHBOARDS:
        if any("grafana.kpi_value" in statement for statement in statements(dashboard)):
            words = [panel["options"]["content"] for panel in panels(dashboard) if panel["type"] == "text"]
            assert any("Coverage" in text and "never counted as zero" in text for text in words)


@every
def test_queries_read_nothing_but_the_views(dashboard: dict[str, Any]) -> None:
    made = set(re.findall(r"create view (grafana\.\w+)", "\n".join(views.definitions())))
    for statement in statements(dashboard):
        read = set(re.findall(r"\b(?:from|join)\s+([\w.]+)", re.sub(r"--.*", "", statement)))
        assert read - set(re.findall(r"with (\w+) as", statement)) <= made, statement


@every
def test_indicators_verticals_and_quantities_that_queries_name_exist(dashboard: dict[str, Any]) -> None:
    of_types = {
        (v.name, quantity) for v in VERTICALS.values() for kind in v.device_types for quantity in kind.quantities
    }
    for statement in statements(dashboard):
        kpis = re.findall(r"kpi = '(\w+)'", statement)
        kpis += re.findall(r"'(\w+)'", " ".join(re.findall(r"kpi in \((.*?)\)", statement)))
        assert set(kpis) <= INDICATORS.keys()
        quantities = re.findall(r"quantity = '(\w+)'", statement)
        verticals = re.findall(r"vertical = '(\w+)'", statement)
        assert set(verticals) <= VERTICALS.keys()
        assert all((v, q) in of_types for v in verticals or ["environment"] for q in quantities), statement


def test_the_units_of_figures_are_those_of_their_indicators() -> None:
    shown = {"kWh": "kwatth", "kg": "masskg", "1": "none", "h": "h", "degC": "celsius", "K": "suffix: K"}
    shown["kWh/m2"] = "suffix: kWh/m²"
    for dashboard in DASHBOARDS:
        for panel in panels(dashboard):
            text = " ".join(target.get("rawSql", "") for target in panel.get("targets", []))
            unit = {
                o["id"]: o["value"]
                for one in panel.get("fieldConfig", {}).get("overrides", [])
                if one["matcher"]["options"] == "value"
                for o in one["properties"]
            }.get("unit")
            for kpi in re.findall(r"kpi = '(\w+)'", text):
                assert (unit or panel["fieldConfig"]["defaults"]["unit"]) == shown[INDICATORS[kpi].unit], panel["title"]


def test_states_and_statuses_have_the_colours_of_all_of_them() -> None:
    assert set(style.STATES) == {state.value for state in State}
    assert set(style.STATUSES) == {status.value for status in FigureStatus}


def test_every_query_is_used_and_begins_with_what_it_is_for() -> None:
    used = json.dumps(DASHBOARDS)
    for name, statement in sources.SQL.items():
        first = statement.splitlines()[0]
        assert first.startswith("-- ")
        assert json.dumps(first)[1:-1] in used, f"{name} is used by no dashboard"


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
