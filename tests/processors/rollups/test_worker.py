"""The rollup worker on a real database: whatever order readings arrive in, the rollups come out the same."""

from contextlib import closing
from datetime import timedelta
from random import Random

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.reading import ReadingKind
from ingest.model.time import HOUR, from_micros
from processors.errors import TransactionError
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.processors.rolled_up_city import START, declaring, reference, rollups, trace
from tests.processors.stored_readings import arrive, drain, roll_up_afresh, store
from tests.towns import heat_meter, sending, town

pytestmark = pytest.mark.integration

CITY = declaring()


@pytest.mark.parametrize("seed", range(4))
def test_order_batching_and_restarts_change_nothing(
    database_url: str, connection: Connection, catalogue: Catalogue, seed: int
) -> None:
    readings = trace(catalogue, seed)
    expected = reference(database_url, readings)
    random = Random(seed + 100)
    shuffled = sorted(readings, key=lambda reading: reading[1] + random.choice([0, 0, 0, 30]) * HOUR)
    arrive(
        shuffled,
        lambda some: store(connection, some),
        lambda: RollupWorker(RollupStore(connection), lambda: catalogue),
        random,
    )
    assert len(expected) > 100
    assert rollups(connection) == expected


@pytest.mark.parametrize("at_once", [1, 2, 7, 40])
def test_the_open_hour_that_readings_are_added_to_is_to_the_bit_what_recomputing_it_gives(
    database_url: str, connection: Connection, catalogue: Catalogue, at_once: int
) -> None:
    minutes = [minute for minute in range(113) if minute % 5 != 3]  # the second hour lacks its last minute
    readings = [
        (series, START + minute * 60_000_000, 100.0 + minute**1.5 / 3)
        for minute in minutes
        for series in catalogue.series
    ]
    expected = reference(database_url, readings)
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    step = at_once * len(catalogue.series)
    for first in range(0, len(readings), step):
        store(connection, readings[first : first + step])
        worker.cycle()
    assert rollups(connection) == expected


def test_open_hours_that_begin_at_other_minutes_in_other_zones_are_added_to_alike(connection: Connection) -> None:
    zones = {"denmark": "Europe/Copenhagen", "india": "Asia/Kolkata"}
    series = (sending("heat_energy", max_gap="PT10M"), sending("return_temperature", max_gap="PT10M", filling="PT10M"))
    cities = [parse(town(heat_meter(*series), name=name, zone=zone), name) for name, zone in zones.items()]
    catalogue = sync(connection, cities)
    connection.commit()
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    for minute in (*range(0, 80, 2), *range(100, 104, 2)):  # with a silence longer than their gap within an hour
        moment = START + minute * 60_000_000
        store(connection, [(one, moment, 100.0 + minute / 3) for one in catalogue.series])
        worker.cycle()
    added_to = rollups(connection)
    roll_up_afresh(connection, catalogue)
    assert added_to == rollups(connection)


def test_a_register_conserves_its_total_over_hours_days_and_months(
    connection: Connection, catalogue: Catalogue
) -> None:
    series = next(iter(catalogue.series))
    readings = [(series, START + index * 17 * 60_000_000, 5.0 + index * 0.37) for index in range(600)]
    store(connection, readings)
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    for period in ("hour", "day", "month"):
        total = connection.execute("select sum(total) from rollup where period = %s", (period,)).fetchone()
        assert total is not None
        assert total[0] == pytest.approx(readings[-1][2] - readings[0][2], rel=1e-9)


def test_a_late_reading_changes_only_the_hours_between_its_neighbours(
    connection: Connection, catalogue: Catalogue
) -> None:
    series = next(iter(catalogue.series))
    readings = [(series, START + index * HOUR, float(index * index)) for index in range(400)]
    late = readings.pop(200)
    store(connection, readings)
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    drain(worker)
    connection.execute("truncate rollup_mark")
    connection.execute("update rollup_row set updated_at = 'epoch'")
    connection.commit()
    store(connection, [late])
    drain(worker)
    extent = connection.execute("select min(from_time), max(to_time) from rollup_mark").fetchone()
    counted = connection.execute(
        "select period, count(*) from rollup_row where updated_at > 'epoch' group by 1"
    ).fetchall()
    touched: dict[str, int] = dict(counted)
    hours = timedelta(hours=1)
    assert extent is not None
    assert extent[0] >= from_micros(late[1]) - 2 * hours
    assert extent[1] <= from_micros(late[1]) + 2 * hours
    assert touched["hour"] <= 3
    assert touched["day"] <= 2


def test_marks_tell_which_hours_held_no_reading_before(connection: Connection, catalogue: Catalogue) -> None:
    series, hour, minute = next(iter(catalogue.series)), timedelta(hours=1), HOUR // 60
    start = START // HOUR * HOUR
    readings = [(series, start + index * 30 * minute, float(index)) for index in range(96)]
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    told = []
    for some in (readings[:41], readings[41:], [(series, readings[10][1] + 15 * minute, 10.2)]):
        connection.execute("truncate rollup_mark")
        store(connection, some)
        drain(worker)
        query = "select is_first, min(from_time), max(to_time) from rollup_mark group by is_first order by is_first"
        told.append(connection.execute(query).fetchall())
    edge = from_micros(start + 20 * HOUR)
    first, second, more = told

    assert first == [(True, from_micros(start), edge + hour)]
    assert second == [(False, edge, edge + hour), (True, edge + hour, from_micros(start + 48 * HOUR))]
    assert [is_first for is_first, *_ in more] == [False]


def test_hours_between_two_readings_were_read_before(connection: Connection, catalogue: Catalogue) -> None:
    series = next(one.series_id for one in catalogue.series.values() if one.kind is ReadingKind.REGISTER)
    start, second = START // HOUR * HOUR, HOUR // 3600
    store(
        connection, [(series, start + index * HOUR + (-1) ** index * 20 * second, float(index)) for index in range(48)]
    )
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    drain(worker)
    assert connection.execute("select count(*) from rollup where period = 'hour' and count = 0").fetchone() != (0,)
    connection.execute("update rollup_row set rejected = 1")
    connection.execute("truncate rollup_mark")
    connection.execute(
        "insert into observation_mark (series_id, from_time, to_time)"
        " select series_id, min(time), max(time) from observation group by 1"
    )
    drain(worker)

    assert connection.execute("select is_first, count(*) from rollup_mark group by 1").fetchall() == [(False, 1)]


def test_nothing_is_lost_when_the_worker_dies_in_the_middle(connection: Connection, catalogue: Catalogue) -> None:
    class DyingStore(RollupStore):
        def mark(self, changed: object, *, is_first: bool) -> None:
            del changed, is_first
            raise KeyboardInterrupt

    series = next(iter(catalogue.series))
    store(connection, [(series, START, 1.0), (series, START + HOUR, 2.0)])
    with pytest.raises(KeyboardInterrupt):
        RollupWorker(DyingStore(connection), lambda: catalogue).cycle()
    assert rollups(connection) == []
    assert RollupWorker(RollupStore(connection), lambda: catalogue).cycle().spans == 1
    assert rollups(connection)


def test_marks_of_series_that_left_the_city_file_do_not_stop_the_others(
    connection: Connection, catalogue: Catalogue
) -> None:
    known, gone = next(iter(catalogue.series)), 30_000
    store(connection, [(gone, START, 1.0), (known, START, 1.0), (known, START + HOUR, 2.0)])
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    drain(worker)
    assert {row[1] for row in rollups(connection)} == {known}
    assert connection.execute("select count(*) from observation_mark").fetchone() == (0,)


@pytest.mark.parametrize(
    "changed",
    [
        declaring(gap="PT20M"),
        declaring(filling="PT9H"),
        declaring(every="PT5M"),
        declaring(zone="Asia/Kolkata"),
        declaring(kind=ReadingKind.GAUGE),
    ],
    ids=["gap", "filling", "interval", "zone", "kind"],
)
def test_a_city_file_that_changes_what_readings_mean_is_as_if_it_had_always_been_so(
    connection: Connection, catalogue: Catalogue, changed: str
) -> None:
    worker = RollupWorker(RollupStore(connection), CurrentCatalogue(connection))
    store(connection, trace(catalogue, seed=5))
    drain(worker)
    sync(connection, [parse(changed, "testville.yaml")])
    connection.commit()
    drain(worker)
    found = rollups(connection)
    roll_up_afresh(connection, CurrentCatalogue(connection)())
    assert found == rollups(connection)


def test_what_a_cycle_did_is_committed_and_seen_by_others(
    database_url: str, connection: Connection, catalogue: Catalogue
) -> None:
    store(connection, trace(catalogue, seed=5))
    connection.commit()
    with closing(connect(database_url, "worker")) as its_own:
        drain(RollupWorker(RollupStore(its_own), CurrentCatalogue(its_own)))
        assert rollups(connection)


def test_a_cycle_inside_of_another_transaction_is_refused(connection: Connection, catalogue: Catalogue) -> None:
    store(connection, trace(catalogue, seed=5))
    worker = RollupWorker(RollupStore(connection), CurrentCatalogue(connection))
    with connection.transaction(), pytest.raises(TransactionError, match="not be committed"):
        worker.cycle()
    connection.autocommit = False
    connection.execute("select")  # which is enough to leave a transaction open
    with pytest.raises(TransactionError):
        worker.cycle()
    with pytest.raises(TransactionError):
        RollupStore(connection)
    connection.rollback()
    assert worker.cycle().spans


def test_hours_that_are_no_longer_known_are_told_to_the_indicators(
    connection: Connection, catalogue: Catalogue
) -> None:
    (series,) = (one.series_id for one in catalogue.series.values() if one.quantity == "return_temperature")
    worker = RollupWorker(RollupStore(connection), CurrentCatalogue(connection))
    store(connection, [(series, START, 40.0), (series, START + 2 * HOUR, 42.0)])
    drain(worker)
    connection.execute("truncate rollup_mark")
    sync(connection, [parse(declaring(gap="PT1H"), "testville.yaml")])
    drain(worker)
    silent = from_micros(START + HOUR)
    told = connection.execute("select count(*) from rollup_mark where %s between from_time and to_time", [silent])
    assert told.fetchone() == (1,)
