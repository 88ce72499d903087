"""Every folder under golden/ is a case: a device and what it said, and the alarms that must come of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.model.alarm import Imbalance, Widespread
from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.city.assets import City
from ingest.model.time import MINUTE, SECOND
from ingest.model.verticals import VERTICALS
from tests.kpi_engine.alarms.watched import EVERY, Received, Story, Town, at

pytestmark = pytest.mark.long

CASES = sorted((Path(__file__).parent / "golden").iterdir())


def town(inputs: dict[str, Any]) -> Town:
    """Return a town of the devices of a case, all at one site."""
    types = {device["type"] for device in inputs["devices"]}
    vertical = next(one.name for one in VERTICALS.values() if all(map(one.device_type, types)))
    document = {
        "name": "town",
        "title": "Town",
        "country": "DK",
        "timezone": "Europe/Copenhagen",
        "role": "network",
        "facts": inputs.get("facts", []),
        "sites": [{"name": "site", "vertical": vertical, "alarms": inputs.get("site_alarms", {})}],
        "devices": [device | {"site": "site"} for device in inputs["devices"]],
    }
    return Town.of(City.model_validate(document), at(inputs["start"]))


def readings(inputs: dict[str, Any]) -> Iterator[Received]:
    """Yield a reading every ten minutes of each course, which arrives at once unless the course says otherwise."""
    for course in inputs["courses"]:
        for time in range(at(course["from"]), at(course["to"]), 10 * MINUTE):
            arrival = time + course.get("delay_s", 0) * SECOND
            received_at = at(course["received_at"]) if "received_at" in course else arrival
            for quantity, value in course["values"].items():
                yield Received(inputs["devices"][0]["name"], quantity, time, value, received_at)


def case(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    inputs, expected = (json.loads((folder / f"{name}.json").read_text()) for name in ("inputs", "expected"))
    return inputs, expected


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_what_a_device_said_makes_the_alarms_that_are_expected(folder: Path) -> None:
    inputs, expected = case(folder)
    assert expected["why"]
    # The look that finds a silence says when it began to count; all else has the times of readings, ten minutes apart.
    is_of_silence = any(rule == "silence" for rule, *_ in expected["alarms"])
    every = EVERY if is_of_silence else 5 * MINUTE
    stories = town(inputs).stories(readings(inputs), at(inputs["start"]), at(inputs["end"]), every)
    assert stories == [Story(*alarm) for alarm in expected["alarms"]]


def test_every_kind_of_measure_of_readings_has_a_case_that_is_raised() -> None:
    raised = {alarm[0] for folder in CASES for alarm in case(folder)[1]["alarms"]}
    # of residuals: test_balances; of whole cities: test_watcher
    measures = {type(rule.measure) for rule in ALARM_RULES.values()} - {Imbalance, Widespread}
    assert {type(ALARM_RULES[name].measure) for name in raised} == measures
