"""A raw message as a record of the bus and back: the bus's public contract, described in docs/wire.md.

Key: the topic the message was published on, which names city and device. Value: the payload, untouched. The header
"pharos" holds, big-endian: version (1 byte), flags (1 byte; bit 0: the transport marked a redelivery, bit 1: the broker
had retained it), and the time of arrival in microseconds since 1970 UTC (8 bytes, signed). A record without the header
arrived when Kafka appended it.
"""

from collections.abc import Sequence
from struct import Struct
from typing import Final, NamedTuple

from ingest.model.observation import RawMessage
from ingest.model.time import DAY, SECOND

HEADER: Final = "pharos"
VERSION: Final = 1
LONGEST_PAYLOAD: Final = 2**20 + 1  # one byte beyond what a device may send
_ENVELOPE: Final = Struct(">BBq")
_REDELIVERED: Final = 1
_RETAINED: Final = 2
_LATEST_ARRIVAL: Final = 100 * 366 * DAY  # no clock of ours is beyond; the database's range is wider

Headers = Sequence[tuple[str, bytes]]


class Record(NamedTuple):
    """What is handed to Kafka."""

    key: bytes
    value: bytes
    headers: Headers


def encode(message: RawMessage) -> Record:
    """Return the record of ``message``; what no device may send is cut, so that it is refused and stops nothing."""
    flags = message.redelivered * _REDELIVERED | message.retained * _RETAINED
    envelope = _ENVELOPE.pack(VERSION, flags, message.received_at)
    key = message.topic.encode("utf-8", "backslashreplace")
    return Record(key, message.payload[:LONGEST_PAYLOAD], [(HEADER, envelope)])


def decode(key: bytes | None, value: bytes | None, headers: Headers, appended_at: int) -> RawMessage:
    """Return the message of a record, whatever its bytes; one of an unknown form is given a topic that says so.

    ``appended_at``: when Kafka took the record, in microseconds.
    """
    topic = "(no key)" if key is None else key.decode("utf-8", "backslashreplace")
    payload = value or b""
    appended_at = min(max(appended_at, 0), _LATEST_ARRIVAL)
    envelope = next((content for name, content in headers if name == HEADER), None)
    if envelope is None:
        return RawMessage(topic, payload, appended_at)
    if len(envelope) != _ENVELOPE.size or envelope[0] != VERSION:
        return RawMessage(f"(record of an unknown version) {topic}", payload, appended_at)
    _, flags, received_at = _ENVELOPE.unpack(envelope)
    if not SECOND <= received_at <= _LATEST_ARRIVAL:
        return RawMessage(f"(record with an impossible time of arrival) {topic}", payload, appended_at)
    return RawMessage(topic, payload, received_at, bool(flags & _REDELIVERED), bool(flags & _RETAINED))
