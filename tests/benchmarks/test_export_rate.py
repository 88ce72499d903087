"""How fast hours of many series go to Parquet, and how long one series of quarter hours takes; judges nothing.

PHAROS_BENCH_SERIES=400 says how many series there are, half registers and half gauges, PHAROS_BENCH_DAYS=365 how many
days. Readings of one meter are rolled up and packed, and what came of them is copied to the others. Beside it, as
ceilings: the same blocks read into columns and nothing more, and the finished table written once more by polars.
"""

import os
import resource
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Final

import polars as pl
import pytest

from ingest.model.calendar import Period
from ingest.model.city.assets import City
from ingest.model.time import to_micros
from kpi_engine.api import series
from kpi_engine.api.aggregates import Interval, buckets
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.series import SeriesFilters
from kpi_engine.export import parquet
from kpi_engine.export.aggregates import aggregates
from kpi_engine.export.scope import DayRange, SeriesScope
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from processors.storage.rollups.blocks import HourBlocks
from processors.storage.rollups.rollups import RollupStore
from processors.storage.rollups.sequences import rollups_in_order
from tests import towns
from tests.benchmarks.spent import Spent, spent
from tests.processors.stored_readings import drain
from tests.stores import POSTGRESQL, Stores
from tests.towns import heat_meter

pytestmark = [pytest.mark.integration, pytest.mark.timeout(7200)]

SERIES: Final = int(os.environ.get("PHAROS_BENCH_SERIES", "4"))
DAYS: Final = int(os.environ.get("PHAROS_BENCH_DAYS", "10"))
FIRST: Final = datetime(2025, 1, 1, tzinfo=UTC)
LAST: Final = FIRST + timedelta(days=DAYS)
NOW: Final = to_micros(LAST + timedelta(days=2))
QUANTITIES: Final = ("heat_energy", "return_temperature")
SPAN: Final = {"first": FIRST, "last": LAST}
FILL: Final = (
    "select ensure_partitions(%(first)s, %(last)s)",
    """
    insert into observation (series_id, time, received_at, value, source_id, quality)
    select series_id, at, at, case when kind = 'register' then extract(epoch from at) / 3600 - 470000 else
        50 + 10 * sin(extract(epoch from at) / 13000) end, 1, 0
    from series join device using (device_id), generate_series(%(first)s::timestamptz, %(last)s, '15 minutes') as at
    where name = 'meter-0'
    """,
    """
    insert into observation_mark (series_id, from_time, to_time)
    select series_id, %(first)s, %(last)s from series join device using (device_id) where name = 'meter-0'
    """,
)
COPIES: Final = """
    insert into {table}
    select (jsonb_populate_record(kept, jsonb_build_object('series_id', other.series_id))).*
    from {table} kept
    join series using (series_id)
    join series other on other.quantity = series.quantity and other.series_id <> series.series_id
"""


def _city() -> City:
    meters = [heat_meter(*QUANTITIES, name=f"meter-{number}", every="PT15M") for number in range(SERIES // 2)]
    return towns.city(*meters)


def _prepare(connection: Connection) -> None:
    """Store what one meter counted, roll it up, pack its hours, and give the others the same."""
    catalogue = sync(connection, [_city()])
    for statement in FILL:
        connection.execute(statement.encode(), SPAN)
    connection.commit()
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    blocks, every = HourBlocks(connection), [one for (one,) in connection.execute("select series_id from series")]
    while found := blocks.to_pack(every, LAST, 0.0, 2_000):
        blocks.pack([(one.series_id, one.starts) for one in found], LAST)
    for table in ("rollup_block", "rollup_row"):
        connection.execute(COPIES.format(table=table).encode())
    connection.commit()
    connection.autocommit = True
    connection.execute("vacuum analyze")


def test_prints_how_fast_buckets_go_to_parquet(stores: Stores, capsys: pytest.CaptureFixture[str]) -> None:
    with stores[POSTGRESQL].database(is_migrated=True) as url, connect(url, "bench") as connection:
        _prepare(connection)
        wanted = series.find(connection, None, SeriesFilters())
        asked = TimeRange(to_micros(FIRST), to_micros(LAST))
        scope, written = SeriesScope([wanted[0].city], DayRange(FIRST, LAST)), BytesIO()
        quarters = [one for one in wanted if one.device == "meter-0"]

        def columns_alone() -> None:
            for one in range(0, len(wanted), 20):
                ids = [each.series_id for each in wanted[one : one + 20]]
                rollups_in_order(connection, Period.HOUR, ids, asked.start, asked.end)

        def export() -> None:
            parquet.write(aggregates(connection, scope, Interval.HOUR, NOW, {}), written)

        def year() -> None:
            for one in quarters:
                buckets(connection, one, Interval.QUARTER_HOUR, asked, NOW)

        columns_alone()
        took = {"blocks into columns": spent(connection, columns_alone), "hours to Parquet": spent(connection, export)}
        table = pl.read_parquet(BytesIO(written.getvalue()))
        took["the same table written"] = spent(connection, lambda: table.write_parquet(BytesIO()))
        took["quarter hours of a series"] = spent(connection, year)
    with capsys.disabled():
        sys.stdout.write(_told(len(table), took))
    assert len(table) == SERIES * DAYS * 24
    assert table["sum"].null_count() == len(table) // 2


def _told(rows: int, took: dict[str, Spent]) -> str:
    peak, alone = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, took["blocks into columns"]
    lines = [f"{what}: {cost.beside(alone)}, {cost.cpu / rows * 1e6:.2f} us a row" for what, cost in took.items()]
    head = f"{SERIES} series of {DAYS} days, {rows:,} hours, load {os.getloadavg()[0]:.1f}, at most {peak:.0f} MB"
    return "\n".join(["", head, *lines, ""])
