"""Tiers and gaps in the database: an existing one computes them at the next start, as far as readings are left."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.processors.stored_readings import drain
from tests.stores import POSTGRESQL, TIMESCALEDB
from tests.towns import heat_meter, sending, town

pytestmark = pytest.mark.integration
BOTH_STORES = pytest.mark.parametrize("store", [POSTGRESQL, TIMESCALEDB])

POWER = sending("heat_power", kind="interval")
CITY = town(heat_meter("heat_energy", "return_temperature", POWER, every="PT15M"), name="testville")
COLUMNS = "period, series_id, bucket, interpolated, estimated_time, pause, first_at, last_at, measured, count"
START = datetime(2024, 3, 30, 3, tzinfo=UTC)
Row = tuple[object, ...]


@pytest.fixture
def catalogue(connection: Connection) -> Catalogue:
    """Return the catalogue of a city with two days of readings, over a night of 23 hours, and ten silent hours."""
    catalogue = sync(connection, [parse(CITY, "testville.yaml")])
    times = [START + timedelta(minutes=15 * index) for index in range(160) if not 36 < index < 76]
    connection.execute("select ensure_partitions(%s, %s)", (times[0], times[-1]))
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into observation (series_id, time, value, received_at, source_id, quality)"
            " values (%s, %s, %s, now(), 1, 0)",
            [(series, time, float(index)) for series in catalogue.series for index, time in enumerate(times)],
        )
    _mark(connection)
    _settle(connection, catalogue)
    return catalogue


@BOTH_STORES
@pytest.mark.usefixtures("catalogue")
def test_what_was_computed_before_is_computed_again_at_the_next_start(connection: Connection) -> None:
    expected = _rows(connection)
    _forget(connection)
    assert _rows(connection) != expected
    _settle(connection, sync(connection, [parse(CITY, "testville.yaml")]))
    assert _rows(connection) == expected
    assert {row[5] for row in expected if row[0] == "month"} == {36_000.0}


@BOTH_STORES
@pytest.mark.usefixtures("catalogue")
def test_the_ten_silent_hours_are_told_apart_by_what_a_series_is(connection: Connection) -> None:
    found = connection.execute(
        "select quantity, sum(interpolated), sum(estimated_time), max(pause) from rollup join series using (series_id)"
        " where period = 'day' group by 1"
    ).fetchall()
    assert sorted(found) == [
        ("heat_energy", 0.0, 36_000.0, 36_000.0),
        ("heat_power", 0.0, 0.0, 36_000.0),
        ("return_temperature", 0.0, 0.0, 36_000.0),
    ]


@pytest.mark.usefixtures("catalogue")
def test_what_nobody_can_compute_again_stays_unknown_and_so_does_what_it_is_part_of(connection: Connection) -> None:
    horizon = START + timedelta(hours=26)
    _forget(connection)
    connection.execute("insert into retention (horizon, kept) values (%s, 0)", [horizon])
    connection.execute("delete from observation where time < %s", [horizon - timedelta(minutes=15)])
    _settle(connection, sync(connection, [parse(CITY, "testville.yaml")]))
    hours = connection.execute("select bucket >= %s, pause is null from rollup where period = 'hour'", [horizon])
    assert set(hours) == {(False, True), (True, False)}
    longer = connection.execute(
        "select period, pause, interpolated, estimated_time, measured > 0 from rollup"
        " where period = 'month' or period = 'day' and bucket < %s and bucket_end > %s",
        [horizon, horizon],
    ).fetchall()
    assert set(longer) == {("day", None, None, None, True), ("month", None, None, None, True)}


@pytest.mark.usefixtures("catalogue")
def test_the_views_of_dashboards_tell_the_same(connection: Connection) -> None:
    (day,) = connection.execute(
        "select measured_share, interpolated_share, estimated_share, unknown_share, longest_gap_s, readings,"
        " expected_readings, count_coverage from grafana.series"
        " where quantity = 'heat_energy' and period = 'day' and time < %s",
        [START],
    ).fetchall()
    # 30 March: read from 4:00 to 13:00 local time, and again from 23:00 on.
    assert day[:4] == pytest.approx((10 / 24, 0.0, 10 / 24, 4 / 24))
    assert day[4:] == (36_000.0, 41, 96.0, pytest.approx(41 / 96))


def _mark(connection: Connection) -> None:
    connection.execute(
        "insert into observation_mark (series_id, from_time, to_time)"
        " select series_id, min(time), max(time) from observation group by 1"
    )


def _forget(connection: Connection) -> None:
    """Leave the database as an older version left it."""
    nothing = "interpolated = null, estimated_time = null, pause = null, first_at = null, last_at = null"
    connection.execute(f"update rollup_row set {nothing}")  # noqa: S608 - constants
    connection.execute("update series set filling = null")


def _settle(connection: Connection, catalogue: Catalogue) -> None:
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))


def _rows(connection: Connection) -> list[Row]:
    return connection.execute(f"select {COLUMNS} from rollup order by 1, 2, 3").fetchall()  # noqa: S608 - constants
