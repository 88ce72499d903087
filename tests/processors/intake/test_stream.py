"""From raw messages to committed tables: every reading has exactly one outcome, and the ledger says which."""

import json
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from msgspec import structs

from ingest.backoff import JITTER
from ingest.decoders import DECODERS
from ingest.model.catalogue import Catalogue
from ingest.model.observation import RawMessage
from ingest.model.time import DAY, SECOND
from ingest.resolve import Resolver
from processors.errors import StoreFaultError, StoreUnavailableError
from processors.intake.stream import Recovery, Stream
from processors.storage.database import Connection, connect
from processors.storage.readings import ledger, quarantine
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.sink import Sink
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

CITY = town(heat_meter("heat_energy", "return_temperature"))
NOON = 1_795_262_400_000_000
TOPIC = "pharos/v1/harbour/meter/telemetry"
KILLING = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = %s
"""


@pytest.fixture
def stream(connection: Connection, catalogue: Catalogue) -> Stream:
    return Stream(Sink(connection, catalogue, "mqtt"), catalogue)


def message(number: int, value: object = 1.0, quantity: str = "heat_energy") -> RawMessage:
    time = NOON + number * SECOND
    return RawMessage(TOPIC, json.dumps({"time": time // 1000, "values": {quantity: value}}).encode(), time + SECOND)


def counted(connection: Connection) -> Receipt:
    """Count the tables, independently of the ledger; duplicates leave no trace in any."""
    query = """
        select (select count(*) from observation),
               (select count(*) from conflict) - (select count(distinct (series_id, time)) from conflict),
               (select coalesce(sum(readings), 0) from quarantine)
    """
    row = connection.execute(query).fetchone()
    assert row is not None
    return Receipt(stored=row[0], conflict=row[1], quarantined=row[2])


def posted(connection: Connection) -> Receipt:
    accounts = ledger.accounts(connection)
    assert all(account.is_balanced for account in accounts)
    receipts = (Receipt(one.stored, one.duplicate, one.conflict, one.quarantined) for one in accounts)
    return sum(receipts, Receipt())


def test_new_readings_are_stored_marked_and_counted(stream: Stream, connection: Connection) -> None:
    receipt = stream.accept([message(0), message(3), message(1), message(0, 41.0, "return_temperature")])
    assert receipt == Receipt(stored=4) == posted(connection) == counted(connection)
    marks = connection.execute("select to_time - from_time from observation_mark order by 1").fetchall()
    assert [span.total_seconds() for (span,) in marks] == [0, 3]


def test_marks_do_not_bridge_a_silence_of_more_than_a_day(stream: Stream, connection: Connection) -> None:
    for repeat in range(2):  # the fast way, then the careful one
        stream.accept([message(repeat + hours * 3600) for hours in (0, 1, 26, 90)])
        assert connection.execute("select count(*) from observation_mark").fetchone() == (3 * (repeat + 1),)
        stream.accept([message(0)])


def test_what_was_delivered_before_is_a_duplicate_and_changes_nothing(stream: Stream, connection: Connection) -> None:
    messages = [message(number) for number in range(10)]
    stream.accept(messages)
    before = connection.execute("select * from observation order by time").fetchall()
    assert stream.accept(messages) == Receipt(duplicate=10)
    assert stream.accept([*messages, message(99)]) == Receipt(duplicate=10, stored=1)
    assert connection.execute("select * from observation order by time").fetchall()[:10] == before
    assert connection.execute("select count(*) from observation_mark").fetchone() == (2,)
    assert posted(connection) == replace(counted(connection), duplicate=20)


def test_equal_readings_in_one_batch_are_stored_once(stream: Stream, connection: Connection) -> None:
    assert stream.accept([message(0)] * 5) == Receipt(stored=1, duplicate=4)
    assert posted(connection) == replace(counted(connection), duplicate=4)


def test_another_value_for_the_same_reading_is_a_conflict_that_is_kept(stream: Stream, connection: Connection) -> None:
    assert stream.accept([message(0, 5.0)]) == Receipt(stored=1)
    assert stream.accept([message(0, 4.0), message(0, 5.0)]) == Receipt(conflict=1, duplicate=1)
    assert stream.accept([message(0, 6.0)]) == Receipt(conflict=1)
    assert stream.accept([message(0, 4.0)]) == Receipt(duplicate=1)
    assert connection.execute("select value from observation").fetchall() == [(6.0,)]
    assert connection.execute("select value from conflict order by 1").fetchall() == [(4.0,), (5.0,), (6.0,)]
    assert posted(connection) == replace(counted(connection), duplicate=2)


def test_a_conflict_that_changes_the_effective_value_is_marked_and_one_that_does_not_is_not(
    stream: Stream, connection: Connection
) -> None:
    stream.accept([message(0, 5.0)])
    connection.execute("delete from observation_mark")
    stream.accept([message(0, 4.0)])
    assert connection.execute("select count(*) from observation_mark").fetchone() == (0,)
    stream.accept([message(0, 6.0)])
    assert connection.execute("select count(*) from observation_mark").fetchone() == (1,)


def test_one_bad_message_in_a_thousand_costs_no_other(stream: Stream, connection: Connection) -> None:
    messages = [message(number) for number in range(1000)]
    messages[500] = RawMessage(TOPIC, b"rubbish\x00\xff", NOON)
    assert stream.accept(messages) == Receipt(stored=999, quarantined=1)
    (kept,) = quarantine.find(connection, quarantine.Filter(city="harbour", device="meter", reason="undecodable"))
    assert (kept.payload, kept.readings, kept.source) == (b"rubbish\x00\xff", 1, "mqtt")
    assert posted(connection) == counted(connection)


def test_five_thousand_bad_messages_hold_up_none_that_follow(stream: Stream, connection: Connection) -> None:
    bad = [RawMessage(TOPIC, b"{%d" % number, NOON) for number in range(5000)]
    assert stream.accept(bad) == Receipt(quarantined=5000)
    assert stream.accept(bad[:100]) == Receipt(duplicate=100)
    assert stream.accept([message(0)]) == Receipt(stored=1)
    assert posted(connection) == replace(counted(connection), duplicate=100)


def test_a_refused_message_that_comes_again_counts_an_occurrence(stream: Stream, connection: Connection) -> None:
    refused = message(0, "41.2")
    assert stream.accept([refused, refused]) == Receipt(quarantined=1, duplicate=1)
    assert stream.accept([refused]) == Receipt(duplicate=1)
    (kept,) = quarantine.find(connection, quarantine.Filter())
    assert kept.occurrences == 3
    assert kept.detail == "'heat_energy' is the text '41.2'; expected a number that a 64-bit float can hold"


@pytest.mark.parametrize("payload", [b"[]", b'{"values": {}}'])
def test_a_message_without_readings_leaves_a_trace_and_counts_nowhere(
    stream: Stream, connection: Connection, payload: bytes
) -> None:
    assert stream.accept([RawMessage(TOPIC, payload, NOON), message(0)]) == Receipt(stored=1)
    assert stream.accept([RawMessage(TOPIC, payload, NOON)]) == Receipt()
    (kept,) = quarantine.find(connection, quarantine.Filter(reason="empty"))
    assert (kept.device, kept.readings, kept.occurrences, kept.payload) == ("meter", 0, 2, payload)
    assert posted(connection) == counted(connection)


@pytest.mark.parametrize("topic", ["pharos/v1/nowhere/meter/telemetry", "pharos/v1/harbour/\x00\ud800/telemetry", "x"])
def test_readings_of_nobody_are_quarantined_under_no_city(stream: Stream, connection: Connection, topic: str) -> None:
    assert stream.accept([structs.replace(message(0), topic=topic)]) == Receipt(quarantined=1)
    assert posted(connection) == counted(connection)


@pytest.mark.parametrize("time", [0, 2_147_483_648_000, (NOON + 365 * DAY) // 1000, -62_135_596_800_000])
def test_impossible_times_are_quarantined_and_make_no_partition(
    stream: Stream, connection: Connection, time: int
) -> None:
    wrong = RawMessage(TOPIC, json.dumps({"time": time, "values": {"heat_energy": 1}}).encode(), NOON)
    assert stream.accept([wrong]) == Receipt(quarantined=1)
    assert connection.execute(
        "select count(*) from pg_inherits where inhparent = 'observation'::regclass"
    ).fetchone() == (0,)


def test_a_partition_that_was_dropped_comes_back_for_late_readings(stream: Stream, connection: Connection) -> None:
    stream.accept([message(0)])
    if connection.execute("select to_regclass('observation_2026_11')").fetchone() == (None,):
        pytest.skip("this server has TimescaleDB, where chunks take the place of partitions")
    connection.execute("drop table observation_2026_11")
    connection.commit()
    assert stream.accept([message(1)]) == Receipt(stored=1)


def test_a_row_the_database_refuses_costs_no_other_row(stream: Stream, connection: Connection) -> None:
    connection.execute("alter table observation add check (value <> 13)")
    connection.commit()
    messages = [message(number, float(number)) for number in range(100)]
    assert stream.accept(messages) == Receipt(stored=99, quarantined=1)
    (kept,) = quarantine.find(connection, quarantine.Filter(reason="store_refused"))
    assert "heat_energy: the database refused the reading: new row for relation" in str(kept.detail)
    assert stream.accept(messages) == Receipt(duplicate=100)
    assert posted(connection) == replace(counted(connection), duplicate=100)


def _untimed(payload: bytes = b'{"values": {"heat_energy": 1}}', at: int = NOON, again: bool = False) -> RawMessage:
    return RawMessage(TOPIC, payload, at, redelivered=again)


def test_an_untimed_message_that_is_delivered_again_is_a_duplicate(stream: Stream, connection: Connection) -> None:
    assert stream.accept([_untimed()]) == Receipt(stored=1)
    assert stream.accept([_untimed(at=NOON + SECOND, again=True)]) == Receipt(duplicate=1)
    assert posted(connection) == replace(counted(connection), duplicate=1)


def test_a_redelivery_that_nobody_announced_costs_no_reading_beside_it(
    catalogue: Catalogue, connection: Connection
) -> None:
    resolver, sink = Resolver(catalogue, DECODERS["pharos"]), Sink(connection, catalogue, "mqtt")
    sink.write(resolver.resolve([_untimed()]), [_untimed()])
    mixed = [_untimed(at=NOON + SECOND, again=True), message(1, 2.0), message(2, 3.0)]
    sink = Sink(connection, catalogue, "mqtt")  # which takes everything for new
    assert sink.write(resolver.resolve(mixed), mixed) == Receipt(stored=2, duplicate=1)
    assert connection.execute("select value from observation order by 1").fetchall() == [(1.0,), (2.0,), (3.0,)]


def test_an_untimed_message_that_was_never_stored_is_stored_on_redelivery(stream: Stream) -> None:
    assert stream.accept([_untimed(again=True)]) == Receipt(stored=1)


def test_the_same_untimed_payload_sent_anew_is_a_new_reading(stream: Stream) -> None:
    assert stream.accept([_untimed()]) == Receipt(stored=1)
    assert stream.accept([_untimed(at=NOON + SECOND)]) == Receipt(stored=1)


def test_a_redelivery_after_the_window_is_a_new_reading(stream: Stream, connection: Connection) -> None:
    stream.accept([_untimed()])
    assert stream.accept([_untimed(at=NOON + DAY, again=True)]) == Receipt(stored=1)
    assert connection.execute("select count(*) from untimed_receipt").fetchone() == (1,)


def test_every_commit_is_observed_with_what_was_refused(connection: Connection, catalogue: Catalogue) -> None:
    seen: list[tuple[list[str], Receipt]] = []
    stream = Stream(
        Sink(connection, catalogue, "mqtt"),
        catalogue,
        observe=lambda commit: seen.append(([one.reason for one in commit.refusals], commit.receipt)),
    )
    stream.accept([message(0), message(1, -5.0), message(2, 9e99)])
    assert seen == [(["implausible", "implausible"], Receipt(stored=1, quarantined=2))]


class Trouble:
    """Stands in for a sink's write: fails as often as told, then lets it through."""

    def __init__(self, sink: Sink, failures: list[Exception]) -> None:
        self.write_really: Callable[..., Receipt] = sink.write
        self.failures = failures

    def __call__(self, *arguments: object, **options: object) -> Receipt:
        """Fail, or write."""
        if self.failures:
            raise self.failures.pop(0)
        return self.write_really(*arguments, **options)


def test_a_failing_store_is_tried_again_ever_more_slowly_up_to_ten_seconds(
    connection: Connection, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink, waits, reports = Sink(connection, catalogue, "mqtt"), list[float](), list[str | None]()
    failures: list[Exception] = [StoreUnavailableError("gone")] * 9 + [StoreFaultError("odd")]
    monkeypatch.setattr(sink, "write", Trouble(sink, failures))

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return False

    recovery = Recovery(lambda: sink, wait, reports.append)
    assert Stream(sink, catalogue, recovery=recovery).accept([message(0)]) == Receipt(stored=1)
    for waited, at_most in zip([*waits[:3], waits[-1]], [0.1, 0.2, 0.4, 10.0], strict=True):
        assert (1.0 - JITTER) * at_most <= waited <= at_most
    assert "unacknowledged messages wait: odd" in str(reports[-2])
    assert reports[-1] is None


def test_asked_to_stop_while_the_store_fails_nothing_is_acknowledged(
    connection: Connection, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = Sink(connection, catalogue, "mqtt")
    monkeypatch.setattr(sink, "write", Trouble(sink, [StoreUnavailableError("gone")] * 99))
    recovery = Recovery(lambda: sink, lambda _: True, lambda _: None)
    with pytest.raises(StoreUnavailableError):
        Stream(sink, catalogue, recovery=recovery).accept([message(0)])


def test_a_connection_that_is_killed_loses_nothing(
    connection: Connection, catalogue: Catalogue, database_url: str
) -> None:
    with connect(database_url, "doomed") as doomed, connect(database_url, "second") as second:
        recovery = Recovery(lambda: Sink(second, catalogue, "mqtt"), lambda _: False, lambda _: None)
        stream = Stream(Sink(doomed, catalogue, "mqtt"), catalogue, recovery=recovery)
        stream.accept([message(0)])
        connection.execute(KILLING, ("doomed",))
        assert stream.accept([message(0), message(1)]) == Receipt(stored=1, duplicate=1)


def test_an_error_nobody_foresaw_is_a_fault_that_holds(stream: Stream, connection: Connection) -> None:
    connection.execute("alter table ledger rename to elsewhere")
    connection.commit()
    with pytest.raises(StoreFaultError, match="ledger"):
        stream.accept([message(0)])
    assert connection.execute("select count(*) from observation").fetchone() == (0,)


def test_a_stopped_database_is_unavailable_not_a_fault(stream: Stream, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute(KILLING, ("test",))
    with pytest.raises(StoreUnavailableError):
        stream.accept([message(0)])
