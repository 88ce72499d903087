"""Diagnostics of a fit, and what they make of the uncertainty of savings: worked examples."""

import numpy as np
import pytest

from kpi_engine.baselines.model_quality import autocorrelation, independent, model_quality
from kpi_engine.baselines.student_t import t_value
from kpi_engine.baselines.uncertainty import (
    BILLING,
    DAILY,
    fractional_savings_uncertainty,
    of_model,
    relative_half_width,
)
from kpi_engine.baselines.usage_per_day import Requirements, UsageModel, best, fit
from tests.kpi_engine.baselines import illinois
from tests.kpi_engine.baselines.illinois import BALANCE_POINTS, BASELINE, REPORTING

EVERY_DAY = np.arange(365)


def test_the_worked_example_divides_by_n_less_p_and_says_so() -> None:
    measured, predicted = np.array([100.0, 200, 300, 400]), np.array([110.0, 190, 310, 390])
    found = model_quality(np.arange(4), measured, predicted, 1)

    assert np.sqrt(np.mean((measured - predicted) ** 2)) == 10.0
    assert found.cv_rmse == pytest.approx(0.0462, abs=5e-5)  # n - p, p with the intercept
    assert found.cv_rmse_caltrack == pytest.approx(0.04)  # P - c, c without it
    assert found.nmbe == 0.0


def test_the_metrics_of_a_sample_are_those_published() -> None:
    measured, predicted = np.array([1.0, 3, 4, 1, 6]), np.array([2.0, 3, 3, 2, 4])
    found = model_quality(np.arange(5), measured, predicted, 2)  # eemeter 2.2.10, test_metrics

    assert found.cv_rmse == pytest.approx(0.509, abs=5e-4)
    assert found.autocorrelation == pytest.approx(-0.674, abs=5e-4)
    assert found.nmbe == pytest.approx(1 / (5 - 2) / 3.0)  # measured less predicted: 15 - 14


def test_a_day_without_a_neighbour_has_no_part_in_the_autocorrelation() -> None:
    residuals = np.array([1.0, 2.0, 99.0, 3.0, 4.5])
    assert autocorrelation(np.array([0, 1, 5, 10, 11]), residuals) == pytest.approx(
        np.corrcoef([1.0, 3.0], [2.0, 4.5])[0, 1]
    )
    assert autocorrelation(np.array([0, 2, 4, 6, 8]), residuals) == 0.0


@pytest.mark.parametrize(("related", "expected"), [(0.0, 365.0), (0.5, 365 / 3), (0.999999, 1.0)])
def test_days_that_resemble_each_other_are_fewer(related: float, expected: float) -> None:
    assert independent(365, related) == pytest.approx(expected)


@pytest.mark.parametrize(("inflation", "expected"), [(DAILY, 1.39250), (BILLING, 1.30558)])
def test_a_year_of_reporting_is_inflated_as_sun_and_baltazar_have_it(inflation: object, expected: float) -> None:
    assert inflation.of(12) == pytest.approx(expected, abs=1e-9)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("related", "expected"), [(0.0, 0.24045), (0.5, 0.41874)])
def test_the_fractional_uncertainty_is_that_of_the_worked_example(related: float, expected: float) -> None:
    width = relative_half_width(1.645, DAILY.of(12), 0.2, 365, independent(365, related), 365)
    assert fractional_savings_uncertainty(width, 0.1) == pytest.approx(expected, abs=5e-6)


def test_nothing_avoided_is_infinitely_uncertain() -> None:
    assert fractional_savings_uncertainty(0.01, 0.0) == float("inf")
    assert relative_half_width(1.6, 1.0, 0.2, 365, 365, 0) == float("inf")


def fitted(days: slice) -> UsageModel:
    temperature, energy = illinois.column("mean_degf")[days], illinois.column("electricity_kwh")[days]
    found = best(fit(energy, temperature, BALANCE_POINTS, Requirements()))
    assert found
    assert found.model
    return found.model


@pytest.mark.long
def test_savings_of_days_and_their_uncertainty_are_those_published() -> None:
    before, after = fitted(BASELINE), fitted(REPORTING)
    reported = np.arange(30.0, 89.0)  # of 60 days the last has one hour of temperature and does not count

    assert (before.predict(reported) - 1.0).sum() == pytest.approx(1571.28, abs=0.005)
    assert (before.predict(reported) - after.predict(reported)).sum() == pytest.approx(168.58, abs=0.005)
    bands = []
    for model, days in ((before, BASELINE), (after, REPORTING)):
        temperature, energy = illinois.column("mean_degf")[days], illinois.column("electricity_kwh")[days]
        quality = model_quality(EVERY_DAY, energy, model.predict(temperature), model.variables + 1)
        share = of_model(quality, 0.90, 59 / 30, 59)
        bands.append(share * energy.sum())  # it takes the energy of the baseline for that of the adjusted baseline
        assert quality.degrees_of_freedom == 363
        assert t_value(0.90, 363) == pytest.approx(1.64906, abs=5e-6)
    assert bands == pytest.approx([601.52, 534.78], abs=0.005)
    assert np.hypot(*bands) == pytest.approx(804.87, abs=0.005)


def test_more_parameters_than_days_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 3 days"):
        model_quality(np.arange(3), np.ones(3), np.ones(3), 3)
