"""Meters behind a device, by the serial numbers that come with readings: the same whatever order they come in."""

import json
import re
from itertools import permutations
from threading import Thread

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.observation import RawMessage
from ingest.model.time import HOUR, from_micros
from processors.intake.stream import Stream
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.readings import ledger, meters
from processors.storage.readings.sink import Sink
from processors.storage.registry import current_catalogue
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.rollups.rollups import RollupStore
from tests.processors.stored_readings import drain
from tests.towns import heat_meter, town

pytestmark = [pytest.mark.integration, pytest.mark.plain_tables]

CITY = town(heat_meter())
NOON = 1_795_262_400_000_000
READ = [("a", 0, 10.0), ("a", 1, 11.0), ("b", 2, 500.0), ("b", 3, 501.0), ("c", 4, 90.0), ("c", 5, 92.0)]


def message(serial: str | None, hour: int, value: float) -> RawMessage:
    time = NOON + hour * HOUR
    document = {"time": time // 1000, "values": {"heat_energy": value}, "serial_number": serial}
    return RawMessage("pharos/v1/harbour/meter/telemetry", json.dumps(document).encode(), NOON + 9 * HOUR)


def stream(connection: Connection, catalogue: Catalogue) -> Stream:
    return Stream(Sink(connection, catalogue, "mqtt"), catalogue)


def roll_up(connection: Connection) -> None:
    drain(RollupWorker(RollupStore(connection), CurrentCatalogue(connection)))


def total(connection: Connection) -> float:
    row = connection.execute("select sum(total) from rollup where period = 'month'").fetchone()
    assert row is not None
    return float(row[0])


def test_any_order_of_meters_ends_in_the_same_hours(connection: Connection, catalogue: Catalogue) -> None:
    for order in [*permutations(READ)][::97]:
        connection.execute("truncate observation, observation_mark, rollup_row, rollup_block, meter")
        ingest = stream(connection, catalogue)
        worker = RollupWorker(RollupStore(connection), CurrentCatalogue(connection))
        for read in order:
            ingest.accept([message(*read)])
            worker.cycle()
        assert meters.changes(connection) == {
            ("harbour", "meter"): [from_micros(NOON + 2 * HOUR), from_micros(NOON + 4 * HOUR)]
        }
        assert total(connection) == 1.0 + 1.0 + 2.0


def test_the_earliest_meter_of_a_device_replaces_none(connection: Connection, catalogue: Catalogue) -> None:
    stream(connection, catalogue).accept([message("a", hour, 10.0 + hour) for hour in range(3)])
    assert meters.changes(connection) == {}
    roll_up(connection)
    assert total(connection) == 2.0


def test_what_was_not_committed_is_not_remembered(
    connection: Connection, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = stream(connection, catalogue)
    ingest.accept([message("a", 0, 10.0)])
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "post", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ingest.accept([message("b", 1, 500.0)])
    assert meters.changes(connection) == {}
    ingest.accept([message("b", 1, 500.0)])
    assert meters.changes(connection) == {("harbour", "meter"): [from_micros(NOON + HOUR)]}


def test_a_reading_that_is_refused_says_nothing_of_the_meter(connection: Connection, catalogue: Catalogue) -> None:
    stream(connection, catalogue).accept([message("a", 0, 10.0), message("b", -(10**6), 11.0), message("c", 99, 1.0)])
    assert connection.execute("select serial_number from meter").fetchall() == [("a",)]


def test_the_catalogue_is_read_again_when_a_replacement_changes_and_at_no_other_meter(
    connection: Connection, catalogue: Catalogue
) -> None:
    ingest, current = stream(connection, catalogue), CurrentCatalogue(connection)

    def is_read_again(*sighted: tuple[str, int, float]) -> bool:
        before = current()
        ingest.accept([message(*one) for one in sighted])
        return current() is not before

    assert not is_read_again(("b", 5, 500.0))  # the first one replaces none
    assert not is_read_again(("b", 4, 499.0))
    assert not is_read_again(("b", 6, 501.0))
    assert is_read_again(("c", 8, 90.0))
    assert not is_read_again(("b", 3, 498.0))  # c replaced it when it did
    assert is_read_again(("c", 7, 89.0))
    assert is_read_again(("a", 2, 11.0))
    assert not is_read_again(("a", 1, 10.0), ("c", 9, 91.0))
    assert meters.changes(connection) == {
        ("harbour", "meter"): [from_micros(NOON + 3 * HOUR), from_micros(NOON + 7 * HOUR)]
    }


def test_whether_the_catalogue_is_to_be_read_again_is_told_without_looking_at_meters(connection: Connection) -> None:
    plan = connection.execute(b"explain " + current_catalogue.SQL["registry_version"].encode()).fetchall()
    assert {found for (row,) in plan for found in re.findall(r"Scan.* on (\w+)", row)} == {"city", "meter_version"}


@pytest.mark.concurrent
def test_two_writers_that_meet_mark_every_change(
    database_url: str, connection: Connection, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(database_url, "other") as other:
        later = Thread(target=lambda: stream(other, catalogue).accept([message("b", 2, 500.0)]))
        post = ledger.post

        def meanwhile(*given: object) -> None:
            post(*given)  # type: ignore[arg-type]  # as it was called
            monkeypatch.setattr(ledger, "post", post)
            later.start()
            later.join(0.3)  # it waits for the lock

        monkeypatch.setattr(ledger, "post", meanwhile)
        stream(connection, catalogue).accept([message("a", 1, 11.0)])
        later.join(20)
    roll_up(connection)
    assert total(connection) == 0.0
