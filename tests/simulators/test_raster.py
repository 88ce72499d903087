"""Registers on the raster are the exact integrals of their rates, whatever was asked for before."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.time import DAY, HOUR
from simulators.device import INSTALLED
from simulators.noise import FloatColumn, IntColumn, uniform
from simulators.raster import Counter, Polynomials, linear, points, product


def _flow(times: IntColumn) -> FloatColumn:
    return 1.0 + uniform(5, times)


def _rates(begin: int, end: int) -> Polynomials:
    flow, warmth = _flow(points(begin, end)), 3.0 * _flow(points(begin, end) + 1)
    return np.concatenate([linear(flow), product(flow, warmth)])


def test_a_linear_rate_meets_its_values_at_the_points() -> None:
    times = points(3, 5)[:-1]
    assert Counter(_rates).at(times).rates[0].tolist() == _flow(times).tolist()


def test_registers_are_the_integrals_of_rates() -> None:
    times = INSTALLED + 40 * DAY + np.arange(24 * 3600 + 1) * HOUR // 3600
    count = Counter(_rates).at(times)
    for rate, register in zip(count.rates, count.registers, strict=True):
        integral = ((rate[1:] + rate[:-1]) / 7200).sum()
        assert register[-1] - register[0] == pytest.approx(integral, rel=1e-6)


@settings(max_examples=min(50, settings().max_examples))
@given(st.lists(st.integers(0, 400 * DAY), min_size=1, max_size=8))
def test_what_was_asked_before_changes_nothing(instants: list[int]) -> None:
    used = Counter(_rates)
    for instant in instants:
        times = np.array([INSTALLED + instant])
        assert used.at(times).registers.tolist() == Counter(_rates).at(times).registers.tolist()


def test_the_meter_of_a_sum_is_the_sum_of_the_meters() -> None:
    times = points(20, 22)
    both = Counter(lambda begin, end: _rates(begin, end) + 2.0 * _rates(begin, end)).at(times)
    assert both.registers == pytest.approx(3.0 * Counter(_rates).at(times).registers, rel=1e-12)
