"""What is judged to be an outlier, too fast or stuck, and what is not: by the readings around it only."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.quantities.plausible_change import ChangeLimits
from ingest.model.time import HOUR, MINUTE
from processors.steps.columns import Readings
from processors.steps.reading_quality import QualityFlag, quality_flags
from tests.processors.judged_traces import flags_by, one

START = 1_780_000_000_000_000 // HOUR * HOUR
OUTLIERS = ChangeLimits(neighbours=3, outlier_from=5.0)
RATES = ChangeLimits(neighbours=3, rate_from=1.0, max_per_hour=60.0)
STUCK = ChangeLimits(stuck_after=2 * HOUR)
REJECTED = int(QualityFlag.OUTLIER | QualityFlag.REJECTED)
SPIKE = int(QualityFlag.RATE | QualityFlag.REJECTED)


def every(minutes: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return START + np.arange(count) * minutes * MINUTE


def found(change: ChangeLimits, values: Sequence[float], minutes: int = 10) -> dict[int, int]:
    """Return the flags by index of readings at a steady interval."""
    flags = flags_by(change, minutes * MINUTE, every(minutes, len(values)), values)
    return {index: flag for index, flag in enumerate(flags.tolist()) if flag}


def test_a_single_spike_is_an_outlier_and_its_neighbours_are_not() -> None:
    assert found(OUTLIERS, [20, 20.1, 20.2, 20.1, 90, 20.2, 20.1, 20, 20.2]) == {4: REJECTED}


def test_three_bad_readings_in_a_row_are_found() -> None:
    assert found(OUTLIERS, [20, 20, 20, 20, 90, 91, 90, 20, 20, 20, 20]) == dict.fromkeys((4, 5, 6), REJECTED)


def test_four_in_a_row_are_how_it_is() -> None:
    assert found(OUTLIERS, [20, 20, 20, 20, 90, 91, 90, 92, 20, 20, 20, 20]) == {}


def test_what_goes_to_and_fro_is_how_it_is() -> None:
    assert found(OUTLIERS, [20, 20, 60, 60] * 10) == {}


@pytest.mark.parametrize("shape", [[20] * 8 + [60] * 8, list(range(0, 160, 10)), [2.0**n for n in range(16)]])
def test_steps_ramps_and_growth_are_no_outliers(shape: Sequence[float]) -> None:
    assert found(OUTLIERS, shape) == {}


def test_a_departure_within_the_tolerance_is_none() -> None:
    assert found(OUTLIERS, [20, 20, 20, 20, 24.9, 20, 20, 20]) == {}


def test_among_noise_a_departure_must_be_many_deviations() -> None:
    noisy = [20, 26, 14, 23, 40, 17, 25, 15, 21]
    assert found(OUTLIERS, noisy) == {}
    assert found(ChangeLimits(neighbours=3, deviations=1.5, outlier_from=5.0), noisy) == {4: REJECTED}


def test_without_neighbours_enough_nothing_is_judged() -> None:
    assert found(OUTLIERS, [20, 20, 90, 20, 20, 20, 20]) == {}
    assert found(OUTLIERS, [20, 20, 20, 20, 90, 20]) == {}


def test_readings_beyond_a_silence_are_no_neighbours() -> None:
    times = every(10, 12)
    times[6:] += 3 * HOUR
    values = [20.0, 20, 20, 20, 90, 20, 20, 20, 20, 20, 20, 20]
    assert not flags_by(OUTLIERS, 10 * MINUTE, times, values).any()


def test_a_spike_up_and_back_is_too_fast_and_what_follows_it_is_not() -> None:
    assert found(RATES, [20, 20, 50, 20, 20]) == {2: SPIKE}


def test_a_good_reading_between_two_spikes_is_none() -> None:
    assert found(RATES, [20, 20, 50, 20, 50, 20, 20]) == {2: SPIKE, 4: SPIKE}


def test_a_step_that_does_not_come_back_is_too_fast_but_counts() -> None:
    assert found(RATES, [20, 20, 50, 50, 50]) == {2: int(QualityFlag.RATE)}


def test_a_change_as_fast_as_declared_is_possible() -> None:
    assert found(RATES, [20, 30, 20, 30]) == {}
    assert found(RATES, [20, 30.1, 20, 30.1]) != {}


def test_a_change_within_the_tolerance_is_possible_however_fast() -> None:
    times = START + np.arange(4) * 1000
    assert not flags_by(RATES, MINUTE, times, [20, 21, 20, 21]).any()


def test_what_stands_for_as_long_as_nothing_may_is_stuck_from_its_first_reading() -> None:
    values = [20.0, *[21.0] * 13, 22.0, *[23.0] * 12]
    assert found(STUCK, values) == dict.fromkeys(range(1, 14), int(QualityFlag.STUCK))


def test_readings_that_are_not_rejected_by_declaration_are_flagged_only() -> None:
    changes = one(OUTLIERS, HOUR)
    changes.rejects[:] = False
    readings = Readings(np.zeros(9, np.int64), every(10, 9), np.array([20.0, 20, 20, 20, 90, 20, 20, 20, 20]))
    assert quality_flags(readings, changes).tolist() == [0, 0, 0, 0, int(QualityFlag.OUTLIER), 0, 0, 0, 0]


CHANGES = st.sampled_from(
    [
        OUTLIERS,
        RATES,
        ChangeLimits(neighbours=1, outlier_from=5.0),
        ChangeLimits(neighbours=2, outlier_from=5.0, rate_from=5.0, max_per_hour=60.0),
    ]
)


@given(
    values=st.lists(st.sampled_from([20.0, 20.5, 21.0, 60.0, 61.0, 100.0, -40.0]), min_size=1, max_size=40),
    gaps=st.lists(st.sampled_from([10, 10, 10, 20, 60]), min_size=40, max_size=40),
    cut=st.tuples(st.integers(0, 40), st.integers(0, 40)),
    change=CHANGES,
)
def test_what_is_read_beyond_the_reach_changes_nothing(
    values: list[float], gaps: list[int], cut: tuple[int, int], change: ChangeLimits
) -> None:
    """So a window judges the same as all readings do: what is stored does not depend on windows."""
    changes = one(change, 20 * MINUTE)
    times = START + np.cumsum(gaps[: len(values)]) * MINUTE
    whole = Readings(np.zeros(len(values), np.int64), times, np.array(values))
    first, last = sorted(cut)
    start, end = START + first * 20 * MINUTE, START + last * 20 * MINUTE
    reach = int(changes.reach[0])
    part = whole.select((times >= start - reach) & (times <= end + reach))
    inside = (times >= start) & (times < end)
    assert (
        quality_flags(part, changes)[(part.time >= start) & (part.time < end)].tolist()
        == quality_flags(whole, changes)[inside].tolist()
    )


@given(
    values=st.lists(st.sampled_from([20.0, 20.5, 60.0, 61.0, 100.0, -40.0]), min_size=1, max_size=60), change=CHANGES
)
def test_of_more_readings_than_there_are_neighbours_on_a_side_one_counts(
    values: list[float], change: ChangeLimits
) -> None:
    flags = quality_flags(
        Readings(np.zeros(len(values), np.int64), every(10, len(values)), np.array(values)), one(change, HOUR)
    )
    rejected = "".join("x" if flag & QualityFlag.REJECTED else "." for flag in flags.tolist())
    assert "x" * (change.neighbours + 1) not in rejected


def test_series_do_not_judge_each_other() -> None:
    values = np.array([20.0] * 6 + [90.0] * 3 + [20.0] * 6)
    changes = one(OUTLIERS, HOUR)
    two = type(changes)(*(np.concatenate([column, column]) for column in vars(changes).values()))
    slot = np.repeat([0, 1], [7, 8])
    assert not quality_flags(Readings(slot, every(10, 15), values), two).any()
