"""What one payload of Sparkplug B says: its time, its number in the sequence, and its metrics, as they are written.

After the schema of the specification, version 3.0.0, chapter 6.4 (``sparkplug_b.proto``, recalled), and checked against
payloads that Google's own library wrote by that schema.
"""

import struct
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from ingest.errors import DecodeError, OverLimitError
from ingest.limits import PayloadLimits
from ingest.sparkplug import protobuf

GOOD: Final = 192  # the value of the property Quality of a metric that is well; 0 is bad, 500 stale
BD_SEQ: Final = "bdSeq"
_QUALITY: Final = b"Quality"
_COMPRESSED: Final = b"SPBV1.0_COMPRESSED"
_INT32: Final = 2**32 - 1


class DataType(IntEnum):
    """What a metric is, by the numbers of the specification."""

    INT8 = 1
    INT16 = 2
    INT32 = 3
    INT64 = 4
    UINT8 = 5
    UINT16 = 6
    UINT32 = 7
    UINT64 = 8
    FLOAT = 9
    DOUBLE = 10
    BOOLEAN = 11
    STRING = 12
    DATETIME = 13
    TEXT = 14
    UUID = 15
    DATASET = 16
    BYTES = 17
    FILE = 18
    TEMPLATE = 19


class Tag:
    """The fields of a payload and of a metric."""

    PAYLOAD_TIMESTAMP: Final = 0x08
    PAYLOAD_METRIC: Final = 0x12
    PAYLOAD_SEQ: Final = 0x18
    PAYLOAD_UUID: Final = 0x22
    NAME: Final = 0x0A
    ALIAS: Final = 0x10
    TIMESTAMP: Final = 0x18
    DATATYPE: Final = 0x20
    IS_NULL: Final = 0x38
    PROPERTIES: Final = 0x4A
    INT: Final = 0x50
    LONG: Final = 0x58
    FLOAT: Final = 0x65
    DOUBLE: Final = 0x69
    BOOLEAN: Final = 0x70
    STRING: Final = 0x7A
    BYTES: Final = 0x82
    DATASET: Final = 0x8A
    TEMPLATE: Final = 0x92
    EXTENSION: Final = 0x9A


Value = int | float | bool | str | bytes


class SparkplugMetric(NamedTuple):
    """A metric as it is written; ``value`` None where it says none. Times in milliseconds since 1970.

    ``quality``: what its property Quality says.
    """

    name: str | None = None
    alias: int | None = None
    timestamp: int | None = None
    datatype: int = 0
    is_null: bool = False
    value: Value | None = None
    quality: int = GOOD


class Payload(NamedTuple):
    """A payload; ``seq`` is None where it has none, as the death of an edge node."""

    timestamp: int | None
    seq: int | None
    metrics: Sequence[SparkplugMetric]

    def bd_seq(self) -> int | None:
        """Return the number of the connection that births and deaths of an edge node carry."""
        return next((one.value for one in self.metrics if one.name == BD_SEQ and type(one.value) is int), None)


def read(data: bytes, limits: PayloadLimits) -> Payload:
    """Return what ``data`` says; raises DecodeError where it is no such payload."""
    timestamp = seq = None
    metrics = []
    for tag, content in protobuf.fields(data):
        if tag == Tag.PAYLOAD_METRIC and isinstance(content, bytes):
            metrics.append(_metric(content))
        elif tag == Tag.PAYLOAD_TIMESTAMP and isinstance(content, int):
            timestamp = content
        elif tag == Tag.PAYLOAD_SEQ and isinstance(content, int):
            seq = content
        elif tag == Tag.PAYLOAD_UUID and content == _COMPRESSED:
            raise DecodeError(
                "the payload is compressed; expected one as it is: switch compression off at the edge node"
            )
    if timestamp is None and seq is None and not metrics:
        raise DecodeError("expected a payload of Sparkplug B; it has no time, no number and no metric")
    if len(metrics) > limits.readings:
        raise OverLimitError("metrics", len(metrics), limits.readings, len(metrics))
    if (longest := max((len(one.name or "") for one in metrics), default=0)) > limits.name:
        raise OverLimitError("characters in the name of a metric", longest, limits.name, len(metrics))
    return Payload(timestamp, seq, metrics)


def _metric(data: bytes) -> SparkplugMetric:
    found = dict(protobuf.fields(data))
    held = next((tag for tag in reversed(found) if tag in _VALUES), 0)
    name, properties = found.get(Tag.NAME), found.get(Tag.PROPERTIES)
    return SparkplugMetric(
        _text(name) if isinstance(name, bytes) else None,
        _number(found, Tag.ALIAS),
        _number(found, Tag.TIMESTAMP),
        _number(found, Tag.DATATYPE) or 0,
        bool(_number(found, Tag.IS_NULL)),
        _value(held, found[held]) if held else None,
        _quality(properties) if isinstance(properties, bytes) else GOOD,
    )


_VALUES: Final = frozenset(
    (
        *(Tag.INT, Tag.LONG, Tag.FLOAT, Tag.DOUBLE, Tag.BOOLEAN),
        *(Tag.STRING, Tag.BYTES, Tag.DATASET, Tag.TEMPLATE, Tag.EXTENSION),
    )
)


def _number(found: Mapping[int, int | bytes], tag: int) -> int | None:
    content = found.get(tag)
    return content if isinstance(content, int) else None


def _value(tag: int, content: int | bytes) -> Value:
    """Return what stands in a field of values; what is neither number nor text is some bytes."""
    if isinstance(content, int):
        return content != 0 if tag == Tag.BOOLEAN else content & _INT32 if tag == Tag.INT else content
    if tag in {Tag.DOUBLE, Tag.FLOAT}:
        (real,) = struct.unpack("<d" if tag == Tag.DOUBLE else "<f", content)
        return float(real)
    return _text(content) if tag == Tag.STRING else b""


def _quality(data: bytes) -> int:
    """Return what a set of properties says of the metric's quality: keys and values of the same places."""
    found = list(protobuf.fields(data))
    keys, values = ([content for tag, content in found if tag == wanted] for wanted in (0x0A, 0x12))
    for key, content in zip(keys, values, strict=False):
        if key == _QUALITY and isinstance(content, bytes):
            return next((int(held) for tag, held in protobuf.fields(content) if tag in {0x18, 0x20}), GOOD)
    return GOOD


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise DecodeError("expected names and texts in UTF-8") from None
