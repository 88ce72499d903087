"""How long the last values of ten thousand series take, as HTTP, dashboards and alarms ask for them; judges nothing.

A year of readings, old ones compressed where the store can; one device of twenty has been silent for months. Beside it,
as a ceiling: the same rows, of as many columns, from a table that holds nothing else.
"""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ingest.model.city.assets import City
from ingest.model.time import to_micros
from kpi_engine.api import known_devices
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from tests import towns
from tests.benchmarks.spent import Spent, spent
from tests.stores import NATIVE_URL, POSTGRESQL, TIMESCALEDB, Stores
from tests.towns import heat_meter

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]

SERIES = int(os.environ.get("PHAROS_BENCH_SERIES", "100"))
ROUNDS = 9
NOW = datetime.now(UTC)
QUANTITIES = ("heat_energy", "volume", "supply_temperature", "return_temperature")
PARTITIONS = "select ensure_partitions(%(now)s - interval '370 days', %(now)s)"
FILL = """
    insert into observation (series_id, time, received_at, value, source_id, quality)
    select series_id, at - series_id * interval '1 ms', at, series_id, 1, 0
    from series, generate_series(%(now)s::timestamptz - interval '365 days', %(now)s, '5 days') as at
    where device_id %% 20 <> 0 or at < %(now)s - interval '100 days'
"""
PAUSE = "select alter_job(job_id, scheduled => false) from timescaledb_information.jobs where job_id >= 1000"
COMPRESS = (
    "select compress_chunk(chunk, true) from show_chunks('observation', older_than => interval '44 days') as chunk"
)
DASHBOARDS = "select * from grafana.latest_value"
LOOK_UPS = """
    select count(newest.value) from series
    left join lateral (
        select time, received_at, value from observation where series_id = series.series_id order by time desc limit 1
    ) as newest on true
"""
CEILING = """
    create table last_value as
    select series_id, series_id::text as name, 'house' as site, 'kWh' as unit, now() as time, now() as received_at,
        1.0::double precision as value
    from series
"""


def _city() -> City:
    return towns.city(*(heat_meter(*QUANTITIES, name=f"meter-{number}") for number in range(SERIES // len(QUANTITIES))))


def _each(connection: Connection, work: Callable[[], object]) -> Spent:
    """Return what one of some rounds costs, once everything is warm."""
    work()
    rounds = spent(connection, lambda: [work() for _ in range(ROUNDS)])
    return Spent(rounds.wall / ROUNDS, rounds.cpu / ROUNDS)


@pytest.mark.parametrize("store", [POSTGRESQL, TIMESCALEDB])
def test_prints_how_long_last_values_take(stores: Stores, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    if store == TIMESCALEDB and not NATIVE_URL:
        pytest.skip("how fast TimescaleDB is, a native one tells; set PHAROS_TEST_TIMESCALE_URL")
    with stores[store].database(is_migrated=True) as url, connect(url, "bench") as connection:
        connection.autocommit = True
        sync(connection, [_city()])
        if store == TIMESCALEDB:
            connection.execute(PAUSE.encode())  # else it compresses meanwhile
        for statement in (PARTITIONS, FILL, "analyze", CEILING):
            connection.execute(statement.encode(), {"now": NOW})
        if store == TIMESCALEDB:
            connection.execute(COMPRESS.encode())
        now = to_micros(NOW)
        took = {
            "as many rows": _each(connection, lambda: connection.execute("select * from last_value").fetchall()),
            "look-ups alone": _each(connection, lambda: connection.execute(LOOK_UPS.encode()).fetchall()),
            "list of devices": _each(connection, lambda: known_devices.read(connection, None, now)),
            "dashboards": _each(
                connection, lambda: connection.execute("select * from grafana.latest_value").fetchall()
            ),
        }
        found = [value for device in known_devices.read(connection, None, now) for value in device.values]
    with capsys.disabled():
        shares = "; ".join(f"{what} {cost.beside(took['as many rows'])}" for what, cost in took.items())
        sys.stdout.write(f"\n{SERIES} series, {store}, load {os.getloadavg()[0]:.1f}: {shares}\n")
    assert len([value for value in found if value.value is not None]) == SERIES
