"""Alarm rules are whole, and a city file may set other limits only where they apply and let go again."""

from datetime import timedelta

import pytest

from ingest.errors import CityFileError
from ingest.model.alarm import Rule
from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.city.city_file import parse
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.verticals import VERTICALS

RULES = list(ALARM_RULES.values())
TYPES = {kind.name: frozenset(kind.quantities) for one in VERTICALS.values() for kind in one.device_types}
CITY = """
name: town
title: Town
country: DK
timezone: Europe/Copenhagen
role: network
sites: [{{name: a, vertical: district_heating, alarms: {site}}}]
devices:
- {{name: meter, site: a, type: heat_meter, expected_interval: PT1H, alarms: {device},
   series: [{{quantity: return_temperature}}]}}
"""


def faults(device: str = "{}", site: str = "{}") -> list[str]:
    try:
        parse(CITY.format(device=device, site=site), "town.yaml")
    except CityFileError as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_lets_go_at_another_threshold_and_says_why_it_is_as_it_is(rule: Rule) -> None:
    assert rule.raised.threshold != rule.cleared.threshold
    assert rule.rationale
    assert "{" not in rule.message.format(value=1.0, threshold=2.0, since="2026-11-10T00:00:00Z")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_reads_what_some_device_type_reports(rule: Rule) -> None:
    assert set(rule.measure.quantities) <= set(QUANTITIES)
    assert [kind for kind, quantities in TYPES.items() if rule.applies_to(kind, quantities)]
    assert all(rule.applies_to(kind, TYPES[kind]) for kind in rule.device_types)


def test_a_limit_declared_for_a_device_replaces_the_one_of_the_rule() -> None:
    text = CITY.format(device="{high_return_temperature: {threshold: 65, after: PT30M}}", site="{}")
    limits = parse(text, "town.yaml").devices[0].alarms["high_return_temperature"]
    rule = ALARM_RULES["high_return_temperature"]
    changed = limits.over(rule)
    assert (changed.raised.threshold, changed.raised.held, changed.raised.intervals) == (65.0, timedelta(minutes=30), 0)
    assert changed.cleared == rule.cleared


@pytest.mark.parametrize(
    ("device", "site", "expected"),
    [
        ("{high_return_temperature: {threshold: 50}}", "{}", "clear_threshold (55 degC) below the threshold"),
        ("{high_return_temperature: {threshold: 50, clear_threshold: 45}}", "{}", None),
        ("{high_return_temperature: {threshold: 50}}", "{high_return_temperature: {clear_threshold: 45}}", None),
        ("{}", "{high_return_temperature: {threshold: 50}}", "clear_threshold (55 degC) below the threshold"),
        ("{low_delta_t: {threshold: 5}}", "{}", "expected one of high_return_temperature, silence"),
        ("{}", "{low_delta_t: {threshold: 5}}", None),
        ("{too_hot: {threshold: 5}}", "{}", "too_hot"),
        ("{silence: {enabled: false}}", "{}", None),
        ("{silence: {after: 5}}", "{}", "ISO 8601 duration"),
        ("{silence: {treshold: 5}}", "{}", "treshold"),
    ],
)
def test_limits_that_cannot_be_kept_are_faults_of_the_file(device: str, site: str, expected: str | None) -> None:
    found = faults(device, site)
    assert len(found) == (expected is not None)
    assert all(expected in fault for fault in found if expected)
