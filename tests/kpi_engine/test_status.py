"""What of an outcome may be published, and as what."""

import pytest

from kpi_engine.indicator import Outcome
from kpi_engine.status import Status, judge


@pytest.mark.parametrize(
    ("coverage", "is_open", "expected"),
    [
        (1.0, False, Status.FINAL),
        (0.95, False, Status.FINAL),
        (0.949, False, Status.PROVISIONAL),
        (1.0, True, Status.PROVISIONAL),
        (0.90, False, Status.PROVISIONAL),
        (0.899, False, Status.INSUFFICIENT),
    ],
)
def test_coverage_and_time_decide(coverage: float, is_open: bool, expected: Status) -> None:
    verdict = judge(Outcome(1.0, coverage), is_open=is_open)

    assert verdict.status is expected
    assert (verdict.value is None) == (expected is Status.INSUFFICIENT)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (None, Status.FINAL),
        (0.0, Status.FINAL),
        (0.05, Status.FINAL),
        (0.051, Status.PROVISIONAL),
        (1.0, Status.PROVISIONAL),
    ],
)
def test_an_amount_of_which_much_is_estimated_in_its_place_is_not_final(share: float | None, expected: Status) -> None:
    verdict = judge(Outcome(1.0, 1.0, share), is_open=False)

    assert (verdict.status, verdict.value) == (expected, 1.0)
    assert (verdict.reason is None) == (expected is Status.FINAL)


def test_the_reason_says_how_much_is_estimated() -> None:
    verdict = judge(Outcome(1.0, 1.0, 10 / 24, "known until noon"), is_open=False)

    assert verdict.reason == (
        "41.7% of the amount is estimated in its place in time; a final figure has at most 5%; known until noon"
    )


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_result_that_is_no_number_is_no_figure(value: float) -> None:
    verdict = judge(Outcome(value, 1.0), is_open=False)

    assert (verdict.value, verdict.status) == (None, Status.INSUFFICIENT)
    assert "no number" in (verdict.reason or "")
