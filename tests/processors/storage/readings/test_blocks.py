"""Readings in blocks: whoever reads them cannot tell, whoever writes among them finds rows again."""

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import psycopg
import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.observation import ObservationBatch
from ingest.model.time import DAY, HOUR, MINUTE
from processors.storage.database import Connection, connect
from processors.storage.readings import blocks
from processors.storage.readings.observations import Observations, WriteResult
from processors.storage.readings.partitions import Partitions
from processors.storage.readings.sources import source_ids
from tests.processors.packed_readings import ALWAYS, pack_readings
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

CITY = town(heat_meter(), heat_meter(name="twin"))
START: Final = 1_699_660_800_000_000  # where a block begins
EVERYTHING: Final = "select r::text from reading r order by series_id, time"
ROWS: Final = "select count(*) from observation"
ODD: Final = """
    insert into observation (time, received_at, value, series_id, source_id, quality) values
        ('1969-12-31 23:59:59.999999Z', '2026-01-01 00:00:00.000001Z', '-0', 1, 1, 2),
        ('1970-01-01 00:00:00Z', '1969-12-31 00:00:00.5Z', 1.7976931348623157e308, 1, 1, 0),
        ('2023-11-11 00:00:00.000001Z', '2023-11-10Z', 5e-324, 1, 2, 1),
        ('2023-11-11 00:00:00.000002Z', '2099-11-10Z', 'NaN', 1, 32767, 0),
        ('2023-11-18 23:59:59.999999Z', '2023-11-18Z', '-infinity', 1, 1, 0),
        ('2023-11-19 00:00:00Z', '2023-11-18Z', 0.1, 1, 1, 0)
"""
LOOKS: Final = """
    with instant as (
        select i as at from generate_series('2023-11-09 12:00Z'::timestamptz, '2023-12-03Z', '7 hours 13 min') as i
        union values ('infinity'::timestamptz), ('-infinity'), ('2023-11-19Z'), ('2023-11-19 00:00:00.000001Z')
    )
    select (s.series_id, at, b, a, sb, sa, of.*, first.*)::text
    from series s
    cross join instant
    left join lateral reading_before(s.series_id, at) as b on true
    left join lateral reading_after(s.series_id, at) as a on true
    left join lateral sound_reading_before(s.series_id, at) as sb on true
    left join lateral sound_reading_after(s.series_id, at) as sa on true
    cross join lateral (
        select count(*), min(time), max(time), sum(hashfloat8(value)) from readings_of(s.series_id, at, at + '30 hours')
    ) as of
    cross join lateral (
        select array_agg(f order by time) from first_readings(s.series_id, at - interval '1 day', at + '3 days', 5) as f
    ) as first
    order by s.series_id, at
"""


@pytest.fixture
def store() -> str:
    return "postgresql"


def batch(series_id: int, times: list[int], values: list[float]) -> ObservationBatch:
    """Return readings of a series."""
    count = len(times)
    return ObservationBatch(
        series_id=np.full(count, series_id),
        time=np.array(times, np.int64),
        value=np.array(values, np.float64),
        received_at=np.full(count, START + 30 * DAY),
        quality=np.zeros(count, np.int64),
        message=np.zeros(count, np.int64),
    )


def write(connection: Connection, rows: ObservationBatch) -> WriteResult:
    """Store readings of which some may be known, in a transaction."""
    source = source_ids(connection, "mqtt", ["harbour"])
    Partitions(connection).ensure(rows.time)
    observations = Observations(connection)
    with connection.transaction():
        return observations.merge(rows, np.full(len(rows), source[0]))


def fill(connection: Connection, series_id: int, days: int = 20) -> list[int]:
    """Store a reading every 40 minutes, with a gap of a day; returns their times."""
    times = [START + minute * MINUTE for minute in range(0, days * 1440, 40) if minute // 1440 != 11]
    write(connection, batch(series_id, times, [float(time // MINUTE % 977) for time in times]))
    return times


def test_readings_come_back_to_the_last_bit(connection: Connection) -> None:
    for month in ("1969-12-01Z", "1970-01-01Z", "2023-11-01Z"):
        connection.execute("select ensure_partitions(%s, %s)", (month, month))
    connection.execute(ODD)
    kept = connection.execute(EVERYTHING).fetchall()
    assert pack_readings(connection) == 4  # 1970 begins one
    assert connection.execute(ROWS).fetchone() == (0,)
    assert connection.execute(EVERYTHING).fetchall() == kept
    connection.execute(
        "select unpack_observations(array_agg(series_id), array_agg(time))"
        " from (select series_id, time from reading) as every"
    )
    assert connection.execute(ROWS).fetchone() == (6,)
    assert connection.execute(EVERYTHING).fetchall() == kept


def test_who_looks_for_readings_around_an_instant_finds_the_same(connection: Connection, catalogue: Catalogue) -> None:
    for series_id in catalogue.series:
        fill(connection, series_id)
    connection.execute(
        "insert into reading_quality select series_id, time, 8, 1 from observation where extract(hour from time) < 9"
    )
    found = connection.execute(LOOKS).fetchall()
    newest = connection.execute("select n::text from newest_reading n order by 1").fetchall()
    pack_readings(connection)
    assert connection.execute(LOOKS).fetchall() == found
    assert connection.execute("select n::text from newest_reading n order by 1").fetchall() == newest
    write(connection, batch(min(catalogue.series), [START + 9 * DAY], [1.0]))  # known: one block is rows again
    assert connection.execute(ROWS).fetchone() != (0,)
    assert connection.execute(LOOKS).fetchall() == found


def test_what_is_written_late_comes_to_the_same_as_if_nothing_were_packed(
    connection: Connection, catalogue: Catalogue
) -> None:
    packed, twin = sorted(catalogue.series)
    for each in (packed, twin):
        times = fill(connection, each, days=9)
    schedule = [
        ([times[3]], [float(times[3] // MINUTE % 977)]),  # again
        ([times[3]], [-5.0]),  # otherwise, and again otherwise
        ([times[3], times[4]], [77.0, 3.0]),
        ([START + 8 * DAY - 1, START + 8 * DAY], [4.0, 5.0]),  # on both sides of an edge
        ([START - DAY, times[-1] + HOUR], [6.0, 7.0]),  # where nothing is
    ]
    for at, values in schedule:
        pack_readings(connection)
        connection.execute("select unpack_observations(array[%s], array_agg(time)) from reading", [twin])
        assert write(connection, batch(packed, at, values)) == write(connection, batch(twin, at, values))
    for table in ("reading", "conflict"):
        of = f"select to_jsonb(r) - 'series_id' from {table} r where series_id = %s order by time, value"  # noqa: S608
        assert connection.execute(of, [packed]).fetchall() == connection.execute(of, [twin]).fetchall() != []


def test_only_what_is_over_and_rests_is_packed_and_nothing_that_takes_less_as_rows(
    connection: Connection, catalogue: Catalogue
) -> None:
    (one, other) = sorted(catalogue.series)
    fill(connection, one)
    write(connection, batch(other, [START + HOUR, START + DAY, START + 2 * DAY], [1.0, 2.0, 3.0]))
    connection.execute("update observation set received_at = now() where time > %s", [_day(15)])
    every = [one, other]
    assert blocks.pack(connection, every, blocks.Due(ALWAYS, -1.0), 9).blocks == 0  # a rollup waits for them
    connection.execute("truncate observation_mark")
    assert blocks.pack(connection, every, blocks.Due(_day(7), 900.0), 9).blocks == 0
    assert blocks.pack(connection, every, blocks.Due(_day(8), 900.0), 9) == blocks.PackedReadings(1, _day(0), 1)
    assert blocks.pack(connection, every, blocks.Due(_day(24), 900.0), 9).blocks == 1  # whole, though it came just now
    assert blocks.pack(connection, every, blocks.Due(_day(24), -1.0), 9).blocks == 1
    assert connection.execute("select distinct series_id from observation").fetchall() == [(other,)]


def test_blocks_that_a_version_before_left_as_rows_are_told_apart(connection: Connection, catalogue: Catalogue) -> None:
    for series_id in catalogue.series:
        fill(connection, series_id)
    connection.execute("truncate observation_mark")
    connection.execute("update schema_migration set applied_at = %s", [_day(29)])
    assert blocks.pack(connection, [min(catalogue.series)], blocks.Due(ALWAYS, -1.0), 9).left_over == 0
    connection.execute("update schema_migration set applied_at = %s", [_day(31)])
    assert blocks.pack(connection, [max(catalogue.series)], blocks.Due(ALWAYS, -1.0), 9).left_over == 3


def test_who_writes_late_readings_is_not_packed_under(
    connection: Connection, catalogue: Catalogue, database_url: str
) -> None:
    series_id = min(catalogue.series)
    times = fill(connection, series_id, days=2)
    source = source_ids(connection, "mqtt", ["harbour"])
    with connect(database_url, "writer") as writer:
        observations = Observations(writer)
        writer.commit()
        late = batch(series_id, [times[5] + 1], [9.0])
        observations.merge(late, np.full(1, source[0]))  # not committed
        connection.execute("set lock_timeout = '10ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            blocks.pack(connection, [series_id], blocks.Due(ALWAYS, -1.0), 9)
        writer.commit()
        assert pack_readings(connection) == 1
        assert connection.execute("select count(*) from reading").fetchone() == (len(times) + 1,)


def test_room_is_given_back_and_who_reads_meanwhile_misses_nothing(
    connection: Connection, catalogue: Catalogue, database_url: str
) -> None:
    series_id = min(catalogue.series)
    fill(connection, series_id, days=1)
    connection.execute(
        "insert into observation select time + n * interval '1 s', received_at, n, series_id, 1, 0"
        " from observation, generate_series(1, 700) n"
    )
    stored = connection.execute("select count(*), sum(value) from reading").fetchall()
    size = "select pg_total_relation_size('observation_2023_11')"
    ((before,),) = connection.execute(size).fetchall()
    with connect(database_url, "reader") as reader:
        reader.execute("set transaction isolation level repeatable read")
        reader.execute("select count(*) from series")  # its snapshot, and no lock on readings
        assert pack_readings(connection) == 1
        assert blocks.shrink(connection, _day(0), _day(60))
        assert reader.execute("select count(*), sum(value) from reading").fetchall() == stored
        assert not blocks.shrink(connection, _day(0), _day(60))  # the reader is in the way now
        reader.commit()
    assert blocks.shrink(connection, _day(0), _day(60))
    ((after,),) = connection.execute(size).fetchall()
    assert after < before / 100
    assert connection.execute("select count(*), sum(value) from reading").fetchall() == stored


def test_the_planner_sees_through_the_look_ups(connection: Connection) -> None:
    looks = [f"{which}reading_{side}(1, now())" for which in ("", "sound_") for side in ("before", "after")]
    looks += [f"packed_{side}(1, now(), null)" for side in ("before", "after")]
    looks += ["readings_of(1, now(), now())", "first_readings(1, now(), now(), 5)"]
    for look in looks:
        plan = connection.execute(f"explain select * from {look}".encode()).fetchall()  # noqa: S608 - constants
        assert "Function Scan" not in str(plan), look


def _day(number: int) -> datetime:
    return datetime(2023, 11, 11, tzinfo=UTC) + timedelta(days=number)
