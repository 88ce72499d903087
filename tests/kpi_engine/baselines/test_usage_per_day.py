"""The regression by days and bills, held to the published tests of eemeter 2.2.10 (see ``illinois``)."""

from itertools import pairwise

import numpy as np
import pytest

from kpi_engine.baselines.methods import METHODS
from kpi_engine.baselines.usage_per_day import (
    Candidate,
    CandidateStatus,
    ModelKind,
    Requirements,
    best,
    candidate,
    fit,
    intercept_only,
)
from kpi_engine.formulas.degree_days import above, below
from tests.kpi_engine.baselines import illinois
from tests.kpi_engine.baselines.illinois import BALANCE_POINTS, BASELINE, rising_year

HDD, CDD = ModelKind.HDD_ONLY, ModelKind.CDD_ONLY
FEW = Requirements(1, 1.0)
Columns = dict[ModelKind, tuple[float, np.ndarray]]


def columns(**given: list[float]) -> Columns:
    kinds = {"hdd": HDD, "cdd": CDD}
    return {kinds[name]: (65.0, np.array(values)) for name, values in given.items()}


def used_in_a_rising_year(found: Candidate) -> float:
    assert found.model
    return float(found.model.predict(rising_year()).sum())


@pytest.mark.parametrize(
    ("energy", "degree_days", "weights", "expected"),
    [
        ([1, 1, 1, 6], columns(cdd=[0, 0.1, 0, 5]), None, (0.97, 1.01, 1730.04)),
        ([1, 1, 1, 6], columns(cdd=[0, 0.1, 0, 5]), [1, 100, 1, 1], (0.90, 1.02, 1723.19)),
        ([1, 1, 1, 6], columns(hdd=[0, 0.1, 0, 5]), None, (0.97, 1.01, 1730.67)),
        ([1, 1, 1, 6], columns(hdd=[0, 0.1, 0, 5]), [1, 100, 1, 1], (0.90, 1.02, 1723.83)),
        ([6, 1, 1, 6], columns(cdd=[5, 0, 0.1, 0], hdd=[0, 0.1, 0.1, 5]), None, (0.85, 1.03, 3130.31)),
        ([6, 1, 1, 6], columns(cdd=[5, 0, 0.1, 0], hdd=[0, 0.1, 0.1, 5]), [1, 1, 100, 1], (0.79, 1.04, 3139.71)),
    ],
)
def test_a_candidate_is_fitted_as_published(
    energy: list[float],
    degree_days: Columns,
    weights: list[float] | None,
    expected: tuple[float, float, float],
) -> None:
    intercept, slope, used = expected
    given = None if weights is None else np.array(weights, float)
    found = candidate(np.array(energy, float), degree_days, FEW, given)

    assert found.status is CandidateStatus.QUALIFIED
    assert found.model
    assert found.model.intercept == pytest.approx(intercept, abs=0.005)
    for kind, of_kind in ((HDD, found.model.heating_slope), (CDD, found.model.cooling_slope)):
        assert of_kind == pytest.approx(slope if kind in degree_days else 0.0, abs=0.005)
    assert used_in_a_rising_year(found) == pytest.approx(used, abs=0.005)
    assert found.adjusted_r2 == pytest.approx(1.0, abs=0.005)


@pytest.mark.parametrize(("weights", "mean", "used"), [(None, 4.5, 1642.5), (np.arange(10.0), 6.33, 2311.67)])
def test_without_weather_a_day_uses_the_mean_weighted_by_the_days_of_bills(
    weights: np.ndarray | None, mean: float, used: float
) -> None:
    found = intercept_only(np.arange(10.0), weights)

    assert found.model
    assert found.model.intercept == pytest.approx(mean, abs=0.005)
    assert found.adjusted_r2 == 0.0
    assert used_in_a_rising_year(found) == pytest.approx(used, abs=0.005)


@pytest.mark.parametrize(
    ("energy", "degree_days", "used"),
    [
        ([1, 1, 1, -4], columns(cdd=[0, 0.1, 0, 5]), -1000.04),
        ([1, 1, 1, -4], columns(hdd=[0, 0.1, 0, 5]), -1000.67),
        ([-4, 1, 1, -4], columns(cdd=[5, 0, 0.1, 0], hdd=[0, 0.1, 0, 5]), -2391.1),
    ],
)
def test_a_negative_slope_is_rejected_with_its_reason(energy: list[float], degree_days: Columns, used: float) -> None:
    found = candidate(np.array(energy, float), degree_days, FEW)

    assert found.status is CandidateStatus.REJECTED
    assert "slope is negative (-1.0" in (found.reason or "")
    assert used_in_a_rising_year(found) == pytest.approx(used, abs=0.005)


def test_a_negative_base_load_is_rejected() -> None:
    found = intercept_only(-np.arange(10.0))
    assert (found.status, found.reason) == (CandidateStatus.REJECTED, "its base load is negative (-4.5)")


def test_too_few_degree_days_are_not_attempted_and_each_lack_is_told() -> None:
    found = candidate(np.array([1.0, 1, 1, 6]), columns(cdd=[0, 0.1, 0, 5]), Requirements(10, 10.0))

    assert found.status is CandidateStatus.NOT_ATTEMPTED
    assert found.reason == (
        "cooling at 65 has 2 days with degree days; 10 are needed; cooling at 65 has 5.1 degree days; 10 are needed"
    )


def test_degree_days_of_bills_are_those_of_all_their_days() -> None:
    bills = columns(hdd=[0.5, 0.5, 0.5])
    days = np.array([3.0, 1.0, 2.0])
    found = candidate(np.array([1.0, 2.0, 3.0]), bills, Requirements(0, 4.0), days)
    assert found.reason == "heating at 65 has 3 degree days; 4 are needed"


@pytest.mark.parametrize(
    ("name", "bases", "used"), [("both", (60.0, 65.0), 7059.48), ("cooling", (None, 65.0), 10192.0)]
)
def test_a_year_of_days_predicts_what_was_published(name: str, bases: tuple[float | None, float], used: float) -> None:
    energy, temperature = illinois.column("electricity_kwh")[BASELINE], illinois.column("mean_degf")[BASELINE]
    heating, cooling = bases
    given: Columns = {CDD: (cooling, above(temperature, cooling))}
    if heating is not None:
        given[HDD] = (heating, below(temperature, heating))
    assert used_in_a_rising_year(candidate(energy, given, Requirements())) == pytest.approx(used, abs=0.005), name


@pytest.mark.long
def test_the_grid_finds_what_the_publisher_simulated() -> None:
    temperature = illinois.column("mean_degf")[BASELINE]
    found = best(fit(illinois.column("cooling_only_kwh")[BASELINE], temperature, BALANCE_POINTS, Requirements()))

    assert found
    assert found.kind is CDD  # simulated: cooling above 65 degF
    assert found.cooling_balance == pytest.approx(65.0, abs=1.0)


def test_heat_and_gas_are_fitted_without_cooling() -> None:
    temperature = illinois.column("mean_degf")[BASELINE]
    candidates = fit(
        illinois.column("gas_therm")[BASELINE], temperature, BALANCE_POINTS, Requirements(), may_cool=False
    )

    assert {one.kind for one in candidates} == {ModelKind.INTERCEPT_ONLY, HDD}
    found = best(candidates)
    assert found
    assert found.heating_balance == pytest.approx(60.0, abs=3.0)  # simulated: heating below 60 degF


@pytest.mark.long
def test_cooling_never_begins_below_where_heating_ends() -> None:
    temperature = illinois.column("mean_degf")[BASELINE]
    both = [
        one
        for one in fit(illinois.column("electricity_kwh")[BASELINE], temperature, BALANCE_POINTS, Requirements())
        if one.kind is ModelKind.HDD_CDD
    ]
    assert len(both) == 61 * 62 / 2
    assert all((one.cooling_balance or 0) >= (one.heating_balance or 0) for one in both)


@pytest.mark.parametrize("name", METHODS)
def test_balance_points_of_a_method_are_no_further_apart_than_3_degf(name: str) -> None:
    points = METHODS[name].grid.points.tolist()
    assert max(after - before for before, after in pairwise(points)) <= 3 * 5 / 9 + 1e-9
    assert points[0] == pytest.approx((30 - 32) * 5 / 9, abs=0.2)
    assert points[-1] == pytest.approx((90 - 32) * 5 / 9, abs=0.3)


def test_where_nothing_qualifies_there_is_no_best() -> None:
    rejected = candidate(np.array([1.0, 1, 1, -4]), columns(cdd=[0, 0.1, 0, 5]), FEW)
    assert best([rejected, intercept_only(np.array([-1.0, -1.0]))]) is None


@pytest.mark.long
def test_energy_that_does_not_vary_depends_on_nothing() -> None:
    temperature = illinois.column("mean_degf")[BASELINE]
    found = best(fit(np.full(365, 7.3), temperature, BALANCE_POINTS, Requirements()))

    assert found
    assert found.kind is ModelKind.INTERCEPT_ONLY


def test_without_days_nothing_is_fitted() -> None:
    with pytest.raises(ValueError, match="no days"):
        intercept_only(np.array([]))
