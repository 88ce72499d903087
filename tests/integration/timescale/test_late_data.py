"""Late, repeated and contested readings in compressed chunks: written by key, and every rollup they touch is right."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.observation import ObservationBatch, RawMessage, Resolved
from ingest.model.time import DAY, HOUR, from_micros, to_micros
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.stores import TIMESCALEDB, Stores
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

METERS = 8
CITY = town(*(heat_meter("volume", name=f"m{number}", every="PT30M") for number in range(METERS)))
START = to_micros(datetime(2024, 2, 1, tzinfo=UTC))
HALF = HOUR // 2
DAYS = 60
AHEAD = np.arange(DAYS * 48) * HALF + START
LATE_DAY = np.arange(48) * HALF + START + 3 * DAY  # sixty days late, or nearly so
RECEIVED = START + DAYS * DAY
ROLLUPS = "select period, series_id, bucket, count, total, measured, estimated from rollup order by 1, 2, 3"


class CompressedStore(NamedTuple):
    """A store that has everything but one day, compressed and rolled up."""

    connection: Connection
    catalogue: Catalogue
    sink: Sink


@contextmanager
def opened(url: str) -> Iterator[CompressedStore]:
    with connect(url, "test") as connection:
        connection.autocommit = True
        catalogue = sync(connection, [parse(CITY, "harbour.yaml")])
        yield CompressedStore(connection, catalogue, Sink(connection, catalogue, "mqtt"))


@pytest.fixture(scope="module")
def filled_url(stores: Stores) -> Iterator[str]:
    """Return the URL of such a store, to copy: to fill and compress it takes longest."""
    with stores[TIMESCALEDB].database(is_migrated=True) as url:
        with opened(url) as (connection, catalogue, sink):
            write(sink, catalogue, np.setdiff1d(AHEAD, LATE_DAY))
            roll_up(connection, catalogue)
            compress(connection)
        yield url


@pytest.fixture
def own(stores: Stores, filled_url: str) -> Iterator[CompressedStore]:
    """Return such a store of this test's own."""
    with stores[TIMESCALEDB].copied(filled_url) as url, opened(url) as kept:
        yield kept


@pytest.fixture(scope="module")
def shared(stores: Stores, filled_url: str) -> Iterator[CompressedStore]:
    """Return such a store of the tests that leave its values and its rollups as they are."""
    with stores[TIMESCALEDB].copied(filled_url) as url, opened(url) as kept:
        yield kept


def test_a_day_that_arrives_late_corrects_its_hours_its_day_and_its_month(own: CompressedStore) -> None:
    connection, catalogue, sink = own
    assert write(sink, catalogue, LATE_DAY) == Receipt(stored=METERS * len(LATE_DAY))
    roll_up(connection, catalogue)
    late = connection.execute(ROLLUPS).fetchall()
    connection.execute("truncate observation, observation_mark, rollup_row, rollup_block, rollup_mark")
    write(Sink(connection, catalogue, "mqtt"), catalogue, AHEAD)
    roll_up(connection, catalogue)
    assert late == connection.execute(ROLLUPS).fetchall()
    assert {row[0] for row in late} == {"hour", "day", "month"}


def test_five_thousand_readings_that_are_known_already_change_nothing(shared: CompressedStore) -> None:
    connection, catalogue, sink = shared
    known = np.setdiff1d(AHEAD, LATE_DAY)[::4][: 5000 // METERS]
    before, opened = connection.execute(ROLLUPS).fetchall(), partly_compressed(connection)
    expected = Receipt(duplicate=5000)
    assert [write(sink, catalogue, known, is_redelivery=flag) for flag in (False, True)] == [expected, expected]
    assert connection.execute("select count(*) from observation_mark").fetchone() == (0,)
    assert connection.execute(ROLLUPS).fetchall() == before
    assert partly_compressed(connection) == opened


def test_corrections_spread_over_more_batches_than_one_statement_may_open_are_all_kept(own: CompressedStore) -> None:
    connection, catalogue, sink = own
    connection.execute("set timescaledb.max_tuples_decompressed_per_dml_transaction = 1000")
    corrected = np.setdiff1d(AHEAD, LATE_DAY)[::700]
    receipt = write(sink, catalogue, corrected, value=1_000_000.0)
    assert receipt == Receipt(conflict=METERS * len(corrected))
    raised = connection.execute("select count(*) from observation where value = 1000000").fetchone()
    assert raised == (METERS * len(corrected),)
    assert connection.execute("select count(*) from observation").fetchone() == (
        METERS * len(np.setdiff1d(AHEAD, LATE_DAY)),
    )
    assert write(sink, catalogue, corrected, value=1_000_000.0).duplicate == METERS * len(corrected)


def test_a_better_claim_to_a_known_reading_is_kept(shared: CompressedStore) -> None:
    connection, catalogue, sink = shared
    (known,) = np.setdiff1d(AHEAD, LATE_DAY)[777:778].tolist()
    write(sink, catalogue, np.array([known]), received_at=RECEIVED - HOUR)
    found = connection.execute("select distinct received_at from observation where time = %s", [from_micros(known)])
    assert found.fetchall() == [(from_micros(RECEIVED - HOUR),)]


def test_a_window_read_from_compressed_chunks_holds_what_was_written(shared: CompressedStore) -> None:
    connection, catalogue, _ = shared
    before = connection.execute(ROLLUPS).fetchall()
    connection.execute("truncate rollup_row, rollup_block")
    connection.execute(
        "insert into observation_mark (series_id, from_time, to_time)"
        " select series_id, min(time), max(time) from observation group by 1"
    )
    roll_up(connection, catalogue)
    assert connection.execute(ROLLUPS).fetchall() == before


def write(
    sink: Sink,
    catalogue: Catalogue,
    times: np.ndarray,
    *,
    value: float | None = None,
    received_at: int = RECEIVED,
    is_redelivery: bool = False,
) -> Receipt:
    series = np.repeat(np.array(sorted(catalogue.series), np.int64), len(times))
    time = np.tile(times.astype(np.int64), METERS)
    ones = np.ones(len(time), np.int64)
    counted = np.asarray(100.0 + (time - START) / HOUR + series if value is None else ones * value, np.float64)
    batch = ObservationBatch(series, time, counted, ones * received_at, ones * 0, ones * 0)
    return sink.write(Resolved(batch), [RawMessage("t", b"p", received_at)], is_redelivery=is_redelivery)


def roll_up(connection: Connection, catalogue: Catalogue) -> None:
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    while worker.cycle().spans:
        pass


def compress(connection: Connection) -> None:
    connection.execute("select compress_chunk(chunk) from show_chunks('observation') as chunk")
    assert connection.execute(
        "select bool_and(is_compressed), count(*) > 1 from timescaledb_information.chunks"
        " where hypertable_name = 'observation'"
    ).fetchone() == (True, True)


def partly_compressed(connection: Connection) -> int:
    """Return how many readings lie in compressed chunks uncompressed."""
    chunks = connection.execute("select chunk::text from show_chunks('observation') as chunk").fetchall()
    counts = [connection.execute(b"select count(*) from only " + chunk.encode()).fetchone() for (chunk,) in chunks]
    return sum(count[0] for count in counts if count)
