"""Messages taken straight from the buffer: the same as the client library reads, and nothing that it should refuse."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.mqtt.publish_packets import Publish, whole_publishes

PUBLISHES = st.builds(
    Publish,
    st.binary(min_size=1, max_size=300),
    st.binary(max_size=20_000),
    st.integers(1, 65_535),
    st.booleans(),
    st.booleans(),
)


def packet(publish: Publish, flags: int = 0x32) -> bytes:
    """Encode as MQTT 3.1.1 says (sections 2.2.3 and 3.3), independently of the code under test."""
    body = (
        struct.pack(">H", len(publish.topic)) + publish.topic + struct.pack(">H", publish.packet_id) + publish.payload
    )
    length, rest = b"", len(body)
    while True:
        rest, digit = divmod(rest, 128)
        length += bytes([digit | (0x80 if rest else 0)])
        if not rest:
            marks = (0x08 if publish.dup else 0) | (0x01 if publish.retain else 0)
            return bytes([flags | marks]) + length + body


@given(st.lists(PUBLISHES, max_size=8), st.integers(0, 40_000))
def test_whole_messages_are_read_and_a_cut_one_is_left(publishes: list[Publish], cut: int) -> None:
    packets = [packet(publish) for publish in publishes]
    buffer = b"".join(packets)
    kept = buffer[: max(0, len(buffer) - cut)]
    found, position = whole_publishes(kept, 0)
    assert found == publishes[: len(found)]
    assert position == sum(map(len, packets[: len(found)]))
    if len(found) < len(publishes):
        assert position + len(packets[len(found)]) > len(kept)


@given(st.lists(PUBLISHES, max_size=3), st.sampled_from([0x30, 0x34, 0x40, 0x90, 0xD0]), PUBLISHES)
def test_reading_stops_before_any_other_packet(publishes: list[Publish], flags: int, other: Publish) -> None:
    buffer = b"".join(map(packet, publishes))
    found, position = whole_publishes(buffer + packet(other, flags), 0)
    assert (found, position) == (publishes, len(buffer))


def test_a_topic_longer_than_its_packet_is_left_for_the_library_to_refuse() -> None:
    assert whole_publishes(b"\x32\x04\xff\xff\x00\x01", 0) == ([], 0)
    assert whole_publishes(b"\x32\xff\xff\xff\xff\x01", 0) == ([], 0)


@given(st.binary(max_size=200), st.integers(0, 10))
def test_any_bytes_are_read_without_an_error(buffer: bytes, position: int) -> None:
    found, behind = whole_publishes(buffer, position)
    assert position <= behind <= max(position, len(buffer))
    assert all(len(publish.topic) + len(publish.payload) <= len(buffer) for publish in found)
