"""Why two statements of a figure differ, in words."""

from dataclasses import replace
from datetime import UTC, datetime

from kpi_engine.differences.reasons import reasons, revised, says_alike
from kpi_engine.figures.store import StoredFigure

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
HEAT = StoredFigure(
    value_id=1,
    kpi="heat_emissions",
    city="town",
    site=None,
    period="month",
    period_start=MARCH,
    period_end=APRIL,
    value=10.0,
    lower=10.0,
    upper=10.0,
    unit="kg",
    coverage=1.0,
    estimated_share=0.0,
    status="final",
    reason=None,
    through=APRIL,
    factors=[{"name": "test", "version": "2025"}],
    inputs_hash="a",
    rule_version="1",
    code_version="1",
    revision=1,
    computed_at=APRIL,
    superseded_at=None,
    cause="first data",
    cause_detail=None,
    due=False,
)


def test_a_revision_that_says_the_same_is_alike() -> None:
    assert says_alike(HEAT, replace(HEAT, revision=2, inputs_hash="b", cause="late data"))
    assert not says_alike(HEAT, replace(HEAT, status="provisional"))


def test_rules_factors_and_how_far_a_period_had_come_are_named() -> None:
    moved = replace(HEAT, rule_version="2", factors=[{"name": "test", "version": "2026"}], through=MARCH)
    assert list(reasons(HEAT, moved, ({}, {}))) == [
        "rules 2 instead of 1",
        "factors test 2026 instead of test 2025",
        "computed through 2026-03-01 00:00Z instead of 2026-04-01 00:00Z",
    ]
    assert list(reasons(HEAT, replace(HEAT, factors=[]), ({}, {}))) == ["factors none instead of test 2025"]


def test_of_inputs_the_meters_are_named_that_differ_came_or_went() -> None:
    before = {"meters": [{"meter": "a", "kwh": 1}, {"meter": "b", "kwh": 2}], "area": 10}
    after = {"meters": [{"meter": "a", "kwh": 1}, {"meter": "b", "kwh": 3}, {"meter": "c"}], "area": 20}
    assert list(reasons(HEAT, HEAT, (before, after))) == ["other inputs: area, meters of b, c"]


def test_revisions_of_one_cause_are_told_as_one() -> None:
    load = [replace(HEAT, revision=number, cause_detail=f"day {number}") for number in range(1, 31)]
    assert revised(load) == "revisions 1 to 30: first data: day 30"
    assert revised(load[:1]) == "revision 1: first data: day 1"
