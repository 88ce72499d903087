"""Models of bills: civil months weighted by their days, and what keeps a year of them from being a baseline."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from ingest.model.observation import FloatColumn
from kpi_engine.baselines.billing import BillingPeriods
from kpi_engine.baselines.days import EnergyDays, every_day, number_of
from kpi_engine.baselines.fitted import Baseline, fit_baseline
from kpi_engine.baselines.methods import METHODS
from kpi_engine.baselines.model_quality import ModelQuality
from kpi_engine.baselines.savings import account
from kpi_engine.baselines.stored_model import baseline_of
from kpi_engine.baselines.uncertainty import BILLING, of_model
from kpi_engine.baselines.usage_per_day import ModelKind, Requirements, best, candidate, intercept_only
from kpi_engine.formulas.degree_days import DEGREE_DAYS

METHOD: Final = METHODS["caltrack-2.0-billing"]
YEAR: Final = every_day(date(2024, 1, 1), date(2025, 1, 1))
NEXT: Final = every_day(date(2025, 1, 1), date(2026, 1, 1))


def weather(day: np.ndarray) -> FloatColumn:
    """Return a temperature for each day: cold in January, with days that are warmer and colder than their month."""
    found: FloatColumn = 9.0 - 10.0 * np.cos(2 * np.pi * (day - day[0]) / 365.25) + 3.0 * np.sin(day * 1.7)
    return found


def bills(day: np.ndarray, base: float, slope: float, balance: float, width: float = 0.0) -> EnergyDays:
    """Return days of which each has its month's mean: what bills tell of a building."""
    temperature = weather(day)
    used = base + slope * np.maximum(balance - temperature, 0.0)
    months = BillingPeriods.of_days(day)
    energy = months.means(used)[months.of]
    return EnergyDays(day, energy, energy - width, energy + width, temperature, temperature, temperature)


def fitted(days: EnergyDays) -> Baseline:
    found = fit_baseline(days, METHOD, may_cool=False).baseline
    assert found
    return found


def test_bills_made_by_a_building_lead_back_to_it() -> None:
    balance = float(METHOD.grid.points[10])  # 60 degF
    model = fitted(bills(YEAR, 20.0, 4.0, balance)).model

    assert model.heating_balance == pytest.approx(balance)
    assert model.intercept == pytest.approx(20.0, rel=1e-9)
    assert model.heating_slope == pytest.approx(4.0, rel=1e-9)


def test_a_model_of_bills_counts_months_and_not_days() -> None:
    quality = fitted(bills(YEAR, 20.0, 4.0, 14.0)).quality  # no balance point that is tried
    assert (quality.days, quality.of_bills, quality.degrees_of_freedom) == (12, True, 11)
    assert quality.document()["of_bills"] is True
    assert quality.mean == pytest.approx(bills(YEAR, 20.0, 4.0, 14.0).energy.sum() / 12)


def test_what_a_year_of_bills_avoids_has_the_uncertainty_of_bills() -> None:
    baseline = fitted(bills(YEAR, 20.0, 4.0, 14.0))
    held = account(
        baseline, bills(NEXT, 20.0, 2.0, 14.0), (), confidence=0.9, degree_days=DEGREE_DAYS["eurostat"]
    ).between(date(2025, 1, 1), date(2026, 1, 1))

    quality = baseline.quality
    t, n, independent = 1.7958848187, 12.0, quality.independent_days  # two-sided 90 %, 11 degrees of freedom
    share = t * BILLING.of(12) * quality.cv_rmse_caltrack * np.sqrt(n / independent * (1 + 2 / independent) / 12)
    assert held.model_half_width == pytest.approx(share * held.predicted, rel=1e-6)
    assert held.avoided.value is not None
    assert held.avoided.value == pytest.approx(held.predicted - held.measured)
    assert held.counted == 365


def test_bounds_of_bills_widen_what_is_predicted_by_the_weights_of_their_months() -> None:
    sharp, wide = bills(YEAR, 20.0, 4.0, 14.0), bills(YEAR, 20.0, 4.0, 14.0, width=1.0)
    later = weather(NEXT)
    below, above = fitted(wide).spread(later)
    moved = fitted(replace(sharp, energy=sharp.energy + 1.0))  # every bill at its upper bound
    assert (below, above) == pytest.approx((365.0, 365.0), rel=1e-3) or min(below, above) > 365.0
    assert moved.model.predict(later).sum() - fitted(sharp).model.predict(later).sum() <= above * (1 + 1e-9)


def without(days: EnergyDays, first: date, last: date, column: str) -> EnergyDays:
    gone = (days.day >= number_of(first)) & (days.day < number_of(last))
    columns = days.columns()
    return EnergyDays(**{**columns, column: np.where(gone, np.nan, columns[column])})


def test_one_month_may_be_missing_and_two_are_named() -> None:
    year = bills(YEAR, 20.0, 4.0, 14.0)
    lacking = without(year, date(2024, 3, 1), date(2024, 4, 1), "energy")
    assert fitted(lacking).quality.days == 11

    found = fit_baseline(without(lacking, date(2024, 7, 1), date(2024, 7, 5), "temperature"), METHOD, may_cool=False)
    assert found.baseline is None
    assert found.reasons[0] == (
        "10 months can be told, 11 are needed; without energy, or with less than 90% of their temperatures: "
        "2024-03, 2024-07"
    )


def test_a_month_that_lacks_a_few_temperatures_counts_by_the_others() -> None:
    year = bills(YEAR, 20.0, 4.0, 14.0)
    found = fitted(without(year, date(2024, 7, 1), date(2024, 7, 3), "temperature"))
    assert (found.quality.days, len(found.days)) == (12, 364)


def test_a_period_that_cuts_a_month_or_is_no_year_is_disqualified() -> None:
    cut = bills(every_day(date(2024, 1, 15), date(2025, 1, 15)), 20.0, 4.0, 14.0)
    assert fit_baseline(cut, METHOD, may_cool=False).reasons == (
        "bills are told by civil months, and the period from 2024-01-15 to 2025-01-14 cuts one; expected whole months",
    )
    half = bills(every_day(date(2024, 1, 1), date(2024, 7, 1)), 20.0, 4.0, 14.0)
    assert "expected a whole year" in fit_baseline(half, METHOD, may_cool=False).reasons[0]


def test_a_kept_model_of_bills_is_read_as_it_was_fitted() -> None:
    days = without(bills(YEAR, 20.0, 4.0, 14.0), date(2024, 3, 1), date(2024, 4, 1), "energy")
    found = fitted(days)
    kept = {
        "model": vars(found.model),
        "quality": found.quality.document(),
        "method": {"name": METHOD.name},
    }
    read = baseline_of(kept, days)
    assert read is not None
    assert (read.model, read.quality) == (found.model, found.quality)
    assert read.spread(weather(NEXT)) == found.spread(weather(NEXT))


def test_published_bills_lead_to_the_model_that_their_publisher_finds() -> None:
    """Hold the choice among all candidates to eemeter 3.1.1.

    Its sample il-electricity-cdd-hdd-billing_monthly: eleven bills before 26 December 2016 with the degree days
    [degF d] that it makes of them, and what fit_caltrack_usage_per_day_model finds with its presets for bills
    (openeemeter/eemeter, Apache License 2.0, Copyright 2018 Open Energy Efficiency, Inc.).
    """
    with (Path(__file__).parent / "illinois_bills.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    column = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    energy, days, required = column["kwh_per_day"], column["days"], Requirements(METHOD.least_days, 20.0)
    heating = {float(base): column[f"hdd_{base}"] for base in range(30, 91, 3)}
    cooling = {float(base): column[f"cdd_{base}"] for base in range(30, 91, 3)}
    pairs = [
        {ModelKind.HDD_ONLY: (low, cold), ModelKind.CDD_ONLY: (high, warm)}
        for low, cold in heating.items()
        for high, warm in cooling.items()
        if high >= low
    ]
    alone = [
        {kind: one}
        for kind, of in zip((ModelKind.HDD_ONLY, ModelKind.CDD_ONLY), (heating, cooling), strict=True)
        for one in of.items()
    ]
    found = best([intercept_only(energy, days), *(candidate(energy, one, required, days) for one in (*alone, *pairs))])

    assert found is not None
    assert found.model is not None
    assert (found.kind, found.heating_balance, found.cooling_balance) == (ModelKind.HDD_CDD, 54.0, 66.0)
    assert found.model.intercept == pytest.approx(13.143000374548166, rel=1e-9)
    assert found.model.heating_slope == pytest.approx(1.0635153905503727, rel=1e-9)
    assert found.model.cooling_slope == pytest.approx(2.075231586348815, rel=1e-9)
    assert found.adjusted_r2 == pytest.approx(0.9941743742464058, rel=1e-9)


def test_the_uncertainty_of_savings_by_bills_is_the_one_published() -> None:
    # eemeter 3.1.1, metered_savings of the same sample: eleven bills reported, and the diagnostics of its totals
    cv_rmse, related, independent = 0.022649949140407463, -0.15518167302589345, 15.041101734615062
    quality = ModelQuality(11, 3, 826.9844, 0.0, 0.0, cv_rmse, 0.0, 0.0, related, independent, of_bills=True)
    used = 11 * 18.731157894448433 / cv_rmse  # it takes the energy of the baseline for that of the adjusted baseline

    assert of_model(quality, 0.90, 11, 330) * used == pytest.approx(132.43531889702848, rel=1e-8)
