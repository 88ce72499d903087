"""An alarm is raised by a threshold that is met for long enough, and cleared by another one, for long enough too."""

import numpy as np
import pytest

from kpi_engine.alarms.hysteresis import AlarmThresholds, Evidence, Phase, step


def thresholds(*, is_above: bool, raise_at: float, clear_at: float) -> AlarmThresholds:
    """Return thresholds that are to be met for 20 and for 10, with a patience of 15."""
    return AlarmThresholds(
        is_above=np.array([is_above]),
        raise_at=np.array([raise_at]),
        raise_after=np.array([20]),
        clear_at=np.array([clear_at]),
        clear_after=np.array([10]),
        patience=np.array([15]),
    )


ABOVE = thresholds(is_above=True, raise_at=60.0, clear_at=55.0)
BELOW = thresholds(is_above=False, raise_at=10.0, clear_at=15.0)
Course = list[tuple[int, float]]


def turns(course: Course, limits: AlarmThresholds) -> list[int]:
    """Return the times at which the alarm was raised, cleared, raised ..."""
    phase, found = Phase.idle(1), []
    for time, level in course:
        phase, turned = step(phase, Evidence(np.array([time]), np.array([level])), limits)
        found += [time] if turned[0] else []
    return found


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ([(0, 61), (10, 61), (20, 61)], [20]),
        ([(0, 60), (10, 60), (20, 60)], [20]),  # the threshold itself counts
        ([(0, 61), (10, 61)], []),  # not long enough
        ([(0, 61), (10, 59), (20, 61), (30, 61)], []),  # interrupted
        ([(0, 61), (10, 59), (20, 61), (30, 61), (40, 61)], [40]),
        ([(0, 61), (16, 61), (20, 61)], []),  # a pause longer than the patience: it begins again at 16
        ([(0, 61), (15, 61), (30, 61)], [30]),
        ([(0, 61), (10, 61), (20, 61), (30, 58), (40, 58)], [20]),  # between both thresholds nothing changes
        ([(0, 61), (10, 61), (20, 61), (30, 54), (40, 54)], [20, 40]),
        ([(0, 61), (10, 61), (20, 61), (30, 55), (40, 55)], [20, 40]),
        ([(0, 61), (10, 61), (20, 61), (30, 54), (35, 56), (40, 54), (45, 54)], [20]),
        ([(0, 61), (10, 61), (20, 61), (30, 54), (40, 54), (50, 61), (60, 61), (70, 61)], [20, 40, 70]),
        ([(0, float("nan")), (10, 61), (20, 61), (30, 61)], [30]),  # no number meets no threshold
    ],
)
def test_an_alarm_of_too_much_turns_at(course: Course, expected: list[int]) -> None:
    assert turns(course, ABOVE) == expected
    mirrored = [(time, 70.0 - level) for time, level in course]
    assert turns(mirrored, BELOW) == expected


@pytest.mark.parametrize("again", [[(0, 61.0)], [(10, 40.0), (0, 40.0)], [(20, 40.0)]])
def test_what_is_not_newer_than_what_was_seen_changes_nothing(again: Course) -> None:
    course = [(0, 61.0), (10, 61.0), (20, 61.0), *again, (30, 61.0)]
    assert turns(course, ABOVE) == [20]


def test_without_evidence_nothing_turns_however_long_it_takes() -> None:
    absent = int(np.iinfo(np.int64).min)
    course = [(0, 61.0), (10, 61.0), (20, 61.0), *[(absent, 0.0)] * 100]
    assert turns(course, ABOVE) == [20]
