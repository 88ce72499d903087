"""Alarm rules are whole, and a city file may set other limits only where they apply and let go again."""

from datetime import timedelta

import pytest

from ingest.errors import CityFileError
from ingest.model.alarm import Rule
from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.city.assets import City
from ingest.model.city.city_file import parse
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.verticals import VERTICALS
from tests.every import of_every
from tests.towns import NOTHING, Declared, heat_meter, town

TYPES = {kind.name: frozenset(kind.quantities) for one in VERTICALS.values() for kind in one.device_types}


def returning(**limits: object) -> Declared:
    """Return limits of the alarm of a high return temperature."""
    return {"high_return_temperature": limits}


def declared(device: Declared = NOTHING, site: Declared = NOTHING) -> City:
    """Return a city of a meter, with these limits of alarms for the meter and for its site."""
    meter = heat_meter("return_temperature", alarms=device)
    return parse(town(meter, name="town", sites={"house": {"alarms": site}}), "town.yaml")


def faults(device: Declared, site: Declared) -> list[str]:
    try:
        declared(device, site)
    except CityFileError as error:
        return str(error).splitlines()
    return []


@of_every(ALARM_RULES)
def test_a_rule_lets_go_at_another_threshold_and_says_why_it_is_as_it_is(rule: Rule) -> None:
    assert rule.raised.threshold != rule.cleared.threshold
    assert rule.rationale
    assert "{" not in rule.message.format(value=1.0, threshold=2.0, since="2026-11-10T00:00:00Z", place="this site")


@of_every(ALARM_RULES)
def test_a_rule_reads_what_some_device_type_reports(rule: Rule) -> None:
    assert set(rule.measure.quantities) <= set(QUANTITIES)
    assert [kind for kind, quantities in TYPES.items() if rule.applies_to(kind, quantities)]
    assert all(rule.applies_to(kind, TYPES[kind]) for kind in rule.device_types)


def test_a_limit_declared_for_a_device_replaces_the_one_of_the_rule() -> None:
    limits = declared(returning(threshold=65, after="PT30M")).devices[0].alarms["high_return_temperature"]
    rule = ALARM_RULES["high_return_temperature"]
    changed = limits.over(rule)
    assert (changed.raised.threshold, changed.raised.held, changed.raised.intervals) == (65.0, timedelta(minutes=30), 0)
    assert changed.cleared == rule.cleared


@pytest.mark.parametrize(
    ("device", "site", "expected"),
    [
        (returning(threshold=50), {}, "clear_threshold (55 degC) below the threshold"),
        (returning(threshold=50, clear_threshold=45), {}, None),
        (returning(threshold=50), returning(clear_threshold=45), None),
        ({}, returning(threshold=50), "clear_threshold (55 degC) below the threshold"),
        ({"low_delta_t": {"threshold": 5}}, {}, "expected one of high_return_temperature, silence"),
        ({}, {"low_delta_t": {"threshold": 5}}, None),
        ({"too_hot": {"threshold": 5}}, {}, "too_hot"),
        ({"silence": {"enabled": False}}, {}, None),
        ({"silence": {"after": 5}}, {}, "ISO 8601 duration"),
        ({"silence": {"treshold": 5}}, {}, "treshold"),
    ],
)
def test_limits_that_cannot_be_kept_are_faults_of_the_file(
    device: Declared, site: Declared, expected: str | None
) -> None:
    found = faults(device, site)
    assert len(found) == (expected is not None)
    assert all(expected in fault for fault in found if expected)
