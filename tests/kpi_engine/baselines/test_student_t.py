"""How many standard errors a confidence takes, as tables of the t distribution have it."""

import pytest

from kpi_engine.baselines.student_t import t_value


@pytest.mark.parametrize(
    ("confidence", "degrees_of_freedom", "expected"),
    [(0.90, 1, 6.3138), (0.90, 10, 1.8125), (0.95, 30, 2.0423), (0.99, 5, 4.0321), (0.80, 60, 1.2958)],
)
def test_values_are_those_of_printed_tables(confidence: float, degrees_of_freedom: int, expected: float) -> None:
    assert t_value(confidence, degrees_of_freedom) == pytest.approx(expected, abs=5e-5)


def test_many_degrees_of_freedom_come_to_the_normal_distribution() -> None:
    assert t_value(0.90, 1e7) == pytest.approx(1.6448536, abs=1e-6)


@pytest.mark.parametrize(("confidence", "degrees_of_freedom"), [(0.0, 10), (1.0, 10), (0.9, 0)])
def test_what_has_no_value_is_refused(confidence: float, degrees_of_freedom: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        t_value(confidence, degrees_of_freedom)
