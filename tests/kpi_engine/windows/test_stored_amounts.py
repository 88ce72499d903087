"""What of a series counts on a grid of buckets: nothing while a meter is not valid, NaN where nothing is stored."""

import numpy as np

from ingest.model.time import HOUR
from kpi_engine.windows.stored_amounts import StoredAmounts, by_series

EDGES = np.arange(5) * HOUR
ALWAYS = (-HOUR, 9 * HOUR)


def stored(**hours: tuple[float, float]) -> StoredAmounts:
    """Return hours by their number, as ``h1=(total, estimated)``."""
    number = [int(name.removeprefix("h")) for name in hours]
    total, estimated = (np.array([hour[side] for hour in hours.values()]) for side in (0, 1))
    return StoredAmounts(np.array(number) * HOUR, total, estimated)


def test_hours_that_are_not_stored_are_not_known_and_estimate_nothing() -> None:
    found = stored(h1=(2.0, 0.5), h3=(4.0, 0.0)).counted(EDGES, *ALWAYS)
    assert np.array_equal(found.total, [np.nan, 2.0, np.nan, 4.0], equal_nan=True)
    assert found.estimated.tolist() == [0.0, 0.5, 0.0, 0.0]
    assert found.is_stored.tolist() == [False, True, False, True]


def test_a_stored_hour_may_have_no_total() -> None:
    found = stored(h0=(np.nan, 0.0)).counted(EDGES, *ALWAYS)
    assert np.isnan(found.total).all()
    assert found.is_stored.tolist() == [True, False, False, False]


def test_hours_that_begin_while_a_meter_is_not_valid_count_nothing_and_are_known_to() -> None:
    found = stored(h0=(1.0, 1.0), h1=(2.0, 0.5), h2=(3.0, 0.0)).counted(EDGES, HOUR, 2 * HOUR)
    assert found.total.tolist() == [0.0, 2.0, 0.0, 0.0]
    assert found.estimated.tolist() == [0.0, 0.5, 0.0, 0.0]
    assert found.is_stored.tolist() == [False, True, False, False]


def test_hours_outside_the_grid_do_not_count() -> None:
    found = stored(h2=(3.0, 0.0), h4=(5.0, 0.0), h7=(7.0, 0.0)).counted(EDGES, *ALWAYS)
    assert np.array_equal(found.total, [np.nan, np.nan, 3.0, np.nan], equal_nan=True)


def test_columns_are_cut_where_the_next_series_begins() -> None:
    series, bucket, value = np.array([3, 3, 8]), np.array([0, HOUR, 0]), np.array([1.0, 2.0, 3.0])
    found = {one: (buckets.tolist(), values[0].tolist()) for one, buckets, values in by_series(series, bucket, value)}
    assert found == {3: ([0, HOUR], [1.0, 2.0]), 8: ([0], [3.0])}


def test_no_rows_are_no_series() -> None:
    assert list(by_series(np.empty(0), np.empty(0), np.empty(0))) == []
