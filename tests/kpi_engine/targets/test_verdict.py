"""Verdicts by bounds: what is wholly on one side is decided, and worse figures never fare better."""

from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import Better
from kpi_engine.targets.verdict import TargetStatus, verdict

ON, RISK, OFF, UNKNOWN = TargetStatus
GOAL: Final = Bounded.exact(100.0)
NUMBERS: Final = st.floats(-1e6, 1e6)
ENDS: Final = st.tuples(NUMBERS, NUMBERS, NUMBERS).map(sorted)
WORSE: Final = {ON: 0, RISK: 1, OFF: 2}


def bounded(ends: list[float]) -> Bounded:
    return Bounded(ends[1], ends[0], ends[2])


@pytest.mark.parametrize(
    ("lower", "value", "upper", "tolerance", "found"),
    [
        (90.0, 95.0, 100.0, 0.0, ON),
        (95.0, 98.0, 101.0, 0.0, RISK),
        (100.5, 103.0, 105.0, 0.0, OFF),
        (100.5, 103.0, 105.0, 0.05, RISK),  # it misses by no more than 5 % for sure: its lower bound
        (106.0, 107.0, 108.0, 0.05, OFF),
    ],
)
def test_less_is_better_and_bounds_decide(
    lower: float, value: float, upper: float, tolerance: float, found: str
) -> None:
    assert verdict(Bounded(value, lower, upper), GOAL, Better.LOWER, tolerance) == found


def test_more_is_better_where_the_indicator_says_so() -> None:
    assert verdict(Bounded(120.0, 100.0, 130.0), GOAL, Better.HIGHER) is ON
    assert verdict(Bounded(98.0, 95.0, 101.0), GOAL, Better.HIGHER) is RISK
    assert verdict(Bounded(90.0, 85.0, 99.0), GOAL, Better.HIGHER) is OFF
    assert verdict(Bounded(97.0, 96.0, 98.0), GOAL, Better.HIGHER, 0.05) is RISK


def test_without_a_value_bounds_on_one_side_still_decide() -> None:
    assert verdict(Bounded(None, 0.0, 99.0), GOAL, Better.LOWER) is ON
    assert verdict(Bounded(None, 101.0), GOAL, Better.LOWER) is OFF
    assert verdict(Bounded(None, 50.0, 150.0), GOAL, Better.LOWER) is UNKNOWN
    assert verdict(Bounded(None), GOAL, Better.LOWER) is UNKNOWN
    assert verdict(Bounded.exact(1.0), Bounded(None), Better.LOWER) is UNKNOWN


def test_a_goal_with_bounds_leaves_open_what_lies_between_them() -> None:
    goal = Bounded(100.0, 95.0, 105.0)
    assert [verdict(Bounded.exact(one), goal, Better.LOWER) for one in (94.0, 100.0, 106.0)] == [ON, RISK, OFF]


def test_a_figure_that_is_its_goal_but_for_rounding_is_on_track() -> None:
    assert verdict(Bounded.exact(0.1 + 0.2), Bounded.exact(0.3), Better.LOWER) is ON


@given(ENDS, ENDS, st.floats(0, 1e6), st.sampled_from([Better.LOWER, Better.HIGHER]), st.floats(0, 1))
def test_bounds_that_move_the_bad_way_never_make_a_verdict_better(
    figure: list[float], goal: list[float], by: float, better: Better, tolerance: float
) -> None:
    worse = by if better is Better.LOWER else -by
    moved = [[figure[0], figure[1], figure[2]], [one + worse for one in figure]]
    before, after = (verdict(bounded(one), bounded(goal), better, tolerance) for one in moved)
    assert WORSE[before] <= WORSE[after]


@given(ENDS, ENDS, st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from([Better.LOWER, Better.HIGHER]))
def test_wider_bounds_decide_nothing_that_narrow_ones_did_not(
    figure: list[float], goal: list[float], down: float, up: float, better: Better
) -> None:
    narrow = verdict(bounded(figure), bounded(goal), better)
    wide = verdict(bounded([figure[0] - down, figure[1], figure[2] + up]), bounded(goal), better)
    assert wide in {narrow, RISK}


@given(ENDS, ENDS, st.lists(st.floats(0, 1), min_size=2, max_size=5).map(sorted), st.sampled_from(list(Better)[:2]))
def test_more_tolerance_never_makes_a_verdict_worse(
    figure: list[float], goal: list[float], tolerances: list[float], better: Better
) -> None:
    found = [verdict(bounded(figure), bounded(goal), better, one) for one in tolerances]
    assert all(WORSE[after] <= WORSE[before] for before, after in pairwise(found))
