"""Payback, annuity and the cost of a tonne, against what they are defined by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.formulas.economics import annuity, dynamic_payback, reduction_cost, simple_payback


def test_a_saving_pays_an_investment_after_as_many_years_as_it_goes_into_it() -> None:
    assert simple_payback(100_000.0, 12_500.0) == 8.0
    assert simple_payback(100_000.0, 0.0) is None


@given(st.floats(0.001, 0.2), st.floats(1.05, 20.0))
def test_discounted_savings_until_the_payback_are_worth_the_investment(rate: float, times: float) -> None:
    saving = 1000.0 * rate * times
    years = dynamic_payback(1000.0, saving, rate)
    assert years is not None
    assert saving * (1.0 - (1.0 + rate) ** -years) / rate == pytest.approx(1000.0)


def test_a_saving_below_the_interest_never_pays() -> None:
    assert dynamic_payback(1000.0, 50.0, 0.05) is None
    assert dynamic_payback(1000.0, 50.0, 0.0) == 20.0


@given(st.floats(0.001, 0.2), st.integers(1, 60))
def test_an_annuity_is_worth_the_investment(rate: float, years: int) -> None:
    yearly = annuity(1000.0, rate, years)
    assert sum(yearly / (1.0 + rate) ** year for year in range(1, years + 1)) == pytest.approx(1000.0)


def test_without_interest_an_annuity_is_an_equal_part() -> None:
    assert annuity(1000.0, 0.0, 20.0) == 50.0


def test_measures_that_pay_by_themselves_have_a_negative_cost() -> None:
    assert reduction_cost(5000.0, 3000.0, 10.0) == 200.0
    assert reduction_cost(2000.0, 3000.0, 10.0) == -100.0
    assert reduction_cost(2000.0, 3000.0, 0.0) is None
