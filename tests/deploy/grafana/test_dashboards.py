"""Dashboards hold what every one of them must have, name only what exists, and the committed files are theirs."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from itertools import combinations, product
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
from deploy.grafana.words import DEVICE_TYPES, KPIS, QUANTITY, RULES, VERTICAL
from deploy.internal import serve
from deploy.report import Report
from deploy.settings import Address
from ingest.model.alarm import Severity
from ingest.model.freshness import State
from ingest.model.verticals import VERTICALS
from kpi_engine.figures.status import FigureStatus
from kpi_engine.indicator import Better
from kpi_engine.indicators import INDICATORS
from kpi_engine.metrics.cities import CityMetrics
from processors.storage.database import connect
from processors.storage.schema import views

# Who fills the registry.
EXPORTERS = (deploy.cli.process, deploy.roles.metrics, deploy.roles.kafka_metrics, kpi_engine.engine.run)
DASHBOARDS: list[dict[str, Any]] = [json.loads(text) for text in generated.texts().values()]
NAMES = [dashboard["uid"] for dashboard in DASHBOARDS]
# Of Grafana's table of value formats, as its documentation names them.
UNITS = {
    "none", "string", "bool", "locale", "percent", "percentunit", "s", "bytes", "kwatt", "kwatth", "masst", "celsius",
    "Wm2", "ppm", "dateTimeAsIso",
}  # fmt: skip

every = pytest.mark.parametrize("dashboard", DASHBOARDS, ids=NAMES)


def panels(dashboard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (panel for panel in dashboard["panels"] if panel["type"] != "row")


def overrides(panel: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what is set for each field of a panel, by its name."""
    found = panel.get("fieldConfig", {}).get("overrides", [])
    merged: dict[str, dict[str, Any]] = {}
    for one in found:
        merged.setdefault(one["matcher"]["options"], {}).update({p["id"]: p["value"] for p in one["properties"]})
    return merged


def properties(panel: dict[str, Any], field: str) -> dict[str, Any]:
    return overrides(panel).get(field, {})


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
    told = json.loads(json.dumps(read, cls=JSONEncoder))
    for one in (told, wanted := json.loads(json.dumps(dashboard))):
        for marks in one["annotations"].get("list", []):
            marks.pop("target", None)  # of a database, which the model has no type for
    assert told == wanted


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
            assert target["datasource"]["uid"] == f"${{{sources.CHOSEN[panel['datasource']['type']]}}}"
            assert target["datasource"]["type"] == panel["datasource"]["type"]


@every
def test_every_variable_that_a_query_names_can_be_chosen(dashboard: dict[str, Any]) -> None:
    chosen = {variable["name"] for variable in dashboard["templating"]["list"]}
    used = {name for name in re.findall(r"\$\{(\w+)", json.dumps(dashboard["panels"])) if not name.startswith("__")}
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
def test_units_are_grafanas_own_or_words_that_stand_behind_the_number(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        field = panel.get("fieldConfig", {})
        given = [field.get("defaults", {}).get("unit"), *(p["unit"] for p in overrides(panel).values() if "unit" in p)]
        for unit in filter(None, given):
            assert unit in UNITS or re.fullmatch(r"suffix: ?\S+", unit), (panel["title"], unit)


@every
def test_a_choice_means_the_same_on_every_dashboard_that_has_it(dashboard: dict[str, Any]) -> None:
    """The links carry all choices, and Grafana keeps a value from the address even where it is no option."""
    for other in DASHBOARDS:
        for one, two in product(dashboard["templating"]["list"], other["templating"]["list"]):
            if one["name"] == two["name"]:
                assert (one["type"], one.get("multi")) == (two["type"], two.get("multi"))
                if one["name"] not in {"city"}:  # of a vertical fewer cities, by the same names
                    assert one["query"] == two["query"], one["name"]


@every
def test_bars_are_stacked_or_side_by_side_and_never_over_each_other(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        custom = panel.get("fieldConfig", {}).get("defaults", {}).get("custom", {})
        if panel["type"] == "barchart":
            numbers = set(re.findall(r'as "([^"]+)"', panel["targets"][0]["rawSql"])) - {"Period"}
            seen = {name for name in numbers if not overrides(panel).get(name, {}).get("custom.hideFrom")}
            exclusive = {"Final", "Provisional", "So far"}  # never two of them in one period
            assert panel["options"]["stacking"] == ("normal" if seen == exclusive else "none"), panel["title"]
            assert panel["options"]["xField"] == "Period"
        elif custom.get("drawStyle") == "bars":
            assert custom["stacking"]["mode"] == "normal", panel["title"]
            assert custom["barAlignment"] == 1, "a bar stands from its time on, not around it"


@every
def test_a_curve_is_broken_where_nothing_is_known(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        custom = panel.get("fieldConfig", {}).get("defaults", {}).get("custom", {})
        if panel["type"] == "timeseries":
            assert custom["spanNulls"] is False, panel["title"]
            if custom.get("drawStyle") != "bars":
                for target in panel["targets"]:
                    assert "expr" in target or "where next > time_end" in target["rawSql"], panel["title"]


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


@every
def test_shares_are_drawn_from_nothing_to_all(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        field = panel.get("fieldConfig", {}).get("defaults", {})
        if panel["type"] == "timeseries" and field.get("unit") == "percentunit" and "expr" in panel["targets"][0]:
            assert (field["min"], field["max"]) == (0, 1), panel["title"]


@every
def test_columns_of_codes_are_shown_as_words(dashboard: dict[str, Any]) -> None:
    spoken = {"kpi": KPIS, "quantity": QUANTITY, "vertical": VERTICAL, "type": DEVICE_TYPES, "rule": RULES}
    for panel in panels(dashboard):
        if panel["type"] == "table":
            for name, found in overrides(panel).items():
                if name in spoken:
                    (mapping,) = found["mappings"]
                    assert {code: word["text"] for code, word in mapping["options"].items()}.items() <= (
                        spoken[name].items()
                    ), panel["title"]


@every
def test_every_column_of_a_table_has_a_heading_of_its_own(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        if panel["type"] == "table":
            for name, found in overrides(panel).items():
                assert found.get("custom.hidden") or found["displayName"] != name, (panel["title"], name)


@every
def test_what_there_is_none_of_is_no_alarm(dashboard: dict[str, Any]) -> None:
    colours = {**style.STATES, **style.STATUSES, **style.SEVERITIES}
    for panel in panels(dashboard):
        for name, found in overrides(panel).items():
            if name in colours and "thresholds" in found:
                steps = [(step["value"], step["color"]) for step in found["thresholds"]["steps"]]
                assert steps == [(None, style.NEUTRAL), (1, colours[name])], panel["title"]
                assert found["color"]["mode"] == "thresholds"


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


@every
def test_links_lead_to_dashboards_that_exist_and_hand_over_choices_that_these_have(dashboard: dict[str, Any]) -> None:
    known = {one["uid"]: {variable["name"] for variable in one["templating"]["list"]} for one in DASHBOARDS}
    for panel in panels(dashboard):
        for link in (link for found in overrides(panel).values() for link in found.get("links", [])):
            if not link["url"].startswith("${console}/"):
                path, _, query = link["url"].partition("?")
                handed = set(re.findall(r"var-(\w+)=", query))
                assert handed <= known[path.removeprefix("/d/")], link


def test_states_and_statuses_have_the_colours_of_all_of_them() -> None:
    assert set(style.STATES) == {state.value for state in State}
    assert set(style.STATUSES) == {status.value for status in FigureStatus}
    assert set(style.SEVERITIES) == {severity.value for severity in Severity}


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
