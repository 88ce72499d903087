"""How long a day that arrives sixty days late keeps the store busy until its figures are right; judges nothing.

Registers read every quarter of an hour, PHAROS_BENCH_SERIES of them, the day missing from chunks that are compressed
where the store can. Beside it the database alone, as a ceiling: it takes the same readings into a plain table with
their key, and sums them up by hour.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from ingest.model.city.assets import City
from ingest.model.observation import ObservationBatch, RawMessage, Resolved
from ingest.model.time import to_micros
from kpi_engine.engine.engine import Engine
from processors.rollups.worker import RollupWorker
from processors.storage.binary_copy import ColumnType, Layout
from processors.storage.database import Connection, connect
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests import towns
from tests.benchmarks.spent import spent
from tests.stores import NATIVE_URL, POSTGRESQL, TIMESCALEDB, Stores
from tests.towns import heat_meter, sending

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1800)]

SERIES = int(os.environ.get("PHAROS_BENCH_SERIES", "10"))
SITES = 10
BATCH = 5_000
NOW = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
LATE = (NOW - timedelta(days=60)).replace(hour=0)
AFTER = LATE + timedelta(days=1)
SPAN = {"first": LATE - timedelta(days=10), "last": NOW, "late": LATE, "after": AFTER}
MOVING = "extract(epoch from at) / 3600"
RESTING = f"({MOVING} - greatest(0, least(480, ({MOVING}) - extract(epoch from %(late)s) / 3600 + 240)))"
CONTRACTS: dict[str, tuple[dict[str, float], str]] = {
    "default": ({}, MOVING),
    "jitter": ({"jitter": 0.1}, MOVING),
    "jitter, at rest": ({"jitter": 0.1}, RESTING),
}
READINGS = """
    select series_id, at as time, at as received_at, series_id * 1000 + {register} as value
    from series, generate_series(%(first)s::timestamptz, %(last)s, '15 minutes') as at
    where at < %(after)s::timestamptz + interval '10 days' or at > %(last)s::timestamptz - interval '1 day'
"""
FILL = """
    with reading as ({readings})
    insert into observation (series_id, time, received_at, value, source_id, quality)
    select series_id, time, received_at, value, 1, 0 from reading where time < %(late)s or time >= %(after)s
"""
MARK = "insert into observation_mark (series_id, from_time, to_time) select series_id, %(first)s, %(last)s from series"
ARRIVING = """
    with reading as ({readings})
    select series_id, (extract(epoch from time) * 1000000)::bigint, value from reading
    where time >= %(late)s and time < %(after)s order by time, series_id
"""
PARTITIONS = "select ensure_partitions(%(first)s, %(last)s)"
PAUSE = "select alter_job(job_id, scheduled => false) from timescaledb_information.jobs where job_id >= 1000"
COMPRESS = """
    select count(compress_chunk(chunk, true))
    from show_chunks('observation', older_than => %(last)s::timestamptz - interval '14 days') as chunk
"""
BARE = (
    "create table bare (series_id integer, time timestamptz, value double precision, primary key (series_id, time))",
    "create table bare_hour (series_id integer, bucket timestamptz, total double precision)",
)
COPY = "copy bare from stdin (format binary)"
ROW = Layout([ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.DOUBLE])
SUM_UP = """
    insert into bare_hour
    select series_id, date_trunc('hour', time), max(value) - min(value) from bare group by 1, 2
"""
DAY_FIGURE = """
    select value, coverage from kpi_value join city using (city_id)
    where kpi = 'heat_delivered' and site_id is null and period = 'day' and superseded_at is null
      and period_start = %(late)s
"""


def _city(contract: dict[str, float]) -> City:
    series = sending("heat_energy", register_contract=contract)
    meters = (heat_meter(series, name=f"meter-{n}", site=f"house-{n % SITES}", every="PT15M") for n in range(SERIES))
    return towns.city(*meters, timezone="UTC")


@pytest.mark.parametrize("name", CONTRACTS)
@pytest.mark.parametrize("store", [POSTGRESQL, TIMESCALEDB])
def test_prints_how_long_a_late_day_takes(
    stores: Stores, store: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if store == TIMESCALEDB and not NATIVE_URL:
        pytest.skip("how fast TimescaleDB is, a native one tells; set PHAROS_TEST_TIMESCALE_URL")
    contract, register = CONTRACTS[name]
    with stores[store].database(is_migrated=True) as url, connect(url, "bench") as connection:
        connection.autocommit = True
        bench = _Bench(connection, _city(contract), READINGS.format(register=register))
        bench.prepare(is_compressed=store == TIMESCALEDB)
        batches = bench.arriving()
        took = {
            "alone": spent(connection, lambda: bench.alone(batches)),
            "store": spent(connection, lambda: bench.write(batches)),
            "roll up": spent(connection, bench.roll_up),
            "figures": spent(connection, bench.figure),
        }
        (day,) = connection.execute(DAY_FIGURE.encode(), SPAN).fetchall()
    with capsys.disabled():
        shares = "; ".join(f"{what} {cost.beside(took['alone'])}" for what, cost in took.items())
        sys.stdout.write(f"\n{SERIES} series, {store}, {name}, load {os.getloadavg()[0]:.1f}: {shares}\n")
    assert day == (0.0 if register is RESTING else 24.0 * SERIES, 1.0)


class _Bench:
    """A store with everything but one day, and what works on it."""

    def __init__(self, connection: Connection, city: City, readings: str) -> None:
        self._connection = connection
        self._readings = readings
        catalogue = sync(connection, [city])
        self._sink = Sink(connection, catalogue, "mqtt")
        self._worker = RollupWorker(RollupStore(connection), lambda: catalogue)
        self._engine = Engine(connection)

    def prepare(self, *, is_compressed: bool) -> None:
        """Store all but the day and compute what it comes to."""
        if is_compressed:
            self._connection.execute(PAUSE.encode())  # else it compresses meanwhile
        for statement in (PARTITIONS, FILL.format(readings=self._readings), MARK):
            self._connection.execute(statement.encode(), SPAN)
        self._connection.execute("analyze observation")
        self.roll_up()
        self.figure()
        if is_compressed:
            assert self._connection.execute(COMPRESS.encode(), SPAN).fetchone() != (0,)

    def arriving(self) -> list[ObservationBatch]:
        """Return the day in batches, as it arrives."""
        found = self._connection.execute(ARRIVING.format(readings=self._readings).encode(), SPAN).fetchall()
        return [_batch(found[at : at + BATCH]) for at in range(0, len(found), BATCH)]

    def alone(self, batches: list[ObservationBatch]) -> None:
        """Let the database do it by itself."""
        for statement in BARE:
            self._connection.execute(statement.encode())
        for batch in batches:
            with self._connection.cursor() as cursor, cursor.copy(COPY.encode()) as copy:
                copy.write(ROW.encode([batch.series_id, batch.time, batch.value]))
        self._connection.execute(SUM_UP.encode())

    def write(self, batches: list[ObservationBatch]) -> None:
        """Store what arrives."""
        for batch in batches:
            self._sink.write(Resolved(batch), [RawMessage("topic", b"payload", to_micros(NOW))])

    def roll_up(self) -> None:
        """Bring hours, days and months up to date."""
        while self._worker.cycle().spans:
            pass

    def figure(self) -> None:
        """Bring figures up to date."""
        while self._engine.step(to_micros(NOW)).recomputed:
            pass


def _batch(rows: list[tuple[Any, ...]]) -> ObservationBatch:
    series_id, time, value = (np.array(column) for column in zip(*rows, strict=True))
    zeros = np.zeros(len(rows), np.int64)
    return ObservationBatch(series_id, time, value.astype(np.float64), zeros + to_micros(NOW), zeros, zeros)
