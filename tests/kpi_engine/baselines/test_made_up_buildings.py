"""Whatever building is made up, what it follows is found again, and days that are missing only widen."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_engine.baselines.days import in_order
from kpi_engine.baselines.fitted import Fit, fit_baseline
from kpi_engine.baselines.methods import METHODS
from kpi_engine.baselines.uncertainty import DAILY, relative_half_width
from tests.kpi_engine.baselines.made_up import days_of, weather

pytestmark = pytest.mark.long

METHOD = METHODS["caltrack-2.0-daily-celsius"]
STEP = METHOD.grid.step
SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=min(25, settings().max_examples))  # each tries a grid of 630 models


def building(
    base_load: float, heating: tuple[float, float], cooling: tuple[float, float], seed: int, noise: float
) -> Fit:
    """Fit a building by its base load, and the slope and balance point of heating and cooling."""
    temperature = weather(days=365, seed=seed, mean=12.0)
    energy = (
        base_load
        + heating[0] * np.maximum(heating[1] - temperature, 0.0)
        + cooling[0] * np.maximum(temperature - cooling[1], 0.0)
    )
    spread = noise * energy.mean() * np.random.default_rng(seed).normal(0.0, 1.0, 365)
    return fit_baseline(days_of(np.maximum(energy + spread, 0.0), temperature), METHOD, may_cool=cooling[0] > 0.0)


@FEW
@given(
    base_load=st.floats(0.5, 5.0),  # over the slope: what does not follow the weather drowns nothing
    slope=st.floats(2.0, 50.0),
    balance=st.floats(10.0, 17.0),
    seed=SEEDS,
)
def test_a_heated_building_is_found_again(base_load: float, slope: float, balance: float, seed: int) -> None:
    found = building(base_load * slope, (slope, balance), (0.0, 0.0), seed, noise=0.02).baseline

    assert found
    assert found.model.heating_balance == pytest.approx(balance, abs=2 * STEP)
    assert found.model.heating_slope == pytest.approx(slope, rel=0.15)
    assert found.quality.cv_rmse < 0.1


@FEW
@given(slope=st.floats(5.0, 20.0), balance=st.integers(8, 14), apart=st.integers(2, 6), seed=SEEDS)
def test_a_building_without_noise_on_the_grid_is_found_exactly(
    slope: float, balance: int, apart: int, seed: int
) -> None:
    found = building(30.0, (slope, balance), (slope / 2, balance + apart), seed, noise=0.0).baseline

    assert found
    model = found.model
    assert (model.heating_balance, model.cooling_balance) == (balance, balance + apart)
    assert (model.intercept, model.heating_slope, model.cooling_slope) == pytest.approx((30.0, slope, slope / 2))


@FEW
@given(seed=SEEDS, order=st.randoms(use_true_random=False))
def test_the_order_of_days_does_not_matter(seed: int, order: np.random.Generator) -> None:
    temperature = weather(days=365, seed=seed)
    energy = 20.0 + 8.0 * np.maximum(15.0 - temperature, 0.0) + np.random.default_rng(seed).normal(0.0, 5.0, 365)
    days = days_of(energy, temperature)
    places = list(range(365))
    order.shuffle(places)
    shuffled = replace(days, **{name: column[places] for name, column in days.columns().items()})

    one, other = (fit_baseline(in_order(each), METHOD, may_cool=False).baseline for each in (days, shuffled))
    assert one
    assert other
    assert (one.model, one.quality) == (other.model, other.quality)


@given(
    days=st.integers(300, 365),
    fewer=st.integers(1, 60),
    reported=st.integers(2, 365),
    related=st.floats(0.0, 0.9),
)
def test_fewer_days_only_widen(days: int, fewer: int, reported: int, related: float) -> None:
    def width(before: int, after: int) -> float:
        free = before * (1 - related) / (1 + related)
        return relative_half_width(1.65, DAILY.of(12), 0.2, before, free, after)

    whole = width(days, reported)
    assert width(days - fewer, reported) >= whole
    assert width(days, max(1, reported - fewer)) >= whole


@FEW
@given(seed=SEEDS, missing=st.sets(st.integers(0, 364), min_size=1, max_size=37))
def test_missing_days_of_the_baseline_neither_move_a_building_without_noise_nor_stop_it(
    seed: int, missing: set[int]
) -> None:
    temperature = weather(days=365, seed=seed)
    energy = 20.0 + 8.0 * np.maximum(15.0 - temperature, 0.0)
    energy[list(missing)] = np.nan
    found = fit_baseline(days_of(energy, temperature), METHOD, may_cool=False)

    assert found.sufficiency.missing == len(missing)
    assert found.baseline
    assert found.baseline.quality.days == 365 - len(missing)
    assert found.baseline.model.heating_slope == pytest.approx(8.0)
