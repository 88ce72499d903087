"""Dashboards hold what every one of them must have, and the committed files are what the code generates."""

import json
import re
from itertools import combinations, product
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from deploy.grafana import generated
from deploy.grafana.dashboard_files import FOLDER
from ingest.model.verticals import VERTICALS
from tests.deploy.grafana.generated_dashboards import (
    DASHBOARDS,
    NAMES,
    every,
    overrides,
    panels,
    statements,
)


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
def test_a_choice_means_the_same_on_every_dashboard_that_has_it(dashboard: dict[str, Any]) -> None:
    """The links carry all choices, and Grafana keeps a value from the address even where it is no option."""
    for other in DASHBOARDS:
        for one, two in product(dashboard["templating"]["list"], other["templating"]["list"]):
            if one["name"] == two["name"]:
                assert (one["type"], one.get("multi")) == (two["type"], two.get("multi"))
                if one["name"] not in {"city"}:  # of a vertical fewer cities, by the same names
                    assert one["query"] == two["query"], one["name"]


@every
def test_links_lead_to_dashboards_that_exist_and_hand_over_choices_that_these_have(dashboard: dict[str, Any]) -> None:
    known = {one["uid"]: {variable["name"] for variable in one["templating"]["list"]} for one in DASHBOARDS}
    for panel in panels(dashboard):
        for link in (link for found in overrides(panel).values() for link in found.get("links", [])):
            if not link["url"].startswith("${console}/"):
                path, _, query = link["url"].partition("?")
                handed = set(re.findall(r"var-(\w+)=", query))
                assert handed <= known[path.removeprefix("/d/")], link
