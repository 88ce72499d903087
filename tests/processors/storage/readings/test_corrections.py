"""What people correct stands above what is reported, beside it, and can be taken back."""

import json

import pytest

from ingest.model.catalogue import Catalogue, Series
from ingest.model.observation import RawMessage
from ingest.model.time import HOUR, from_micros
from processors.intake.stream import Stream
from processors.storage.database import Connection
from processors.storage.readings import corrections, ledger
from processors.storage.readings.corrections import Corrected, CorrectionEntry
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import load
from tests.processors.test_revisions import METER, NOON, TOPIC
from tests.towns import town

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("catalogue")]

CITY = town(METER)


@pytest.fixture
def store() -> str:
    return "postgresql"


@pytest.fixture
def series(catalogue: Catalogue) -> Series:
    return catalogue.devices["harbour", "meter"].series["electricity_energy"]


def _send(connection: Connection, *values: float, revision: float | None = None) -> None:
    catalogue = load(connection)
    more = {} if revision is None else {"revision": revision}
    samples = [
        {"time": (NOON + hour * HOUR) // 1000, "values": {"electricity_energy": value}} | more
        for hour, value in enumerate(values)
    ]
    stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue)
    stream.accept([RawMessage(TOPIC, json.dumps(samples).encode(), NOON + 24 * HOUR)])


def _correct(connection: Connection, series: Series, value: float, hours: tuple[int, int], entered: int) -> int:
    entry = CorrectionEntry(series, NOON + hours[0] * HOUR, NOON + hours[1] * HOUR, value, "A. Larsen", "read on site")
    readings = corrections.corrected(connection, entry) or [Corrected(from_micros(entry.start), None)]
    return corrections.enter(connection, entry, readings, entered)


def _values(connection: Connection) -> list[float]:
    return [value for (value,) in connection.execute("select value from observation order by time")]


def _marked(connection: Connection) -> int:
    return len(connection.execute("delete from observation_mark returning 1").fetchall())


def test_a_correction_holds_for_the_readings_of_its_span_and_they_are_computed_again(
    connection: Connection, series: Series
) -> None:
    _send(connection, 2.0, 3.9, 2.0)
    _marked(connection)
    _correct(connection, series, 1.1, (1, 2), entered=NOON)
    assert _values(connection) == [2.0, 1.1, 2.0]
    assert _marked(connection) == 1
    _correct(connection, series, 2.5, (0, 3), entered=NOON + 1)
    assert _values(connection) == [2.5, 2.5, 2.5]


def test_nothing_that_is_reported_afterwards_displaces_a_correction(connection: Connection, series: Series) -> None:
    _send(connection, 3.9)
    _correct(connection, series, 1.1, (0, 1), entered=NOON)
    _send(connection, 3.9)
    _send(connection, 8.0, revision=1e15)
    assert _values(connection) == [1.1]


def test_a_withdrawn_correction_leaves_what_was_reported_as_if_it_had_not_been_entered(
    connection: Connection, series: Series
) -> None:
    _send(connection, 3.9, 2.0)
    number = _correct(connection, series, 2.0, (0, 2), entered=NOON)
    _send(connection, 5.0, revision=1.0)
    _marked(connection)
    assert corrections.withdraw(connection, number, "B. Holm", "the meter next door", NOON + HOUR)
    assert _values(connection) == [5.0, 2.0]
    assert _marked(connection) == 1
    assert not corrections.withdraw(connection, number, "B. Holm", "again", NOON + HOUR)


def test_an_earlier_correction_to_the_same_value_outlives_a_later_one(connection: Connection, series: Series) -> None:
    _send(connection, 3.9, 3.9)
    first = _correct(connection, series, 1.1, (0, 1), entered=NOON)
    second = _correct(connection, series, 1.1, (0, 2), entered=NOON + 1)
    assert corrections.withdraw(connection, second, "B. Holm", "one of them only", NOON + 2)
    assert _values(connection) == [1.1, 3.9]
    assert corrections.withdraw(connection, first, "B. Holm", "none of them", NOON + 3)
    assert _values(connection) == [3.9, 3.9]


def test_a_reading_that_is_missing_can_be_supplied_and_taken_away_again(connection: Connection, series: Series) -> None:
    _send(connection, 2.0)
    _marked(connection)
    number = _correct(connection, series, 1.5, (1, 2), entered=NOON)
    assert _values(connection) == [2.0, 1.5]
    assert _marked(connection) == 1
    corrections.withdraw(connection, number, "B. Holm", "it was not", NOON + 1)
    assert _values(connection) == [2.0]
    assert _marked(connection) == 1


def test_corrections_are_listed_with_who_and_why_and_the_ledger_balances(
    connection: Connection, series: Series
) -> None:
    _send(connection, 3.9)
    number = _correct(connection, series, 1.1, (0, 1), entered=NOON)
    corrections.withdraw(connection, number, "B. Holm", "the meter next door", NOON + 1)
    (one,) = corrections.listed(connection, "harbour", "meter")
    assert (one.value, one.readings, one.author, one.reason) == (1.1, 1, "A. Larsen", "read on site")
    assert (one.withdrawn_by, one.withdrawn_for) == ("B. Holm", "the meter next door")
    accounts = {account.source: account for account in ledger.accounts(connection)}
    assert accounts["correction"].conflict == 1
    assert all(account.is_balanced for account in accounts.values())
