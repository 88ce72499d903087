"""Beyond its quota a sender's refused messages are counted and not kept, and the ledger adds up all the same."""

from collections.abc import Iterator

import pytest

from ingest.model.observation import RawMessage
from ingest.model.time import DAY, from_micros
from processors.intake.stream import Stream
from processors.storage.database import Connection, connect
from processors.storage.readings import ledger
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.quarantine import Filter, Quarantined, expire, find
from processors.storage.readings.quarantine_quota import Quota
from processors.storage.readings.sink import Sink
from tests.processors.storage.test_quarantine_expiry import NOON, NOWHERE

pytestmark = pytest.mark.integration


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as connection:
        yield connection


def refuse(connection: Connection, quota: Quota, *payloads: bytes, at: int = NOON) -> Receipt:
    stream = Stream(Sink(connection, NOWHERE, "mqtt", quota), NOWHERE)
    return stream.accept([RawMessage("x", payload, at) for payload in payloads])


def kept(connection: Connection) -> list[Quarantined]:
    found = [one for one in find(connection, Filter()) if not one.is_summary]
    connection.commit()  # what is written next begins a transaction of its own
    return found


def summaries(connection: Connection) -> list[Quarantined]:
    return [one for one in find(connection, Filter()) if one.is_summary]


def account(connection: Connection) -> tuple[int, int, int]:
    (found,) = ledger.accounts(connection)
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
