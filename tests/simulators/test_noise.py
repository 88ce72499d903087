"""Noise is a function of seed and time, and has the spread it promises."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import HOUR, MINUTE
from simulators.noise import derive, normal, smooth, uniform

SEEDS = st.integers(0, 2**64 - 1)


@given(SEEDS, st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=50))
def test_numbers_do_not_depend_on_their_company(seed: int, index: list[int]) -> None:
    together = uniform(seed, np.array(index))
    alone = [uniform(seed, np.array([each]))[0] for each in index]
    assert together.tolist() == alone


@given(SEEDS, st.integers(-(2**40), 2**40))
def test_numbers_lie_between_zero_and_one(seed: int, index: int) -> None:
    assert 0.0 < uniform(seed, np.array([index]))[0] < 1.0


def test_numbers_are_spread_evenly() -> None:
    numbers = uniform(3, np.arange(100_000))
    assert np.histogram(numbers, bins=10, range=(0, 1))[0].min() > 9_600
    assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) < 0.01


def test_normal_numbers_have_unit_variance() -> None:
    numbers = normal(3, np.arange(100_000))
    assert abs(numbers.mean()) < 0.02
    assert abs(numbers.std() - 1.0) < 0.02


def test_smooth_noise_has_unit_variance_and_forgets_itself() -> None:
    times = np.arange(0, 20_000 * HOUR, 15 * MINUTE)
    noise = smooth(5, times, HOUR)
    assert abs(noise.std() - 1.0) < 0.02
    assert abs(np.diff(smooth(5, np.arange(0, 10 * HOUR, MINUTE), HOUR))).max() < 0.3
    assert abs(np.corrcoef(noise[:-16], noise[16:])[0, 1]) < 0.03


def test_a_derived_seed_depends_on_every_name() -> None:
    seeds = {derive(1), derive(2), derive(1, "a"), derive(1, "b"), derive(1, "a", "b"), derive(1, "b", "a")}
    assert len(seeds) == 6
