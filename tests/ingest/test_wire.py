"""A message is the same after its way over the bus; records of anybody else become messages, whatever their bytes."""

from hypothesis import given
from hypothesis import strategies as st

from ingest import topics, wire
from ingest.bus import TOPICS
from ingest.model.observation import RawMessage
from ingest.model.time import SECOND

ARRIVED = 1_795_262_400_000_000
TOPIC = "pharos/v1/harbour/meter/telemetry"
arrivals = st.integers(SECOND, 4_000_000_000 * SECOND // 2)
names = st.text(st.characters(exclude_categories=["Cs"]))
messages = st.builds(RawMessage, names, st.binary(), arrivals, st.booleans(), st.booleans())


@given(messages)
def test_a_message_comes_out_as_it_went_in(message: RawMessage) -> None:
    assert wire.decode(*wire.encode(message), appended_at=0) == message


def test_the_bytes_of_a_record_are_those_that_are_documented() -> None:
    record = wire.encode(RawMessage(TOPIC, b"{}", ARRIVED, redelivered=True))
    assert record == (TOPIC.encode(), b"{}", [("pharos", bytes.fromhex("0101 000660c819a17000"))])
    record = wire.encode(RawMessage(TOPIC, b"{}", ARRIVED, retained=True))
    assert record == (TOPIC.encode(), b"{}", [("pharos", bytes.fromhex("0102 000660c819a17000"))])


def test_a_record_without_header_arrived_when_kafka_took_it() -> None:
    assert wire.decode(TOPIC.encode(), b"{}", [], ARRIVED) == RawMessage(TOPIC, b"{}", ARRIVED)


def test_a_payload_that_no_device_may_send_is_cut() -> None:
    record = wire.encode(RawMessage(TOPIC, b"x" * 2**22, ARRIVED))
    assert len(record.value) == 2**20 + 1


@given(
    st.none() | st.binary(),
    st.none() | st.binary(),
    st.lists(st.tuples(st.sampled_from([wire.HEADER, "other"]), st.binary(max_size=12))),
    st.integers(-(2**63), 2**63 - 1),
)
def test_any_record_becomes_a_message_with_a_possible_time(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]], appended_at: int
) -> None:
    message = wire.decode(key, value, headers, appended_at)
    assert message.payload == (value or b"")
    assert 0 <= message.received_at < 2**53


def test_a_record_of_another_version_names_no_device() -> None:
    for envelope in (b"\x02" + bytes(9), b"\x01", b""):
        message = wire.decode(TOPIC.encode(), b"{}", [("pharos", envelope)], ARRIVED)
        assert topics.parse(message.topic) is None
        assert TOPIC in message.topic


def test_an_impossible_time_of_arrival_names_no_device() -> None:
    envelope = wire.encode(RawMessage(TOPIC, b"", -1)).headers
    assert topics.parse(wire.decode(TOPIC.encode(), b"{}", envelope, ARRIVED).topic) is None


def test_topics_forget_by_time_and_never_by_key() -> None:
    assert {topic.configuration["cleanup.policy"] for topic in TOPICS.values()} == {"delete"}
    assert {topic.configuration["retention.ms"] for topic in TOPICS.values()} == {"604800000"}
