"""The value that was issued last is the one that holds, whatever its size and whatever came first."""

import json
from itertools import permutations
from pathlib import Path

import pytest

from ingest.history.mapping import load
from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.observation import RawMessage
from ingest.model.time import HOUR
from processors.intake.replay import History
from processors.intake.stream import Stream
from processors.storage.database import Connection
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import load as registered
from processors.storage.registry.registry import sync
from tests.towns import electricity_meter, sending, town

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("catalogue")]

METER = electricity_meter(sending("electricity_energy", kind="interval"))
CITY = town(METER)
NOON = 1_795_262_400_000_000
TOPIC = "pharos/v1/harbour/meter/telemetry"
MAPPING = """
name: supplier
source: made up
time: {column: time}
device: {native_id: meter}
values: [{column: kwh, quantity: electricity_energy}]
"""


@pytest.fixture
def store() -> str:
    return "postgresql"


def _send(connection: Connection, value: float, revision: object = None, source: str = "mqtt") -> Receipt:
    catalogue = registered(connection)
    document = {"time": NOON // 1000, "values": {"electricity_energy": value}}
    payload = json.dumps(document | ({} if revision is None else {"revision": revision})).encode()
    return Stream(Sink(connection, catalogue, source), catalogue).accept([RawMessage(TOPIC, payload, NOON + HOUR)])


def _effective(connection: Connection) -> list[float]:
    return [value for (value,) in connection.execute("select value from observation")]


def _given(connection: Connection) -> list[float]:
    return [value for (value,) in connection.execute("select value from conflict order by value")]


def _forget(connection: Connection) -> None:
    connection.execute("truncate observation, conflict, ledger, observation_mark")


def test_a_later_value_wins_in_either_direction_and_in_every_order(connection: Connection) -> None:
    issued = [(3.9, "2026-11-22T06:00:00Z"), (1.1, "2026-11-23T06:00:00+01:00"), (2.0, None), (9.9, None)]
    for order in permutations(issued):
        _forget(connection)
        for value, revision in order:
            _send(connection, value, revision)
        assert _effective(connection) == [1.1], order
        assert _given(connection) == [1.1, 2.0, 3.9, 9.9]


def test_a_former_value_that_comes_again_is_a_duplicate_and_does_not_come_back(connection: Connection) -> None:
    assert _send(connection, 3.9, 1) == Receipt(stored=1)
    assert _send(connection, 1.1, 2) == Receipt(conflict=1)
    assert _send(connection, 3.9, 1) == Receipt(duplicate=1)
    assert _send(connection, 9.9) == Receipt(conflict=1)
    assert _effective(connection) == [1.1]


def test_a_former_value_that_is_issued_anew_holds_again(connection: Connection) -> None:
    for value, revision in ((3.9, 1), (1.1, 2), (3.9, 3)):
        _send(connection, value, revision)
    assert _effective(connection) == [3.9]
    _send(connection, 1.1, 2)
    assert _effective(connection) == [3.9]


def test_a_revision_of_the_value_that_is_stored_counts_though_nothing_changes(connection: Connection) -> None:
    _send(connection, 1.1)
    assert _send(connection, 1.1, 5) == Receipt(duplicate=1)
    _send(connection, 3.9, 4)
    assert _effective(connection) == [1.1]


def test_readings_without_a_revision_leave_nothing_beside_them(connection: Connection) -> None:
    _send(connection, 1.1)
    _send(connection, 1.1)
    assert _given(connection) == []


def test_the_rank_that_a_city_declares_decides_before_the_revision_and_about_what_is_stored(
    connection: Connection,
) -> None:
    _send(connection, 3.9, 7)
    _send(connection, 1.1, 2, "replay:settlement")
    assert _effective(connection) == [3.9]
    connection.execute("truncate observation_mark")
    sync(connection, [parse(town(METER, sources={"replay:settlement": 10}), "harbour.yaml")])
    assert _effective(connection) == [1.1]
    assert len(connection.execute("select from observation_mark").fetchall()) == 1
    sync(connection, [parse(CITY, "harbour.yaml")])
    assert _effective(connection) == [3.9]


def _replay(connection: Connection, folder: Path, lines: str, now: int, mapping: str = MAPPING) -> Receipt:
    (folder / "supplier.yaml").write_text(mapping)
    (folder / "data.csv").write_text(lines)
    catalogue: Catalogue = registered(connection)
    stream = Stream(Sink(connection, catalogue, "replay:supplier"), catalogue)
    history = History(load(folder / "supplier.yaml"), catalogue, "harbour")
    return sum((receipt for _, receipt in history.replay(folder / "data.csv", stream, now)), Receipt())


def test_a_column_of_a_file_may_say_when_its_values_were_issued(connection: Connection, tmp_path: Path) -> None:
    mapping = f"{MAPPING}revision: {{column: issued}}\n"
    for issued, value in (("2026-11-24T00:00:00Z", 1.1), ("2026-11-23T00:00:00Z", 3.9), ("", 7.0)):
        lines = f"time,kwh,issued\n2026-11-21T12:00:00Z,{value},{issued}\n"
        _replay(connection, tmp_path, lines, NOON + HOUR, mapping)
    assert _effective(connection) == [1.1]


def test_a_file_may_be_given_one_revision(connection: Connection, tmp_path: Path) -> None:
    lines = "time,kwh\n2026-11-21T12:00:00Z,{}\n"
    _replay(connection, tmp_path, lines.format(1.1), NOON + HOUR, f"{MAPPING}revision: 2026-11-24T00:00:00Z\n")
    _replay(connection, tmp_path, lines.format(3.9), NOON + 2 * HOUR, f"{MAPPING}revision: '2026-11-23T00:00:00Z'\n")
    assert _effective(connection) == [1.1]


def test_a_file_that_somebody_loads_later_corrects_what_was_loaded_before(
    connection: Connection, tmp_path: Path
) -> None:
    lines = "time,kwh\n2026-11-21T12:00:00Z,{}\n"
    assert _replay(connection, tmp_path, lines.format(3.9), NOON + HOUR) == Receipt(stored=1)
    assert _replay(connection, tmp_path, lines.format(1.1), NOON + 2 * HOUR) == Receipt(conflict=1)
    assert _effective(connection) == [1.1]
    assert _replay(connection, tmp_path, lines.format(3.9), NOON + 3 * HOUR) == Receipt(duplicate=1)
    assert _effective(connection) == [1.1]
