"""The dashboards as the code generates them, and what their panels hold."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.grafana import generated

DASHBOARDS: list[dict[str, Any]] = [json.loads(text) for text in generated.texts().values()]
NAMES = [dashboard["uid"] for dashboard in DASHBOARDS]

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
