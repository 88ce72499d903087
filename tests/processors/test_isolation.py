"""A message can cost only itself, whatever it holds and wherever we fail on it."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.decoder import Decoder, Sample
from ingest.decoders import DECODERS
from ingest.feedback import FeedbackBoard
from ingest.history import rows as history_rows
from ingest.history.mapping import Mapping
from ingest.limits import PayloadLimits
from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.observation import RawMessage, Resolved
from ingest.model.time import SECOND
from processors.errors import StoreFaultError
from processors.intake.replay import History
from processors.intake.stream import Commit, Recovery, Stream
from processors.intake.trial import trial
from processors.isolation import isolated
from processors.storage.database import Connection, connect
from processors.storage.readings import ledger, quarantine
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.retaking import Settlement
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

CITY = town(heat_meter("heat_energy", "return_temperature"))
NOON = 1_795_262_400_000_000
TOPIC = "pharos/v1/harbour/meter/telemetry"
STATUS = "pharos/v1/harbour/meter/status"
POISON = "poison"


@pytest.fixture(scope="module")
def own_connection(module_database_url: str) -> Iterator[Connection]:
    with connect(module_database_url, "test") as session:
        session.autocommit = True
        yield session


@pytest.fixture(scope="module")
def own_catalogue(own_connection: Connection) -> Catalogue:
    return sync(own_connection, [parse(CITY, "harbour.yaml")])


def good(number: int) -> RawMessage:
    time = NOON + number * SECOND
    payload = json.dumps({"time": time // 1000, "values": {"heat_energy": 1.0}})
    return RawMessage(TOPIC, payload.encode(), time + SECOND)


def posted(connection: Connection) -> Receipt:
    accounts = ledger.accounts(connection)
    assert all(account.is_balanced for account in accounts)
    return sum((Receipt(one.stored, one.duplicate, one.conflict, one.quarantined) for one in accounts), Receipt())


def failing(payload: bytes, limits: PayloadLimits) -> list[Sample]:
    """Decode, but for a message on which we fail."""
    if payload == POISON.encode():
        raise OverflowError("date value out of range")
    return DECODERS["pharos"].decode(payload, limits)


DECODER: Decoder = replace(DECODERS["pharos"], decode=failing)


@pytest.mark.parametrize("place", [0, 7, 63, 99])
def test_the_one_message_is_found_and_told_and_all_others_are_stored(
    connection: Connection, catalogue: Catalogue, place: int
) -> None:
    seen: list[Commit] = []
    stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue, decoder=DECODER, observe=seen.append)
    messages = [good(number) for number in range(100)]
    messages[place] = RawMessage(TOPIC, POISON.encode(), NOON)
    assert stream.accept(messages) == Receipt(stored=99, quarantined=1) == posted(connection)
    (kept,) = quarantine.find(connection, quarantine.Filter())
    assert (kept.reason, kept.device, kept.payload) == ("internal_error", "meter", POISON.encode())
    assert "OverflowError" in str(kept.detail)
    assert POISON not in str(kept.detail)
    assert [one.reason for commit in seen for one in commit.refusals] == ["internal_error"]


def test_a_message_on_which_we_fail_again_counts_an_occurrence(connection: Connection, catalogue: Catalogue) -> None:
    stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue, decoder=DECODER)
    poison = RawMessage(TOPIC, POISON.encode(), NOON)
    assert stream.accept([poison, good(1)]) == Receipt(stored=1, quarantined=1)
    assert stream.accept([poison, good(2)]) == Receipt(stored=1, duplicate=1)


def _sink_failing_on(sink: Sink, fails: Callable[[Sequence[RawMessage]], Exception | None]) -> Sink:
    write = sink.write

    def trying(
        resolved: Resolved,
        messages: Sequence[RawMessage],
        *,
        is_redelivery: bool = False,
        settlement: Settlement | None = None,
    ) -> Receipt:
        if error := fails(messages):
            raise error
        return write(resolved, messages, is_redelivery=is_redelivery, settlement=settlement)

    sink.write = trying  # type: ignore[method-assign]
    return sink


def test_a_failure_while_storing_counts_the_readings_the_message_held(
    connection: Connection, catalogue: Catalogue
) -> None:
    poison = RawMessage(TOPIC, b'{"time":1795262400000,"values":{"heat_energy":13,"return_temperature":40}}', NOON)
    sink = _sink_failing_on(
        Sink(connection, catalogue, "mqtt"), lambda found: KeyError("x") if poison in found else None
    )
    assert Stream(sink, catalogue).accept([good(1), poison]) == Receipt(stored=1, quarantined=2) == posted(connection)


def test_a_failure_that_does_not_come_again_costs_nothing(connection: Connection, catalogue: Catalogue) -> None:
    failures: list[Exception] = [KeyError("race")]
    sink = _sink_failing_on(Sink(connection, catalogue, "mqtt"), lambda _: failures.pop() if failures else None)
    assert Stream(sink, catalogue).accept([good(1)]) == Receipt(stored=1)


def test_data_that_the_database_refuses_unforeseen_cost_only_their_message(
    connection: Connection, catalogue: Catalogue
) -> None:
    connection.execute("alter table untimed_receipt add check (octet_length(digest) < 0)")
    untimed = RawMessage(TOPIC, b'{"values":{"heat_energy":1}}', NOON)
    stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue)
    assert stream.accept([good(1), untimed, good(2)]) == Receipt(stored=2, quarantined=1) == posted(connection)
    (kept,) = quarantine.find(connection, quarantine.Filter())
    assert kept.reason == "internal_error"


def test_what_cannot_even_be_quarantined_leaves_its_digests(connection: Connection, catalogue: Catalogue) -> None:
    connection.execute("alter table quarantine add check (payload is distinct from 'poison'::bytea)")
    stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue, decoder=DECODER)
    assert stream.accept([RawMessage(TOPIC, POISON.encode(), NOON), good(1)]) == Receipt(stored=1, quarantined=1)
    (kept,) = quarantine.find(connection, quarantine.Filter())
    assert kept.payload == b"sha256 5743abddddfa08c1e3a99fdebc2e8f3f1108fa12dcd2a8f58a42f141418c22ec of 6 bytes"
    assert kept.topic.startswith("(topic withheld, sha256 ")


def test_a_status_on_which_we_fail_costs_only_itself(
    connection: Connection, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = Sink(connection, catalogue, "mqtt")
    write = sink.write_statuses

    def trying(
        statuses: list[object], refusals: list[object], messages: list[RawMessage], settlement: Settlement | None
    ) -> Receipt:
        if statuses and any(message.payload == b" online" for message in messages):
            raise KeyError("x")
        return write(statuses, refusals, messages, settlement)  # type: ignore[arg-type]

    monkeypatch.setattr(sink, "write_statuses", trying)
    stream = Stream(sink, catalogue)
    assert stream.accept_statuses(
        [RawMessage(STATUS, b" online", NOON), RawMessage(STATUS, b"offline", NOON + SECOND)]
    ) == Receipt(quarantined=1)
    assert connection.execute("select online from device_status").fetchall() == [(False,)]


def test_a_fault_of_the_store_is_no_fault_of_a_message(connection: Connection, catalogue: Catalogue) -> None:
    connection.execute("alter table ledger rename to elsewhere")
    with pytest.raises(StoreFaultError, match="ledger"):
        Stream(Sink(connection, catalogue, "mqtt"), catalogue).accept([good(0), good(1)])
    assert connection.execute("select count(*) from quarantine").fetchone() == (0,)


def test_where_not_even_digests_can_be_kept_nothing_is_dropped(connection: Connection, catalogue: Catalogue) -> None:
    connection.execute("alter table quarantine add check (readings < 0)")
    waits: list[float] = []

    def give_up(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) == 2

    sink = Sink(connection, catalogue, "mqtt")
    recovery = Recovery(lambda: sink, give_up, lambda _: None)
    with pytest.raises(StoreFaultError):
        Stream(sink, catalogue, decoder=DECODER, recovery=recovery).accept([RawMessage(TOPIC, POISON.encode(), NOON)])
    assert len(waits) == 2


def test_a_dry_run_tells_a_failure_as_a_refusal() -> None:
    shown = trial(RawMessage(TOPIC, POISON.encode(), NOON), [parse(CITY, "harbour.yaml")], DECODER)
    assert [refusal.reason for refusal in shown.refusals] == ["internal_error"]


def test_a_row_of_history_on_which_we_fail_costs_only_itself(
    connection: Connection, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "year.csv"
    pl.DataFrame({"time": [f"2026-03-01T{hour:02}:00:00Z" for hour in range(20)], "kwh": range(20)}).write_csv(file)
    mapping = Mapping.model_validate(
        {
            "name": "year",
            "source": "test",
            "time": {"column": "time"},
            "device": {"native_id": "meter"},
            "values": [{"column": "kwh", "quantity": "heat_energy"}],
        }
    )
    resolve = history_rows.resolve

    def failing_on_13(rows: history_rows.Rows, *context: object) -> Resolved:
        if "13" in rows.frame["kwh"].to_list():
            raise OverflowError("date value out of range")
        return resolve(rows, *context)  # type: ignore[arg-type]

    monkeypatch.setattr("processors.intake.replay.resolve", failing_on_13)
    stream = Stream(Sink(connection, catalogue, "replay"), catalogue)
    told = list(History(mapping, catalogue, "harbour").replay(file, stream, NOON))
    assert sum(rows for rows, _ in told) == 20
    assert sum((receipt for _, receipt in told), Receipt()) == Receipt(stored=19, quarantined=1) == posted(connection)


def test_a_failure_among_many_parts_is_halved_until_it_is_found() -> None:
    taken: list[int] = []

    def take(part: Sequence[int]) -> int:
        taken.append(len(part))
        if 600 in part:
            raise ZeroDivisionError
        return len(part)

    assert sum(isolated(range(1000), take, lambda _, __: 0)) == 999
    assert len(taken) <= 24


EXTREME_TIMES = st.sampled_from(
    [
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
        "2016-12-31T23:59:60Z",
        "9999-12-31T23:59:60Z",
        "2026-11-21T12:00:60Z",
        "",
    ]
)
TIMES = (
    EXTREME_TIMES
    | st.integers()
    | st.sampled_from([0, -1, 10**9, 10**10, 10**15, 10**18, 2**63, -(2**63), -62_135_596_800_000, 253_402_300_799_999])
    | st.datetimes().map(lambda time: f"{time.isoformat()}Z")
    | st.datetimes().flatmap(
        lambda time: st.sampled_from(["+23:59", "-23:59", "", "+24:00"]).map(time.isoformat().__add__)
    )
    | st.none()
    | st.text()
)
NAMES = st.sampled_from(["heat_energy", "return_temperature", "heat_enrgy", "", "\x00", "\ud800"]) | st.text()
NUMBERS = st.floats() | st.integers() | st.sampled_from([1e308, -1e308, 5e-324, -0.0, 2**1024, 10**400])
VALUES = st.none() | st.booleans() | NUMBERS | st.text() | st.lists(st.none()) | st.dictionaries(NAMES, st.none())
UNITS = st.sampled_from(["kWh", "MWh", "degF", "K", "", "\x00", "x" * 300]) | st.text()
SAMPLES = st.fixed_dictionaries(
    {"values": st.dictionaries(NAMES, VALUES, max_size=4)},
    optional={
        "time": TIMES,
        "units": st.dictionaries(NAMES, UNITS, max_size=2) | st.none() | st.text(),
        "serial_number": st.text() | st.integers() | st.sampled_from(["a" * 65, "\x00", "71120045"]),
        "timestamp": TIMES,
        "extra": VALUES,
    },
)
PAYLOADS = st.binary() | (SAMPLES | st.lists(SAMPLES | VALUES, max_size=3)).map(
    lambda document: json.dumps(document).encode()
)
TOPICS = st.sampled_from(
    [TOPIC, STATUS, "pharos/v1/harbour/#/telemetry", "pharos/v1/harbour/+/telemetry", "x", "", "\x00", "\ud800"]
) | st.text().map(lambda device: f"pharos/v1/harbour/{device}/telemetry")


@settings(max_examples=min(60, settings().max_examples))
@given(messages=st.lists(st.tuples(TOPICS, PAYLOADS), max_size=3))
@example(messages=[(TOPIC, b'{"time":"0001-01-01T00:00:00+23:59","values":{"heat_energy":1}}')])
@example(messages=[(TOPIC, b'{"time":"9999-12-31T23:59:59-23:59","values":{"heat_energy":1}}')])
@example(messages=[(TOPIC, b'{"time":-62135596800000,"values":{"heat_energy":1}}')])
@example(messages=[(TOPIC, b'{"time":253402300799999,"values":{"heat_energy":1}}')])
def test_whatever_comes_the_good_message_beside_it_is_stored_and_the_ledger_balances(
    own_connection: Connection, own_catalogue: Catalogue, messages: list[tuple[str, bytes]]
) -> None:
    board = FeedbackBoard(own_catalogue, since=NOON)
    refusals: list[str] = []

    def observe(commit: Commit) -> None:
        board.observe(commit.arrived, commit.kept, commit.refusals, NOON)
        refusals.extend(refusal.reason for refusal in commit.refusals)

    stream = Stream(Sink(own_connection, own_catalogue, "mqtt"), own_catalogue, observe=observe)
    row = own_connection.execute("select count(*) from observation").fetchone()
    before, number = posted(own_connection), 1_000_000 + (row[0] if row else 0)
    hostile = [RawMessage(topic, payload, NOON) for topic, payload in messages]
    receipt = stream.accept([*hostile, good(number)])
    assert receipt.stored >= 1
    receipt += stream.accept_statuses(hostile)
    assert posted(own_connection) == before + receipt
    assert "internal_error" not in refusals
    for topic, payload in board.due(NOON):
        assert not set(topic) & set("+#\x00")
        assert len(payload) < 1_500
