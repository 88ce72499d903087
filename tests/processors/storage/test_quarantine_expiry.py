"""Every word of a refused message expires; the rows, their counts and so the ledger stay what they were."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from ingest.model.catalogue import Catalogue, Ids
from ingest.model.observation import RawMessage
from ingest.model.time import DAY, from_micros, to_micros
from processors.intake.stream import Stream
from processors.storage.database import Connection, connect
from processors.storage.readings import ledger
from processors.storage.readings.quarantine import Filter, Quarantined, expire, find
from processors.storage.readings.quarantine_quota import Quota
from processors.storage.readings.sink import Sink

pytestmark = [pytest.mark.integration, pytest.mark.plain_tables]

NOON = to_micros(datetime(2026, 11, 21, 12, tzinfo=UTC))
NOWHERE = Catalogue([], Ids({}, {}))
AMPLE = Quota(messages=100_000)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as connection:
        yield connection


def refuse(connection: Connection, *messages: tuple[bytes, int]) -> None:
    stream = Stream(Sink(connection, NOWHERE, "mqtt", AMPLE), NOWHERE)
    stream.accept([RawMessage("x", payload, at) for payload, at in messages])


def kept(connection: Connection) -> dict[int, Quarantined]:
    return {one.quarantine_id: one for one in find(connection, Filter(), limit=10_000)}


def test_a_payload_is_cleared_when_its_message_last_came_too_long_ago(connection: Connection) -> None:
    refuse(connection, (b"old", NOON - 91 * DAY), (b"repeated", NOON - 91 * DAY), (b"repeated", NOON), (b"new", NOON))
    before, accounts = kept(connection), ledger.accounts(connection)
    assert expire(connection, from_micros(NOON - 90 * DAY)) == 1
    after = kept(connection)
    assert sorted(str(one.payload) for one in after.values()) == ["None", "b'new'", "b'repeated'"]
    assert [(one.quarantine_id, one.readings, one.occurrences, one.reason) for one in after.values()] == [
        (one.quarantine_id, one.readings, one.occurrences, one.reason) for one in before.values()
    ]
    assert ledger.accounts(connection) == accounts
    assert expire(connection, from_micros(NOON - 90 * DAY)) == 0


def test_all_of_many_are_cleared(connection: Connection) -> None:
    refuse(connection, *((b"rubbish %d" % number, NOON) for number in range(2_345)))
    assert expire(connection, from_micros(NOON + 1)) == 2_345


def test_an_expired_message_that_comes_again_is_a_duplicate_and_has_its_payload_again(connection: Connection) -> None:
    refuse(connection, (b"rubbish", NOON - 91 * DAY))
    expire(connection, from_micros(NOON))
    refuse(connection, (b"rubbish", NOON))
    (one,) = kept(connection).values()
    assert (one.payload, one.topic, one.occurrences) == (b"rubbish", "x", 2)
    assert one.detail
    (account,) = ledger.accounts(connection)
    assert (account.received, account.quarantined, account.duplicate) == (2, 1, 1)


def test_no_word_of_the_sender_outlives_the_payload(connection: Connection) -> None:
    name = "RFID-04A2B3C4D5-Jane-Doe"
    payload = b'{"time":"2026-03-01T00:00:00Z","values":{"jane@doe.example":"%s"}}' % name.encode()
    stream = Stream(Sink(connection, NOWHERE, "mqtt"), NOWHERE)
    stream.accept([RawMessage(f"pharos/v1/harbour/{name}/telemetry", payload, NOON - 91 * DAY)])
    expire(connection, from_micros(NOON - 90 * DAY))
    row = connection.execute("select quarantine::text from quarantine").fetchone()
    assert row is not None
    for word in (name, "jane@doe.example", name.encode().hex()):
        assert word not in row[0]
