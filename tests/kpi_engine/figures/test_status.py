"""What of an outcome may be published, and as what."""

import pytest

from kpi_engine.figures.status import FigureStatus, publication
from kpi_engine.indicator import Outcome, StatusLimits


def within(lower: float, upper: float, value: float = 100.0, coverage: float = 1.0) -> Outcome:
    return Outcome(value, coverage, lower=lower, upper=upper)


@pytest.mark.parametrize(
    ("lower", "upper", "is_open", "expected"),
    [
        (100.0, 100.0, False, FigureStatus.FINAL),
        (95.0, 100.0, False, FigureStatus.FINAL),
        (94.9, 100.0, False, FigureStatus.PROVISIONAL),
        (100.0, 105.1, False, FigureStatus.PROVISIONAL),
        (100.0, 100.0, True, FigureStatus.PROVISIONAL),
        (100.0, 120.0, False, FigureStatus.PROVISIONAL),
        (100.0, 120.1, False, FigureStatus.INSUFFICIENT),
        (79.9, 100.0, True, FigureStatus.INSUFFICIENT),
    ],
)
def test_how_far_a_figure_can_be_wrong_and_time_decide(
    lower: float, upper: float, is_open: bool, expected: FigureStatus
) -> None:
    verdict = publication(within(lower, upper), is_open=is_open)

    assert verdict.status is expected
    assert (verdict.value is None) == (expected is FigureStatus.INSUFFICIENT)


@pytest.mark.parametrize("coverage", [0.0, 0.5, 0.89])
def test_coverage_and_places_in_time_that_are_estimated_demote_nothing(coverage: float) -> None:
    """Bounds have taken their place: what was not measured widens them by what it can be worth."""
    verdict = publication(Outcome(100.0, coverage, 0.9, lower=99.0, upper=101.0), is_open=False)

    assert (verdict.value, verdict.status, verdict.reason) == (100.0, FigureStatus.FINAL, None)


@pytest.mark.parametrize(("lower", "upper"), [(None, 100.0), (100.0, None), (None, None)])
def test_a_figure_that_nothing_bounds_is_none(lower: float | None, upper: float | None) -> None:
    verdict = publication(Outcome(100.0, 1.0, lower=lower, upper=upper), is_open=False)

    assert (verdict.value, verdict.status) == (None, FigureStatus.INSUFFICIENT)
    assert verdict.reason


def test_the_reason_says_by_how_much_a_figure_can_be_wrong() -> None:
    verdict = publication(Outcome(100.0, 1.0, None, "m: no reading", lower=90.0, upper=101.0), is_open=False)

    assert verdict.reason == "it can be wrong by 10.0%; a final figure by 5% at most; m: no reading"


def test_a_figure_that_is_none_says_what_it_lies_between() -> None:
    verdict = publication(Outcome(4500.0, 1.0, None, "m: no reading", lower=3100.0, upper=5900.0), is_open=False)

    assert verdict.reason == "between 3,100 and 5,900; m: no reading"


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (0.0, 96.0, "between 0 and 96"),
        (9056.96, 1202602.25, "between 9,056.96 and 1,202,600"),
        (-1234567.0, 0.000012, "between -1,234,570 and 1.2e-05"),
        (1e17, 2e17, "between 1e+17 and 2e+17"),
    ],
)
def test_numbers_are_written_as_a_person_reads_them(lower: float, upper: float, said: str) -> None:
    assert publication(Outcome(None, 0.0, lower=lower, upper=upper), is_open=False).reason == said


def test_an_indicator_may_have_limits_of_its_own_and_a_size_below_which_nobody_cares() -> None:
    wide = StatusLimits(final=0.1, provisional=0.5, floor=1000.0)

    assert publication(within(0.0, 100.0), is_open=False, limits=wide).status is FigureStatus.FINAL
    assert publication(within(-50.0, 100.0), is_open=False, limits=wide).status is FigureStatus.PROVISIONAL


def test_a_difference_is_held_against_what_goes_into_it() -> None:
    loss = Outcome(2.0, 1.0, lower=1.0, upper=3.0, scale=100.0)

    assert publication(loss, is_open=False).status is FigureStatus.FINAL


def test_nothing_counted_by_what_can_have_counted_nothing_is_final() -> None:
    assert publication(within(0.0, 0.0, value=0.0), is_open=False).status is FigureStatus.FINAL
    assert publication(within(0.0, 1.0, value=0.0), is_open=False).status is FigureStatus.INSUFFICIENT


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_result_that_is_no_number_is_no_figure(value: float) -> None:
    verdict = publication(Outcome(value, 1.0), is_open=False)

    assert (verdict.value, verdict.status) == (None, FigureStatus.INSUFFICIENT)
    assert "no number" in (verdict.reason or "")
