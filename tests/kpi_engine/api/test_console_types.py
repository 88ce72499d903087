"""The console's types are those of the interface: paths, answers, fields and names of states."""

import re
from enum import StrEnum
from typing import Any, Final

import pytest
from pydantic import BaseModel

from ingest.model.alarm import Severity
from ingest.model.city.assets import Fact
from ingest.model.freshness import State
from kpi_engine.api import alarm_figures, alarms, bucket, city_flows, devices, hours, kpis, ledger, targets
from kpi_engine.api.console import FOLDER
from kpi_engine.api.routes import (
    aggregates,
    cities,
    inbox,
    kpi_differences,
    notifications,
    quarantine,
    series,
    session,
    verticals,
)
from tests.kpi_engine.api.described import document

pytestmark = pytest.mark.long

SOURCE: Final = (FOLDER / "types.d.ts").read_text(encoding="utf-8")
DECLARED: Final[dict[str, dict[str, str]]] = {}
for _name, _base, _body in re.findall(
    r"^export type (\w+) = (?:(\w+) & )?\{\n(.*?)^\};", SOURCE, re.MULTILINE | re.DOTALL
):
    _own = dict(re.findall(r"^  (?:\[path: )?(.+?)\]?: (.+);$", _body, re.MULTILINE))
    DECLARED[_name] = DECLARED.get(_base, {}) | _own
MODELS: Final[list[type[BaseModel]]] = [
    city_flows.CityFlows,
    city_flows.NodeOfFlows,
    city_flows.FlowAnswer,
    city_flows.FigureOfFlow,
    city_flows.CarrierOfFlows,
    *(session.Session, cities.City, cities.Site, Fact, cities.Group, verticals.Vertical),
    *(devices.Device, devices.LatestValue, devices.DeviceNews, series.Series, series.Observation),
    *(alarms.AlarmWithRemedy, alarms.AlarmMember, alarms.AlarmNote, alarm_figures.TouchedFigure),
    *(alarms.Alarm, ledger.LedgerEntry, hours.Hour, aggregates.Aggregates, bucket.Bucket),
    *(kpis.Kpi, kpis.KpiValue, kpis.KpiLineage, kpis.LeftOut, kpis.Recomputation, kpi_differences.KpiDifference),
    *(kpis.Boundary, kpis.Edge, kpis.BoundaryReading),
    *(targets.KpiTarget, targets.TargetYear),
    *(inbox.Sender, inbox.Found, inbox.FieldFound, inbox.SentMessage, quarantine.RefusedMessage, quarantine.Replay),
    *(notifications.NotifiedReceiver, notifications.NotificationTrial, notifications.TrialOfWay),
]
NO_MODELS: Final = {"Resources", "Events", "Heartbeat"}
SCALARS: Final = {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}


def test_every_type_of_an_answer_is_a_model() -> None:
    assert DECLARED.keys() - NO_MODELS == {model.__name__ for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_the_console_reads_of_an_answer_is_as_the_model_says(model: type[BaseModel]) -> None:
    fields = model.model_json_schema(mode="serialization")["properties"]
    declared = dict(DECLARED[model.__name__])
    if model is aggregates.Aggregates:
        del declared["items"]  # it asks for series of devices, which are never those of a residual
    assert declared == {name: _typescript(fields.get(name, {})) for name in declared}


@pytest.mark.parametrize(("path", "answer"), DECLARED["Resources"].items())
def test_every_resource_answers_what_the_console_expects(path: str, answer: str) -> None:
    operations = _operations()[re.sub(r"\$\{\w+\}", "{}", path.strip('"`'))]
    responses = operations["get" if "get" in operations else "post"]["responses"]
    schema = responses["200" if "200" in responses else "202"]["content"]["application/json"]["schema"][
        "$ref"
    ].rpartition("/")[2]
    assert re.sub(r"^(\w+)_(\w+)_$", r"\1<\2>", schema) == answer


@pytest.mark.parametrize("names", [State, Severity])
def test_the_console_knows_every_name(names: type[StrEnum]) -> None:
    declared = re.search(rf"^export type {names.__name__} = (.+);$", SOURCE, re.MULTILINE)
    assert declared
    assert declared.group(1).split(" | ") == [f'"{name}"' for name in names]


def _operations() -> dict[str, dict[str, Any]]:
    """Return the operations of each path, whose parameters have no names."""
    described = document()["paths"].items()
    return {re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1")): operations for path, operations in described}


def _typescript(schema: dict[str, Any]) -> str:
    """Return a JSON schema as TypeScript."""
    if "anyOf" in schema:
        return " | ".join(map(_typescript, schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"{_typescript(schema['items'])}[]"
    if schema.get("type") == "object":
        values = schema["additionalProperties"]
        return f"Record<string, {'unknown' if values is True else _typescript(values)}>"
    return SCALARS.get(schema.get("type", ""), "unknown")
