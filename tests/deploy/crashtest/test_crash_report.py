"""The verdict notices what is lost, doubled, changed or miscounted: shown on a real database, one sin at a time."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from deploy.crashtest.crash_report import CrashReport, compare
from ingest.model.city.city_file import parse
from ingest.model.observation import RawMessage
from processors.intake.stream import Stream
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.readings.sink import Sink
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from simulators.load import Load, Packets
from simulators.load_generator import LoadGenerator
from simulators.noise import IntColumn

LOAD = Load("crashtest", devices=3, begin=1_780_000_000_000_000, step=60_000_000)
MESSAGES = 300


class Record(LoadGenerator):
    """A generator that has published all its messages, as its record tells it."""

    def __init__(self) -> None:
        super().__init__("mqtt://nobody", LOAD, MESSAGES)
        self._acknowledged[:] = True
        self._next = MESSAGES


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """Return a database in which every message of the load is stored and rolled up."""
    with closing(connect(database_url, "test")) as connection:
        catalogue = sync(connection, [parse(LOAD.city_file(), "load.yaml")])
        connection.commit()
        Stream(Sink(connection, catalogue, "mqtt"), catalogue).accept(_messages(np.arange(MESSAGES)))
        worker = RollupWorker(RollupStore(connection), CurrentCatalogue(connection))
        while worker.cycle().spans:
            pass
        yield connection


def _messages(numbers: IntColumn) -> list[RawMessage]:
    size = len(Packets(LOAD).of(np.array([0]), again=False))
    stream = Packets(LOAD).of(numbers, again=False)
    packets = [stream[begin : begin + size] for begin in range(0, len(stream), size)]
    length = int.from_bytes(packets[0][3:5], "big")
    return [
        RawMessage(packet[5 : 5 + length].decode(), packet[7 + length :], LOAD.begin + 10**12) for packet in packets
    ]


@pytest.mark.integration
def test_a_store_that_holds_exactly_what_was_acknowledged_passes(connection: Connection) -> None:
    verdict = compare(connection, Record())
    assert verdict == CrashReport(1200, 1200, 0, 0, 0, 1200, 1200, 0, 0, 0, 0)
    assert verdict.holds


@pytest.mark.integration
@pytest.mark.parametrize(
    ("sin", "broken"),
    [
        ("delete from observation where (series_id, time) = (select series_id, time from observation"
         " join series using (series_id) where quantity = 'volume' order by time limit 1)", 3),
        ("insert into observation select time + interval '1 us', received_at, value, series_id, source_id, quality"
         " from observation join series using (series_id) where quantity = 'volume' limit 1", 2),
        ("update observation set value = value + 1 where (series_id, time) = (select series_id, time from observation"
         " join series using (series_id) where quantity = 'heat_energy' order by time desc limit 1)", 2),
        ("update ledger set received = received + 1", 1),
        ("update ledger set stored = stored - 1, duplicate = duplicate + 1", 1),
        ("update ledger set received = received + 1, quarantined = quarantined + 1", 1),
        ("delete from rollup_hour where bucket = (select min(bucket) from rollup_hour)", 1),
    ],
)  # fmt: skip
def test_every_sin_breaks_as_many_claims_as_it_should(connection: Connection, sin: str, broken: int) -> None:
    connection.execute(sin.encode())
    verdict = compare(connection, Record())
    assert list(verdict.checks.values()).count(False) == broken
    assert not verdict.holds


def test_a_verdict_speaks_json() -> None:
    verdict = CrashReport(4, 4, 0, 0, 0, 8, 4, 4, 0, 0, 0)
    assert verdict.document()["holds"] is True
    assert replace(verdict, missing=1).document()["holds"] is False
