"""Cells of text as values: numbers, states, what is neither, and what becomes of them in the canonical unit."""

import numpy as np
import polars as pl

from ingest.history.columns import ValueCells, observations
from ingest.model.reading import Quality
from ingest.reasons import Reason


def cells(*text: str | None, decimal: str = ".", states: tuple[str, ...] = ()) -> ValueCells:
    return ValueCells.of(pl.Series(text, dtype=pl.String), decimal, states)


def test_a_cell_is_a_number_by_the_decimal_sign_of_its_file() -> None:
    assert cells(" 1,5 ", "-2", decimal=",").value.tolist() == [1.5, -2.0]


def test_where_a_comma_is_the_decimal_sign_a_full_stop_makes_no_number() -> None:
    assert cells("1.234", "1.234,5", "1234,5", decimal=",").is_readable.tolist() == [False, False, True]


def test_what_is_no_finite_number_is_given_and_not_readable() -> None:
    found = cells("1", "broken", "inf", None)
    assert found.is_readable.tolist() == [True, False, False, False]
    assert found.is_given.tolist() == [True, True, True, False]
    assert found.unreadable is Reason.NOT_A_NUMBER


def test_a_state_is_its_place_among_the_names() -> None:
    found = cells("Charging", "Idle", "Lost", states=("Idle", "Charging"))
    assert found.value[:2].tolist() == [1.0, 0.0]
    assert found.is_readable.tolist() == [True, True, False]
    assert found.unreadable is Reason.UNKNOWN_STATE


def test_values_are_multiplied_before_they_are_converted_and_zero_has_no_sign() -> None:
    found = cells("2", "-0.0", "1").times(np.array([3.0, 1.0, np.nan])).canonical(np.array([0, 1]), 10.0, 0.0)
    assert found.tolist() == [60.0, 0.0]
    assert not np.signbit(found).any()


def test_what_no_float_holds_is_infinite_and_warns_nobody() -> None:
    with np.errstate(all="raise"):
        assert cells("1e308").times(np.array([10.0])).canonical(slice(None), 10.0, 0.0).tolist() == [np.inf]


def test_columns_of_a_file_become_one_batch_with_what_is_known_of_their_rows() -> None:
    rows, series, times, values = np.array([0, 2]), np.array([7, 7]), np.array([10, 30]), np.array([1.0, 3.0])
    other = np.array([1]), np.array([9]), np.array([20]), np.array([2.0])
    batch = observations([(rows, series, times, values), other], 99, revision=np.array([0.0, 1.0, 2.0]))
    assert batch.message.tolist() == [0, 2, 1]
    assert batch.series_id.tolist() == [7, 7, 9]
    assert batch.revision is not None
    assert batch.revision.tolist() == [0.0, 2.0, 1.0]
    assert batch.begin is None
    assert set(batch.received_at.tolist()) == {99}
    assert set(batch.quality.tolist()) == {Quality.MEASURED}
