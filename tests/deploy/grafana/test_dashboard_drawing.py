"""Panels draw what is known as what it is: units, broken lines, shares, words, and colours."""

import re
from typing import Any

from deploy.grafana import style
from deploy.grafana.words import DEVICE_TYPES, KPIS, QUANTITY, RULES, VERTICAL
from ingest.model.alarm import Severity
from ingest.model.freshness import State
from kpi_engine.figures.status import FigureStatus
from tests.deploy.grafana.generated_dashboards import every, overrides, panels

# Of Grafana's table of value formats, as its documentation names them.
UNITS = {
    "none", "string", "bool", "locale", "percent", "percentunit", "s", "bytes", "kwatt", "kwatth", "masst", "celsius",
    "Wm2", "ppm", "dateTimeAsIso",
}  # fmt: skip


@every
def test_units_are_grafanas_own_or_words_that_stand_behind_the_number(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        field = panel.get("fieldConfig", {})
        given = [field.get("defaults", {}).get("unit"), *(p["unit"] for p in overrides(panel).values() if "unit" in p)]
        for unit in filter(None, given):
            assert unit in UNITS or re.fullmatch(r"suffix: ?\S+", unit), (panel["title"], unit)


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


def test_states_and_statuses_have_the_colours_of_all_of_them() -> None:
    assert set(style.STATES) == {state.value for state in State}
    assert set(style.STATUSES) == {status.value for status in FigureStatus}
    assert set(style.SEVERITIES) == {severity.value for severity in Severity}
