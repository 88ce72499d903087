"""Hours in blocks: whoever reads them cannot tell, whoever changes them finds rows again."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.time import HOUR
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.processors.packed_hours import pack_hours
from tests.processors.rolled_up_city import CITY, START, declaring, trace
from tests.processors.stored_readings import drain, mark_everything, store

pytestmark = [pytest.mark.integration, pytest.mark.plain_tables]

EVERYTHING: Final = "select to_jsonb(rollup)::text from rollup order by period, series_id, bucket"
RANGE: Final = """
    select to_jsonb(r)::text from series s
    cross join lateral rollups_of('hour', s.series_id, '2024-03-30 23:00Z', '2024-03-31 11:00Z') r
    order by r.series_id, r.bucket
"""
ODD: Final = """
    insert into rollup_hour (
        series_id, bucket, bucket_end, count, minimum, estimated, measured, weighted, covered_from, covered_to,
        first_at, last_at, doubt_below, doubt_above, peak
    )
    select
        series_id, bucket, bucket + length, 1, minimum, 0.1, 1e-300, 0, bucket, bucket + length,
        bucket + interval '1 microsecond', bucket + length - interval '1 microsecond', 'infinity', doubt, 0.1
    from (select min(series_id) as series_id from series) as one
    cross join (values
        (timestamptz '2023-10-01 00:30Z', interval '1 hour', -0.0::float8, null),
        ('2023-10-01 15:30Z', '30 minutes', null, 'infinity'::real),
        ('1937-06-30 23:40:28Z', '1 hour', 1.7976931348623157e308, 3.4028235e38),
        ('2023-10-08 00:00Z', '2 hours', 0.1, 1e-45)
    ) as hour (bucket, length, minimum, doubt)
"""


@pytest.fixture
def catalogue(connection: Connection) -> Catalogue:
    """Return a city whose readings are rolled up; the clocks go forward among them."""
    known = sync(connection, [parse(CITY, "testville.yaml")])
    store(connection, trace(known, seed=3))
    drain(RollupWorker(RollupStore(connection), lambda: known))
    return known


def rows(connection: Connection) -> int:
    """Return how many hours are rows."""
    (count,) = connection.execute("select count(*) from rollup_hour").fetchone() or (0,)
    return int(count)


@pytest.mark.usefixtures("catalogue")
def test_what_is_packed_reads_as_before_to_the_last_bit(connection: Connection) -> None:
    connection.execute(ODD)
    queries = (EVERYTHING, RANGE, "select * from series cross join lateral hours_kept(series_id) order by series_id")
    before = [connection.execute(query).fetchall() for query in queries]
    assert len(before[1]) > 24
    pack_hours(connection)
    assert rows(connection) == 0
    assert [connection.execute(query).fetchall() for query in queries] == before


def test_a_block_grows_by_the_day(connection: Connection, catalogue: Catalogue) -> None:
    before = connection.execute(EVERYTHING).fetchall()
    left = []
    for day in range(30, 33):
        pack_hours(connection, datetime(2024, 3, 1, tzinfo=UTC) + timedelta(days=day))
        left.append(rows(connection))
    assert left == sorted(left, reverse=True)
    assert 0 < left[1] < left[0]
    assert connection.execute(EVERYTHING).fetchall() == before
    (blocks,) = connection.execute("select count(*) from rollup_block").fetchone() or (0,)
    assert blocks == len(catalogue.series)


def test_a_late_reading_opens_one_block_and_moves_its_hours_only(connection: Connection, catalogue: Catalogue) -> None:
    pack_hours(connection)
    series = next(iter(catalogue.series))
    late = (series, START // HOUR * HOUR + 20 * HOUR + 1, 1e6)
    store(connection, [late])
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    drain(worker)
    opened = connection.execute("select series_id, is_open from rollup_block where is_open").fetchall()
    assert opened == [(series, True)]
    assert 1 <= rows(connection) <= 3
    found = connection.execute(EVERYTHING).fetchall()
    pack_hours(connection)
    assert rows(connection) == 0
    assert connection.execute("select count(*) from rollup_block where is_open").fetchone() == (0,)
    assert connection.execute(EVERYTHING).fetchall() == found
    connection.execute("truncate rollup_row, rollup_block")
    mark_everything(connection)
    drain(worker)
    assert connection.execute(EVERYTHING).fetchall() == found


def test_hours_that_are_none_any_more_go_from_blocks_as_well(connection: Connection, catalogue: Catalogue) -> None:
    pack_hours(connection)
    zone = sync(connection, [parse(declaring(zone="Asia/Kolkata"), "testville.yaml")])
    assert zone.series.keys() == catalogue.series.keys()
    drain(RollupWorker(RollupStore(connection), lambda: zone))
    found = connection.execute(EVERYTHING).fetchall()
    connection.execute("truncate rollup_row, rollup_block")
    mark_everything(connection)
    drain(RollupWorker(RollupStore(connection), lambda: zone))
    assert connection.execute(EVERYTHING).fetchall() == found


def test_nothing_is_packed_that_may_soon_be_written_again(connection: Connection, catalogue: Catalogue) -> None:
    blocks = RollupStore(connection).blocks
    series, far = list(catalogue.series), datetime(9999, 1, 1, tzinfo=UTC)
    assert blocks.to_pack(series, far, 900.0, 100) == []
    connection.execute("update rollup_row set updated_at = now() - interval '20 minutes'")
    assert {one.series_id for one in blocks.to_pack(series, far, 900.0, 100)} == set(series)
    assert blocks.to_pack(series, datetime(2024, 1, 1, tzinfo=UTC), 900.0, 100) == []


def test_a_range_is_found_by_the_keys_of_rows_and_blocks(connection: Connection) -> None:
    connection.execute(
        "insert into rollup_hour (series_id, bucket, bucket_end, count, estimated, measured, weighted)"
        " select s, b, b + interval '1 hour', 1, 0, 1, 1"
        " from generate_series('2023-01-01'::timestamptz, '2023-12-31 23:00Z', '1 hour') b, generate_series(1, 5) s"
    )
    connection.execute(
        "insert into rollup_block (series_id, starts, begins, ends, at, seconds, count, estimated, measured, weighted,"
        " rejected, contract)"
        " select s, b, b, b + interval '1 hour', '{0}', '{3600}', '{1}', '{0}', '{1}', '{1}', '{0}', '{0}'"
        " from generate_series('2013-01-01'::timestamptz, '2022-12-01', '8 days') b, generate_series(1, 5) s"
    )
    connection.execute("analyze rollup_hour, rollup_block")
    for query in (
        "select total from rollups_of('hour', 3, '2022-07-01Z', '2022-07-02Z')",
        "select total from unnest('{1,3}'::integer[]) as wanted (series_id)"
        " cross join lateral rollups_of('hour', wanted.series_id, '2022-07-01Z', '2022-07-02Z') r",
    ):
        plan = [line for (line,) in connection.execute(f"explain (costs off) {query}".encode())]
        assert not [line for line in plan if "Seq Scan" in line or "rollups_of" in line]
        conditions = [line for line in plan if "Index Cond" in line]
        assert [line for line in conditions if "period" in line and "bucket >=" in line]
        assert [line for line in conditions if "starts >" in line and "starts <" in line]
