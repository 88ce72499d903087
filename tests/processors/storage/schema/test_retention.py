"""Dropping old readings changes no rollup, now or later, and is held back while one is still to be computed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.observation import ObservationBatch, RawMessage, Resolved
from ingest.model.time import DAY, HOUR, from_micros, to_micros
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.readings import ledger
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from processors.storage.schema import retention
from processors.storage.schema.retention import SHORTEST_DAYS, expire
from tests.processors.stored_readings import drain
from tests.stores import Stores
from tests.towns import heat_meter, sending, town

pytestmark = pytest.mark.integration

CITY = town(
    heat_meter("heat_energy", "return_temperature", sending("heat_power", kind="interval")),
    heat_meter(name="silent"),
    zone="Asia/Kolkata",
)
START = to_micros(datetime(2023, 1, 20, 0, 10, tzinfo=UTC))
DAYS = 100
NOW = from_micros(START) + timedelta(days=SHORTEST_DAYS + 70)
ROLLUPS = (
    "select period, series_id, bucket, count, total, integral, estimated, measured_to from rollup order by 1, 2, 3"
)


@pytest.fixture(scope="module")
def filled(stores: Stores) -> Iterator[Callable[[str], str]]:
    """Return what tells the URL of a database in a store, filled once for each test to copy."""
    with ExitStack() as databases:

        @cache
        def url_in(store: str) -> str:
            url = databases.enter_context(stores[store].database(is_migrated=True))
            with connect(url, "test") as connection:
                connection.autocommit = True
                _fill(connection)
            return url

        yield url_in


@pytest.fixture
def database_url(stores: Stores, store: str, filled: Callable[[str], str]) -> Iterator[str]:
    """Return the URL of a database with 100 days of a meter that reported every hour, and of one that hardly did."""
    with stores[store].copied(filled(store)) as url:
        yield url


@pytest.fixture
def catalogue(connection: Connection) -> Catalogue:
    """Return the catalogue of these meters."""
    return sync(connection, [parse(CITY, "harbour.yaml")])


def _fill(connection: Connection) -> None:
    """Store what they reported, and roll it up."""
    catalogue = sync(connection, [parse(CITY, "harbour.yaml")])
    often = catalogue.devices["harbour", "meter"].series.values()
    (seldom,) = catalogue.devices["harbour", "silent"].series.values()
    for series in often:
        _write(connection, catalogue, series.series_id, np.arange(DAYS * 24) * HOUR + START)
    _write(connection, catalogue, seldom.series_id, np.array([START, START + (DAYS - 3) * DAY]))
    _roll_up(connection, catalogue)
    connection.execute("truncate rollup_mark")


def test_rollups_stay_and_readings_go_but_for_the_last_of_each_series(
    connection: Connection, catalogue: Catalogue
) -> None:
    before = connection.execute(ROLLUPS).fetchall()
    expiry = expire(connection, SHORTEST_DAYS, NOW)
    assert expiry.horizon
    assert NOW - timedelta(days=SHORTEST_DAYS + 31) < expiry.horizon <= NOW - timedelta(days=SHORTEST_DAYS)
    left = "select series_id, count(*) from observation where time < %s group by 1 order by 1"
    assert connection.execute(left, [expiry.horizon]).fetchall() == [(one, 1) for one in sorted(catalogue.series)]
    assert expiry.kept == len(catalogue.series)
    assert connection.execute(ROLLUPS).fetchall() == before
    assert expire(connection, SHORTEST_DAYS, NOW).horizon is None


def test_where_a_register_was_before_a_glitch_is_kept(connection: Connection, catalogue: Catalogue) -> None:
    (seldom,) = catalogue.devices["harbour", "silent"].series.values()
    latest = NOW - timedelta(days=SHORTEST_DAYS)
    ((edge,),) = connection.execute("select observation_edge(%s)", [latest]).fetchall()
    connection.execute("delete from observation where series_id = %s", [seldom.series_id])
    for hours, value in ((-2, 5_000.0), (-1, 0.0), (1, 5_001.0)):
        connection.execute(
            "insert into observation select %s, %s, %s, %s, min(source_id), 0 from source",
            [edge + timedelta(hours=hours), NOW, value, seldom.series_id],
        )
    _compute_again(connection, catalogue)
    connection.execute("truncate rollup_mark")
    counted = connection.execute(ROLLUPS).fetchall()
    assert expire(connection, SHORTEST_DAYS, NOW).horizon == edge
    _compute_again(connection, catalogue)
    assert connection.execute(ROLLUPS).fetchall() == counted


def test_computing_everything_again_changes_nothing(connection: Connection, catalogue: Catalogue) -> None:
    before = connection.execute(ROLLUPS).fetchall()
    assert expire(connection, SHORTEST_DAYS, NOW).horizon
    _compute_again(connection, catalogue)
    assert connection.execute(ROLLUPS).fetchall() == before
    assert connection.execute("select count(*) from rollup_mark").fetchone() == (0,)


def test_a_late_reading_before_the_horizon_is_refused_and_rewrites_nothing(
    connection: Connection, catalogue: Catalogue
) -> None:
    before = connection.execute(ROLLUPS).fetchall()
    expire(connection, SHORTEST_DAYS, NOW)
    series = min(catalogue.series)
    early = START + 7 * DAY + 1
    receipt = _write(connection, catalogue, series, np.array([early, early + HOUR, START + DAYS * DAY]))
    assert receipt == Receipt(stored=1, quarantined=2)
    found = connection.execute("select reason, detail, readings from quarantine").fetchall()
    assert [(reason, readings) for reason, _, readings in found] == [("before_retention", 2)]
    assert "readings are kept since 2023-" in found[0][1]
    assert all(account.is_balanced for account in ledger.accounts(connection))
    _roll_up(connection, catalogue)
    after = connection.execute(ROLLUPS).fetchall()
    last_hour = from_micros(START + (DAYS - 2) * DAY)
    assert [row for row in after if row[0] == "hour" and row[2] < last_hour] == [
        row for row in before if row[0] == "hour" and row[2] < last_hour
    ]


def test_a_late_reading_after_the_horizon_counts_from_the_last_one_before_it(
    connection: Connection, catalogue: Catalogue
) -> None:
    horizon = expire(connection, SHORTEST_DAYS, NOW).horizon
    assert horizon
    (seldom,) = catalogue.devices["harbour", "silent"].series
    known = connection.execute(ROLLUPS).fetchall()
    late = to_micros(horizon) + 5 * DAY
    _write(connection, catalogue, catalogue.devices["harbour", "silent"].series[seldom].series_id, np.array([late]))
    _roll_up(connection, catalogue)
    changed = set(connection.execute(ROLLUPS).fetchall()) - set(known)
    assert changed
    assert all(isinstance(row[2], datetime) and row[2] >= horizon for row in changed if row[0] == "hour")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "insert into observation_mark (series_id, from_time, to_time) values (1, '2023-01-25', '2023-01-25')",
            "1 touched readings",
        ),
        ("insert into rollup_mark (series_id, from_time, to_time) values (1, '2023-01-25', '2023-01-25')", "1 changed"),
        (
            "insert into kpi_due (kpi, city_id, period, period_start, cause, urgency, since, shard)"
            " select 'heat_delivered', city_id, 'month', '2023-01-01', 'late data', 1, now(), 0 from city",
            "1 figures",
        ),
    ],
)
def test_nothing_is_dropped_while_something_is_to_be_computed_from_it(
    connection: Connection, catalogue: Catalogue, statement: str, words: str
) -> None:
    del catalogue
    connection.execute(statement.encode())
    expiry = expire(connection, SHORTEST_DAYS, NOW)
    assert expiry.horizon is None
    assert words in (expiry.held_by or "")
    assert connection.execute("select count(*) from observation").fetchone() == (3 * DAYS * 24 + 2,)


def test_less_than_a_year_is_not_kept_on_request(connection: Connection) -> None:
    with pytest.raises(ValueError, match="at least 400 days"):
        expire(connection, SHORTEST_DAYS - 1, NOW)


def test_nothing_is_asked_of_the_horizon_while_readings_are_young(connection: Connection) -> None:
    batch = _resolved(1, np.array([START]), received_at=START + 300 * DAY).batch
    connection.execute("drop table retention cascade")
    assert not retention.before_horizon(connection, batch).any()


def _write(connection: Connection, catalogue: Catalogue, series: int, time: np.ndarray) -> Receipt:
    sink = Sink(connection, catalogue, "mqtt")
    return sink.write(_resolved(series, time.astype(np.int64), to_micros(NOW)), [RawMessage("t", b"p", to_micros(NOW))])


def _resolved(series: int, time: np.ndarray, received_at: int) -> Resolved:
    ones = np.ones(len(time), np.int64)
    value = 50.0 + (time - START) / HOUR / 10
    return Resolved(ObservationBatch(ones * series, time, value, ones * received_at, ones * 0, ones * 0))


def _compute_again(connection: Connection, catalogue: Catalogue) -> None:
    connection.execute(
        "insert into observation_mark (series_id, from_time, to_time)"
        " select series_id, min(time), max(time) from observation group by 1"
    )
    _roll_up(connection, catalogue)


def _roll_up(connection: Connection, catalogue: Catalogue) -> None:
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
