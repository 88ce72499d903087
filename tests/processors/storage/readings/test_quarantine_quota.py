"""Beyond its quota a sender's refused messages are counted and not kept, and the ledger adds up all the same."""

from collections.abc import Iterator

import pytest

from ingest.model.observation import RawMessage
from ingest.model.time import DAY, SECOND, from_micros
from processors.intake.stream import Stream
from processors.storage.database import Connection, connect
from processors.storage.readings import ledger
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.quarantine import Filter, Quarantined, expire, find
from processors.storage.readings.quarantine_quota import Quota
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from tests import towns
from tests.processors.storage.test_quarantine_expiry import NOON, NOWHERE

pytestmark = [pytest.mark.integration, pytest.mark.plain_tables]


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as connection:
        yield connection


def refuse(connection: Connection, quota: Quota, *payloads: bytes, at: int = NOON) -> Receipt:
    """Refuse what a device of a city file says."""
    catalogue = sync(connection, [towns.city(towns.heat_meter(name="m1"))])
    connection.commit()
    stream = Stream(Sink(connection, catalogue, "mqtt", quota), catalogue)
    return stream.accept([RawMessage("pharos/v1/harbour/m1/telemetry", payload, at) for payload in payloads])


def unknown(connection: Connection, quota: Quota, *said: tuple[str, bytes]) -> None:
    """Refuse what strangers say, each on a topic of its own, a second after one another."""
    stream = Stream(Sink(connection, NOWHERE, "mqtt", quota), NOWHERE)
    for second, (topic, payload) in enumerate(said):
        stream.accept([RawMessage(topic, payload, NOON + second * SECOND)])


def kept(connection: Connection) -> list[Quarantined]:
    found = [one for one in find(connection, Filter()) if not one.is_summary]
    connection.commit()  # what is written next begins a transaction of its own
    return found


def summaries(connection: Connection) -> list[Quarantined]:
    return [one for one in find(connection, Filter()) if one.is_summary]


def account(connection: Connection) -> tuple[int, int, int]:
    (found,) = (one for one in ledger.accounts(connection) if one.received)
    assert found.is_balanced
    return found.received, found.quarantined, found.duplicate


def test_messages_beyond_the_quota_are_counted_in_one_row_without_their_words(connection: Connection) -> None:
    receipt = refuse(connection, Quota(messages=2), *(b"rubbish %d" % number for number in range(5)))
    assert receipt == Receipt(quarantined=5)
    assert len(kept(connection)) == 2
    (summary,) = summaries(connection)
    assert (summary.readings, summary.occurrences, summary.payload, summary.detail) == (3, 3, None, None)
    assert account(connection) == (5, 5, 0)


def test_bytes_are_bounded_as_messages_are(connection: Connection) -> None:
    refuse(connection, Quota(size=250), b"a" * 100, b"b" * 100, b"c" * 100)
    assert sum(len(one.payload or b"") for one in kept(connection)) == 200
    assert [one.readings for one in summaries(connection)] == [1]


def test_later_messages_add_to_the_same_row(connection: Connection) -> None:
    for number in range(4):
        refuse(connection, Quota(messages=1), b"rubbish %d" % number)
    (summary,) = summaries(connection)
    assert (len(kept(connection)), summary.readings, summary.occurrences) == (1, 3, 3)
    assert account(connection) == (4, 4, 0)


def test_a_kept_message_that_comes_again_beyond_the_quota_is_a_duplicate(connection: Connection) -> None:
    refuse(connection, Quota(messages=1), b"first", b"second", b"third")
    (one,) = kept(connection)
    refuse(connection, Quota(messages=1), one.payload or b"")
    assert account(connection) == (4, 3, 1)
    assert [again.occurrences for again in kept(connection)] == [2]


def test_what_has_expired_makes_room_and_comes_back_only_where_there_is_room(connection: Connection) -> None:
    refuse(connection, Quota(messages=1), b"old", at=NOON - 91 * DAY)
    expire(connection, from_micros(NOON - 90 * DAY))
    refuse(connection, Quota(messages=1), b"new")
    refuse(connection, Quota(messages=1), b"old")
    assert {one.payload for one in kept(connection)} == {b"new", None}
    assert summaries(connection) == []
    assert account(connection) == (3, 2, 1)


def test_the_sum_of_what_quarantine_holds_is_what_the_ledger_says(connection: Connection) -> None:
    for number in range(20):
        refuse(connection, Quota(messages=3, size=40), *(b"%d of %d" % (each, number) for each in range(number % 5)))
    rows = connection.execute("select sum(readings) from quarantine").fetchone()
    assert rows == (account(connection)[1],)


def test_of_a_stranger_the_newest_is_kept_and_the_rest_counted_under_its_name(connection: Connection) -> None:
    unknown(connection, Quota(messages=20), *(("acme/m1", b"%d" % number) for number in range(5)), ("acme/m2", b"x"))
    assert {(one.topic, one.payload) for one in kept(connection)} == {
        ("acme/m1", b"3"),
        ("acme/m1", b"4"),
        ("acme/m2", b"x"),
    }
    (summary,) = summaries(connection)
    assert (summary.occurrences, summary.readings, summary.first_received_at) == (3, 3, from_micros(NOON))
    assert connection.execute("select origin from quarantine where is_summary").fetchone() == ("acme/m1",)
    assert account(connection) == (6, 6, 0)


def test_names_that_anybody_can_invent_fill_no_more_than_one_device_may(connection: Connection) -> None:
    unknown(connection, Quota(messages=4), *((f"acme/{number}x", b"x") for number in range(9)))
    assert {one.topic for one in kept(connection)} == {f"acme/{number}x" for number in range(5, 9)}
    assert [one.occurrences for one in summaries(connection)] == [5]
    assert connection.execute("select count(distinct origin) from quarantine").fetchone() == (4,)
    assert account(connection) == (9, 9, 0)
