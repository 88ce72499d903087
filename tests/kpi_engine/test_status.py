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


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_result_that_is_no_number_is_no_figure(value: float) -> None:
    verdict = judge(Outcome(value, 1.0), is_open=False)

    assert (verdict.value, verdict.status) == (None, Status.INSUFFICIENT)
    assert "no number" in (verdict.reason or "")
