"""How fast a city of buildings has all figures of hours that are rolled up, and those of one late hour; judges nothing.

PHAROS_BENCH_SITES=100 says how many sites of three meters there are, PHAROS_BENCH_DAYS=365 how many days of hours.
Beside it, as a ceiling, the same hours read into columns and summed up by day, and as many narrow rows copied into a
plain table with a key: what it costs without indicators, bounds, lineage and revisions.
"""

import os
import resource
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pytest

from ingest.model.city.assets import City
from ingest.model.time import DAY, HOUR, to_micros
from kpi_engine.engine.engine import Engine
from kpi_engine.factors.registry import sync as publish
from kpi_engine.subjects import subject_index
from kpi_engine.windows.sent_hours import read_stored_hours
from processors.storage.binary_copy import ColumnType, Layout
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from processors.storage.rollups.blocks import HourBlocks
from tests import towns
from tests.benchmarks.spent import Spent, spent
from tests.computed import compute
from tests.factors import factor
from tests.stores import POSTGRESQL, Stores
from tests.towns import Declared, electricity_meter, fact, heat_meter, meter

pytestmark = [pytest.mark.integration, pytest.mark.timeout(7200)]

SITES: Final = int(os.environ.get("PHAROS_BENCH_SITES", "1"))
DAYS: Final = int(os.environ.get("PHAROS_BENCH_DAYS", "3"))
FIRST: Final = datetime(2025, 1, 1, tzinfo=UTC)
LAST: Final = FIRST + timedelta(days=DAYS)
NOW: Final = to_micros(LAST + timedelta(minutes=20))
HEAT: Final = ("heat_energy", "volume", "volume_supply_temperature", "volume_return_temperature")
SPAN: Final = {"first": FIRST, "last": LAST}
ROLL_UP: Final = """
    insert into rollup_row (
        period, series_id, bucket, bucket_end, count, minimum, maximum, total, integral, estimated, measured, weighted,
        covered_from, covered_to, measured_from, measured_to, rejected, contract, interpolated, estimated_time, pause,
        first_at, last_at, peak
    )
    select
        period, series_id, date_trunc(period, hour, 'UTC') as bucket,
        date_trunc(period, hour, 'UTC') + ('1 ' || period)::interval, count(*), min(value), max(value),
        case when kind = 'register' then sum(value) end, case when kind = 'gauge' then sum(value) * 3600 end,
        0, count(*) * 3600, case when kind = 'gauge' then count(*) * 3600 else 0 end,
        min(hour), max(hour) + interval '1 hour', min(hour), max(hour) + interval '1 hour', 0, 0, 0, 0, 3600,
        min(hour), max(hour), case when kind = 'register' then max(value) end
    from series
    cross join generate_series(%(first)s::timestamptz, %(last)s::timestamptz - interval '1 hour', '1 hour') as hour
    cross join lateral (
        select 2 + series_id %% 7 / 8.0 + sin(extract(epoch from hour) / 13000 + series_id) as value
    ) as told
    cross join unnest(array['hour', 'day', 'month']) as period
    group by period, series_id, kind, bucket
"""
MARK: Final = """
    insert into rollup_mark (series_id, from_time, to_time, is_first)
    select series_id, %(first)s, %(last)s, true from series
"""
LATE: Final = (
    "update rollup_block set is_open = true where series_id = %(series)s and begins <= %(late)s and ends > %(late)s",
    """
    insert into rollup_row as r (
        period, series_id, bucket, bucket_end, count, total, estimated, measured, weighted, covered_from, covered_to,
        measured_from, measured_to, rejected, contract
    )
    values (
        'hour', %(series)s, %(late)s, %(after)s, 1, 9, 0, 3600, 0, %(late)s, %(after)s, %(late)s, %(after)s, 0, 0
    )
    on conflict (period, series_id, bucket) do update set total = 9
    """,
    """
    update rollup_row set total = total + 1
    where series_id = %(series)s and period <> 'hour' and bucket <= %(late)s and bucket_end > %(late)s
    """,
    "insert into rollup_mark (series_id, from_time, to_time, is_first) values (%(series)s, %(late)s, %(after)s, false)",
)
BARE: Final = """
    create table bare (
        kind smallint, site integer, begins timestamptz, value double precision, lower double precision,
        upper double precision, coverage double precision, primary key (kind, site, begins)
    )
"""
ROW: Final = Layout([ColumnType.SMALLINT, ColumnType.INTEGER, ColumnType.TIMESTAMP, *[ColumnType.DOUBLE] * 4])


def _city() -> City:
    around: list[Declared] = [
        towns.device("grid", "grid_signal", "grid_emission_factor", site="surroundings"),
        towns.device("weather", "weather_station", "outdoor_temperature", site="surroundings"),
    ]
    meters = [one for n in range(SITES) for one in _meters(n)]
    return towns.city(
        *around,
        *meters,
        timezone="UTC",
        sites={f"s{n}": {"vertical": "buildings", "facts": [fact("floor_area", 1000, "m2")]} for n in range(SITES)},
        factors={"heat": "test", "electricity": "test-electricity"},
        factor_series={"electricity": {"device": "grid", "quantity": "grid_emission_factor"}},
    )


def _meters(n: int) -> list[Declared]:
    roof = {"name": f"p{n}", "site": f"s{n}", "direction": "production", "submeter_of": f"e{n}"}
    return [
        heat_meter(*HEAT, name=f"h{n}", site=f"s{n}"),
        electricity_meter(name=f"e{n}", site=f"s{n}"),
        meter("photovoltaic_inverter", "electricity_energy", **roof),
    ]


def _prepare(connection: Connection) -> None:
    """Store hours of a year, or of some days, in blocks, and their days and months."""
    sync(connection, [_city()])
    publish(connection, [factor(year=2025), factor("electricity", 0.2, name="test-electricity", year=2025)])
    connection.execute(ROLL_UP.encode(), SPAN)
    connection.execute(MARK.encode(), SPAN)
    blocks, series = HourBlocks(connection), [one for (one,) in connection.execute("select series_id from series")]
    while found := blocks.to_pack(series, LAST, 0.0, 2_000):
        blocks.pack([(one.series_id, one.starts) for one in found], LAST)
    connection.commit()
    connection.autocommit = True
    connection.execute("vacuum analyze")


def _bare(connection: Connection, figures: int) -> None:
    """Read all hours, sum them up by day, and copy as many rows as there are figures."""
    connection.execute(BARE.encode())
    series = np.array([one for (one,) in connection.execute("select series_id from series")], np.int64)
    ones = np.ones(len(series), np.int64)
    hours = read_stored_hours(connection, series, ones * to_micros(FIRST), ones * to_micros(LAST))
    days = np.flatnonzero(np.diff(hours.amounts.bucket // DAY, prepend=-1))
    sums = np.add.reduceat(np.nan_to_num(hours.amounts.total), days)
    number = np.arange(figures, dtype=np.int64)
    amounts = np.resize(sums, figures)
    with connection.cursor() as cursor, cursor.copy("copy bare from stdin (format binary)") as copy:
        copy.write(ROW.encode([number % 50, number % (SITES + 1), number * HOUR, *[amounts] * 4]))


def _late(connection: Connection, engine: Engine) -> None:
    """Change one hour of one meter, and bring figures up to date."""
    named = "select series_id from series join device using (device_id) where name = 'h0' and quantity = 'heat_energy'"
    ((series,),) = connection.execute(named.encode()).fetchall()
    late = FIRST + timedelta(days=DAYS // 2, hours=5)
    with connection.transaction():
        for statement in LATE:
            hour = {"series": series, "late": late, "after": late + timedelta(hours=1)}
            connection.execute(statement.encode(), hour)
    compute(engine, NOW + 1)


def _figures(connection: Connection) -> tuple[int, int]:
    """Return how many figures there are, and how many of them replaced another one."""
    counted = "select count(*) filter (where superseded_at is null), count(*) filter (where revision > 1) from figure"
    ((current, again),) = connection.execute(counted.encode()).fetchall()
    return current, again


def test_prints_how_fast_figures_are_computed(stores: Stores, capsys: pytest.CaptureFixture[str]) -> None:
    with stores[POSTGRESQL].database(is_migrated=True) as url, connect(url, "bench") as connection:
        _prepare(connection)
        engine = Engine(connection)
        took = {"roster": spent(connection, lambda: subject_index.load(connection))}
        took["all"] = spent(connection, lambda: compute(engine, NOW))
        figures, _ = _figures(connection)
        took["late"] = spent(connection, lambda: _late(connection, engine))
        _, moved = _figures(connection)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # before all hours are read at once
        took["bare"] = spent(connection, lambda: _bare(connection, figures))
    with capsys.disabled():
        sys.stdout.write(_told(figures, moved, took, peak))
    assert figures > SITES * DAYS
    assert moved > 0


def _told(figures: int, moved: int, took: dict[str, Spent], peak: float) -> str:
    bare = took["bare"]
    return (
        f"\n{SITES:,} sites of three meters, {DAYS} days, load {os.getloadavg()[0]:.1f}, at most {peak:.0f} MB\n"
        f"{figures:,} figures: {took['all'].beside(bare)}, {figures / took['all'].cpu:,.0f} figures per CPU second\n"
        f"the same hours and as many rows alone: {bare.beside(bare)}\n"
        f"a late hour, {moved} figures: {took['late'].beside(bare)}\n"
        f"the roster: {took['roster'].beside(bare)}\n"
    )
