"""Why a figure was computed: the most urgent cause, and in words what exactly moved."""

import pytest

from kpi_engine.engine.causes import LONGEST, Cause, Why

LATE = Why(Cause.LATE_DATA, "late data of m-1/heat_energy from A to B")


def test_late_data_are_computed_before_what_time_brings_and_a_first_load_after_both() -> None:
    by_time = [Cause.LATE_DATA, Cause.NEW_HOUR, Cause.PERIOD_CLOSED, Cause.FIRST_DATA]
    over_night = [Cause.DEFINITION_CHANGED, Cause.RULE_CHANGED]
    assert sorted(Cause, key=lambda one: one.urgency) == [Cause.REQUESTED, *by_time, *over_night]


@pytest.mark.parametrize("other", [Cause.NEW_HOUR, Cause.PERIOD_CLOSED, Cause.DEFINITION_CHANGED])
def test_the_more_urgent_cause_stands_whichever_came_first(other: Cause) -> None:
    assert LATE.joined(Why(other)) == Why(other).joined(LATE) == LATE


def test_nothing_is_late_for_a_figure_that_waits_for_its_first_data() -> None:
    first = Why(Cause.FIRST_DATA)
    assert LATE.joined(first).cause == first.joined(LATE).cause == Cause.FIRST_DATA


def test_what_moved_by_two_causes_is_told_of_both_and_once() -> None:
    both = LATE.joined(Why(Cause.DEFINITION_CHANGED, "factor test: version 2"))
    assert both == Why(Cause.LATE_DATA, f"{LATE.detail}; factor test: version 2")
    assert both.joined(LATE) == both


def test_what_a_thousand_meters_moved_ends_in_and_more() -> None:
    why = LATE
    for number in range(1_000):
        why = why.joined(Why(Cause.LATE_DATA, f"late data of m-{number}/volume from A to B"))
    assert why.detail is not None
    assert why.detail.endswith("; and more")
    assert len(why.detail) <= LONGEST + len("; and more")
