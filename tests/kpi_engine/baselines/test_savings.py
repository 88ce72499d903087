"""Avoided energy of days, months and years: what it lies between, what does not count, and what is refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from ingest.model.city.baseline import USUAL_METHOD
from ingest.model.observation import FloatColumn
from kpi_engine.baselines.adjustment import Adjustment
from kpi_engine.baselines.fitted import Baseline, fit_baseline
from kpi_engine.baselines.methods import METHODS
from kpi_engine.baselines.normalised import normalised_savings
from kpi_engine.baselines.savings import SavingsAccount, SavingsPeriod, account, part_of_a_year
from kpi_engine.figures.status import FigureStatus
from kpi_engine.formulas.degree_days import DEGREE_DAYS
from tests.kpi_engine.baselines.made_up import days_of, heated, weather

METHOD = METHODS[USUAL_METHOD]
AFTER = date(2025, 3, 1)
ENTERED = datetime(2026, 1, 1, tzinfo=UTC)


def noise(count: int, seed: int = 5) -> FloatColumn:
    return np.random.default_rng(seed).normal(0.0, 4.0, count)


def baseline(width: float = 0.0) -> Baseline:
    temperature = weather()
    days = days_of(heated(temperature) + noise(366), temperature, width=width)
    found = fit_baseline(days, METHOD, may_cool=False).baseline
    assert found
    return found


def after(
    share: float = 0.7, days: int = 365, width: float = 0.0, adjustments: Sequence[Adjustment] = (), **given: Baseline
) -> SavingsAccount:
    """Return the account of a building that uses ``share`` of what it did."""
    temperature = weather(AFTER, days, seed=2)
    found = days_of(share * heated(temperature), temperature, AFTER, width)
    before = given.get("before") or baseline()
    return account(before, found, adjustments, confidence=0.90, degree_days=DEGREE_DAYS["eurostat"])


def added(amount: float, first: date, last: date) -> Adjustment:
    return Adjustment(1, first, last, amount, "A. Larsen", "a new wing", ENTERED)


YEAR = (AFTER, date(2026, 3, 1))


def test_a_measure_of_30_percent_is_found_within_what_is_claimed() -> None:
    saved = after().between(*YEAR)
    expected = 0.3 * heated(weather(AFTER, 365, seed=2)).sum()

    assert saved.counted == saved.days == 365
    assert saved.avoided.value == pytest.approx(expected, rel=0.02)
    assert saved.avoided.lower is not None
    assert saved.avoided.upper is not None
    assert saved.avoided.lower <= expected <= saved.avoided.upper
    assert saved.avoided.status is FigureStatus.FINAL
    assert saved.avoided.reason is None


def test_months_add_up_to_the_year_and_are_less_certain_than_it() -> None:
    found = after()
    year, months = found.between(*YEAR), found.by(SavingsPeriod.MONTH)

    assert len(months) == 12
    assert [month.first for month in months[:2]] == [date(2025, 3, 1), date(2025, 4, 1)]
    assert sum(month.difference for month in months) == pytest.approx(year.difference)
    widths = [(month.model_half_width or 0.0) / month.predicted for month in months]
    assert min(widths) > (year.model_half_width or 0.0) / year.predicted


def test_a_day_of_which_something_is_missing_counts_on_neither_side() -> None:
    whole = after()
    energy = whole.days.energy.copy()
    energy[10] = np.nan
    lacking = replace(whole, days=replace(whole.days, energy=energy))
    one, other = whole.between(*YEAR), lacking.between(*YEAR)

    assert other.counted == 364
    assert other.difference == pytest.approx(one.difference - whole.avoided[10])
    assert other.avoided.status is FigureStatus.PROVISIONAL
    assert other.avoided.reason == "364 of 365 days count; those that do not: 2025-03-11: its energy is not known"
    assert lacking.lacking() == [(date(2025, 3, 11), "its energy is not known")]


def test_a_reason_of_the_figure_of_a_day_is_told() -> None:
    found = after(days=31)
    days = days_of(np.append(np.nan, found.days.energy[1:]), found.days.temperature, AFTER, d0="between 3 and 9")
    saved = replace(found, days=days).between(AFTER, date(2025, 4, 1))
    assert "2025-03-01: between 3 and 9" in (saved.avoided.reason or "")


def test_an_adjustment_is_added_to_the_baseline_of_its_days() -> None:
    plain, more = after(), after(adjustments=[added(310.0, date(2025, 5, 1), date(2025, 6, 1))])

    for one, other in zip(plain.by(SavingsPeriod.MONTH), more.by(SavingsPeriod.MONTH), strict=True):
        assert other.difference - one.difference == pytest.approx(310.0 if one.first.month == 5 else 0.0)
    assert more.between(date(2025, 5, 11), date(2025, 5, 21)).adjustments == pytest.approx(100.0)


def test_bounds_of_measured_energy_widen_what_was_avoided_on_both_sides() -> None:
    exact, measured = after().between(*YEAR), after(width=0.01).between(*YEAR)
    assert exact.avoided.lower is not None
    assert measured.avoided.lower is not None
    assert exact.avoided.lower - measured.avoided.lower == pytest.approx(0.01 * measured.measured)
    assert measured.measured_upper == pytest.approx(1.01 * measured.measured)


def test_bounds_of_the_energy_of_the_baseline_travel_into_what_it_predicts() -> None:
    exact = after(before=baseline()).between(*YEAR)
    wide = after(before=baseline(width=0.02)).between(*YEAR)
    assert exact.avoided.lower is not None
    assert wide.avoided.lower is not None
    assert exact.avoided.lower - wide.avoided.lower == pytest.approx(0.02 * exact.predicted, rel=0.1)


def test_what_a_changed_energy_of_the_baseline_does_stays_within_its_bounds() -> None:
    temperature, later = weather(), weather(AFTER, 90, seed=2)
    energy = heated(temperature) + noise(366)
    first = baseline(width=0.05)
    below, above = first.spread(later)
    moved = energy + np.random.default_rng(7).choice([-0.05, 0.05], 366) * energy
    design = first.model.design(temperature)
    again = design_sum(design, moved, first.model.design(later))
    before = design_sum(design, energy, first.model.design(later))
    assert -below <= again - before <= above


def design_sum(design: FloatColumn, energy: FloatColumn, later: FloatColumn) -> float:
    return float((later @ np.linalg.lstsq(design, energy, rcond=None)[0]).sum())


def test_savings_that_may_as_well_be_nothing_have_bounds_and_no_value() -> None:
    saved = after(share=1.0).between(*YEAR)
    assert saved.avoided.value is None
    assert saved.avoided.status is FigureStatus.INSUFFICIENT
    assert saved.avoided.lower is not None
    assert saved.avoided.upper is not None
    assert saved.avoided.lower < 0.0 < saved.avoided.upper
    assert (saved.avoided.reason or "").startswith("between -")


def test_no_day_that_counts_is_no_saving() -> None:
    found = after(days=31)
    nothing = replace(found, days=replace(found.days, temperature=np.full(31, np.nan)))
    saved = nothing.between(AFTER, date(2025, 4, 1))
    assert (saved.counted, saved.avoided.value, saved.avoided.lower) == (0, None, None)
    assert "0 of 31 days count, 90% are needed" in (saved.avoided.reason or "")


def test_a_part_of_the_days_is_no_sum_and_neither_is_what_it_is_worth() -> None:
    found = after(days=30)
    energy = np.where(np.arange(30) < 26, found.days.energy, np.nan)
    part = replace(found, days=replace(found.days, energy=energy))
    saved = part.between(AFTER, date(2025, 3, 31))

    assert saved.counted == 26
    assert (saved.avoided.value, saved.avoided.lower, saved.avoided.upper) == (None, None, None)
    assert (saved.avoided.reason or "").startswith("26 of 30 days count, 90% are needed; those that do not: 2025-03-27")
    assert part.worth(saved, np.full(30, 0.1), "").value is None
    assert part.between(AFTER, date(2025, 3, 29)).avoided.value is not None  # 26 of 28


def test_what_savings_are_worth_is_what_each_day_is_worth() -> None:
    found = after()
    rates = np.where(np.arange(365) < 100, 0.10, 0.20)
    saved = found.between(*YEAR)
    worth = found.worth(saved, rates, "no price")

    assert worth.value == pytest.approx(float((found.avoided * rates).sum()))
    assert worth.upper is not None
    assert saved.avoided.upper is not None
    assert worth.upper - (worth.value or 0.0) == pytest.approx(0.20 * (saved.avoided.upper - saved.difference))


def test_a_day_without_a_price_leaves_no_sum() -> None:
    found = after()
    rates = np.full(365, 0.1)
    rates[3] = np.nan
    worth = found.worth(found.between(*YEAR), rates, "2025-03-04 has no price")
    assert (worth.value, worth.reason) == (None, "2025-03-04 has no price")


def test_twelve_months_are_a_year_and_nothing_else_is() -> None:
    assert part_of_a_year(date(2025, 3, 1), date(2026, 3, 1)) is None
    assert part_of_a_year(date(2024, 2, 29), date(2025, 3, 1)) is None
    told = part_of_a_year(date(2025, 3, 1), date(2025, 11, 1))
    assert told
    assert told.startswith("these are the savings of 245 days, from 2025-03-01 to 2025-11-01, and not of twelve months")
    assert part_of_a_year(date(2025, 1, 1), date(2027, 1, 1)) is not None


def test_normalised_savings_hold_both_models_against_one_year() -> None:
    temperature = weather(AFTER, 365, seed=2)
    days = days_of(0.7 * heated(temperature) + noise(365, seed=6), temperature, AFTER)
    later = fit_baseline(days, METHOD, may_cool=False).baseline
    assert later
    normal = weather(date(2019, 1, 1), 365, seed=9)
    found = normalised_savings(baseline(), later, normal, 0.90)

    assert found.saved.value == pytest.approx(0.3 * heated(normal).sum(), rel=0.03)
    assert found.saved.value == pytest.approx(found.before - found.after)
    assert found.saved.lower is not None
    assert found.saved.lower < found.before - found.after


def test_degree_days_of_the_days_that_count_stand_beside_them() -> None:
    found = after(days=31)
    saved = found.between(AFTER, date(2025, 4, 1))
    eurostat = DEGREE_DAYS["eurostat"]
    assert saved.heating_degree_days == pytest.approx(eurostat.heating(found.days.temperature).sum())
    of_extremes = replace(found, degree_days=DEGREE_DAYS["extremes"]).between(AFTER, date(2025, 4, 1))
    middle = found.days.temperature + 0.5
    assert of_extremes.heating_degree_days == pytest.approx(np.maximum(18.0 - middle, 0.0).sum())
