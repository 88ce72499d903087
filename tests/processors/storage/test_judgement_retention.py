"""What dropped readings were judged to be stays, and nothing after the horizon is judged or computed differently."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.model.city.city_file import parse
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from processors.storage.schema.retention import SHORTEST_DAYS, expire
from tests.processors.stored_readings import drain
from tests.towns import device, town

pytestmark = pytest.mark.integration

CITY = town(device("station", "weather_station", "outdoor_temperature", site="roof"))
START = datetime(2023, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=SHORTEST_DAYS + 70)
SPIKES = (-1, 2, 40)  # hours after the horizon; the first is the last reading before it
ROLLUPS = "select period, bucket, count, minimum, maximum, integral, rejected from rollup order by 1, 2"
FLAGS = "select time, flags from reading_quality order by 1"


def _compute(connection: Connection) -> None:
    catalogue = sync(connection, [parse(CITY, "harbour.yaml")])
    connection.execute(
        "insert into observation_mark (series_id, from_time, to_time)"
        " select series_id, min(time), max(time) from observation group by 1"
    )
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))


def test_flags_stay_when_readings_are_dropped_and_computing_again_changes_nothing(connection: Connection) -> None:
    (series,) = sync(connection, [parse(CITY, "harbour.yaml")]).series
    connection.execute("select ensure_partitions(%s, %s)", (START, START + timedelta(days=80)))
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into observation (series_id, time, value, received_at, source_id, quality)"
            " values (%s, %s, %s, now(), 1, 0)",
            [(series, START + timedelta(hours=hour), 5.0 + hour % 3) for hour in range(24 * 80)],
        )
    ((edge,),) = connection.execute("select observation_edge(%s)", [NOW - timedelta(days=SHORTEST_DAYS)]).fetchall()
    spikes = [edge + timedelta(hours=hour) for hour in SPIKES]
    connection.execute("update observation set value = 55 where time = any(%s)", [spikes])
    _compute(connection)
    flags, rollups = connection.execute(FLAGS).fetchall(), connection.execute(ROLLUPS).fetchall()
    assert [time for time, _ in flags] == spikes
    connection.execute("truncate rollup_mark")
    assert expire(connection, SHORTEST_DAYS, NOW).horizon == edge
    kept = connection.execute("select time from observation where time < %s order by 1", [edge]).fetchall()
    assert kept == [(edge - timedelta(hours=2),), (edge - timedelta(hours=1),)]
    assert connection.execute(FLAGS).fetchall() == flags
    _compute(connection)
    assert connection.execute(FLAGS).fetchall() == flags
    assert connection.execute(ROLLUPS).fetchall() == rollups
