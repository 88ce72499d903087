"""Rollups of many series at once: as they are kept one by one, packed or not."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from ingest.model.calendar import Period
from ingest.model.catalogue import Catalogue
from ingest.model.time import HOUR
from processors.rollups.worker import RollupWorker
from processors.steps.columns import ROLLUP_FIELDS, RollupColumns
from processors.storage.database import Connection
from processors.storage.rollups.rollups import RollupStore
from processors.storage.rollups.sequences import rollups_in_order
from tests.processors.packed_hours import pack_hours
from tests.processors.rolled_up_city import START
from tests.processors.storage.rollups.test_blocks import ODD, catalogue
from tests.processors.stored_readings import drain, store

pytestmark = pytest.mark.integration
__all__ = ["catalogue"]

FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000 for year in (1930, 2040))


def found(connection: Connection, period: Period, series: list[int]) -> RollupColumns:
    return rollups_in_order(connection, period, series, FIRST, LAST)


def assert_alike(one: RollupColumns, other: RollupColumns) -> None:
    for name in ("slot", *ROLLUP_FIELDS):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)


def test_packed_hours_are_those_that_were_rows_to_the_last_bit(connection: Connection, catalogue: Catalogue) -> None:
    connection.execute(ODD)
    series = sorted(catalogue.series, reverse=True)
    before = found(connection, Period.HOUR, series)
    assert len(before) > 24
    assert (np.diff(before.slot) >= 0).all()
    pack_hours(connection, datetime(2024, 3, 31, tzinfo=UTC))
    assert_alike(found(connection, Period.HOUR, series), before)
    pack_hours(connection)
    assert_alike(found(connection, Period.HOUR, series), before)
    own = before.select(np.flatnonzero(before.slot == 1))
    assert_alike(found(connection, Period.HOUR, series[1:2]), replace(own, slot=np.zeros(len(own), np.int64)))


def test_a_row_holds_in_place_of_what_is_packed_of_its_hour(connection: Connection, catalogue: Catalogue) -> None:
    series = sorted(catalogue.series)
    pack_hours(connection)
    store(connection, [(series[0], START // HOUR * HOUR + 20 * HOUR + 1, 1e6)])
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    opened = found(connection, Period.HOUR, series)
    pack_hours(connection)
    assert_alike(found(connection, Period.HOUR, series), opened)


def test_days_and_months_are_read_alike_and_of_nothing_there_is_nothing(
    connection: Connection, catalogue: Catalogue
) -> None:
    series = sorted(catalogue.series)
    for period in (Period.DAY, Period.MONTH):
        kept = connection.execute(
            "select array_position(%s, series_id) - 1, bucket, count from rollup where period = %s order by 1, 2",
            (series, period.value),
        ).fetchall()
        every = found(connection, period, series)
        assert [(slot, count) for slot, _, count in kept] == list(zip(every.slot, every.count, strict=True))
    assert len(rollups_in_order(connection, Period.HOUR, series, FIRST, FIRST + HOUR)) == 0
