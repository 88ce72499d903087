"""Partitions are made where readings are, once, by many at a time, without waiting for writers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import numpy as np
import pytest

from ingest.model.time import DAY, to_micros
from processors.storage.database import connect
from processors.storage.readings.partitions import Partitions
from tests.stores import POSTGRESQL

pytestmark = pytest.mark.integration

EDGES = [
    datetime(2025, 12, 31, 23, 59, 59, 999999, UTC),
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2026, 7, 1, tzinfo=UTC),
]
TIMES = np.array([to_micros(edge) for edge in EDGES], np.int64)


@pytest.mark.parametrize("store", [POSTGRESQL], indirect=True)
def test_exactly_the_utc_months_that_have_readings_get_one(database_url: str) -> None:
    with connect(database_url, "test") as connection:
        Partitions(connection).ensure(TIMES)
        names = "select inhrelid::regclass::text from pg_inherits where inhparent = 'observation'::regclass order by 1"
        assert [name for (name,) in connection.execute(names)] == [
            "observation_2025_12",
            "observation_2026_01",
            "observation_2026_07",
        ]


@pytest.mark.concurrent
def test_several_writers_may_need_the_same_month_at_once(database_url: str) -> None:
    def ensure(_: int) -> None:
        with connect(database_url, "test") as connection:
            Partitions(connection).ensure(TIMES)

    with connect(database_url, "writer") as writer:
        ensure(0)
        writer.execute("insert into observation values ('2026-01-05', now(), 1, 1, 1, 0)")  # not committed
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(ensure, range(4)))
        with connect(database_url, "test") as connection:
            Partitions(connection).ensure(TIMES + 40 * DAY)  # while the writer has not committed
