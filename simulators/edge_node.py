"""An edge node of Sparkplug B: what it publishes for its devices, in the order in which it does.

Each connection numbers the metrics anew, as the specification lets it, so that a listener who missed a birth would take
one metric for another.
"""

from collections.abc import Iterator, Mapping, Sequence
from struct import pack
from typing import Final, NamedTuple

from ingest.model.sparkplug import NAMESPACE
from ingest.model.time import SECOND
from ingest.sparkplug.payload import BD_SEQ, DataType, Tag
from ingest.sparkplug.protobuf import field
from simulators.errors import SimulationError

NUMBERS: Final = 256
_MILLISECOND: Final = SECOND // 1000


class Message(NamedTuple):
    """What is published where."""

    topic: str
    payload: bytes


class EdgeNode:
    """One that publishes for ``devices``, the metrics of each by name, all of them doubles; times in microseconds."""

    def __init__(self, group: str, name: str, devices: Mapping[str, Sequence[str]]) -> None:
        self._group, self._name, self._devices = group, name, devices
        self._bd_seq, self._seq = -1, NUMBERS - 1
        self._aliases: dict[tuple[str, str], int] = {}

    def connect(self, at: int, values: Mapping[str, Mapping[str, float]]) -> Iterator[Message]:
        """Yield the births on a new connection, with the present value of each metric of each device."""
        self._bd_seq = (self._bd_seq + 1) % NUMBERS
        yield from self.births(at, values)

    def births(self, at: int, values: Mapping[str, Mapping[str, float]]) -> Iterator[Message]:
        """Yield the births, as on a connection that is asked for them again."""
        self._seq = NUMBERS - 1
        yield self._message("NBIRTH", "", at, [self._connection()])
        metrics = [(device, name) for device, names in self._devices.items() for name in names]
        first = self._bd_seq % len(metrics)
        self._aliases = {one: alias for alias, one in enumerate([*metrics[first:], *metrics[:first]])}
        for device, names in self._devices.items():
            born = [
                field(Tag.NAME, name.encode())
                + field(Tag.ALIAS, self._aliases[device, name])
                + field(Tag.DATATYPE, DataType.DOUBLE)
                + field(Tag.DOUBLE, _double(values[device][name]))
                for name in names
            ]
            yield self._message("DBIRTH", device, at, born)

    def report(self, device: str, at: int, values: Mapping[str, float]) -> Message:
        """Return a message of a device's values; raises SimulationError before the births."""
        if not self._aliases:
            raise SimulationError("an edge node reports after its births")
        metrics = [
            field(Tag.ALIAS, self._aliases[device, name]) + field(Tag.DOUBLE, _double(value))
            for name, value in values.items()
        ]
        return self._message("DDATA", device, at, metrics)

    def death(self) -> Message:
        """Return what the broker publishes when this connection ends."""
        return Message(self._topic("NDEATH", ""), field(Tag.PAYLOAD_METRIC, self._connection()))

    def _connection(self) -> bytes:
        return field(Tag.NAME, BD_SEQ.encode()) + field(Tag.DATATYPE, DataType.INT64) + field(Tag.LONG, self._bd_seq)

    def _message(self, kind: str, device: str, at: int, metrics: Sequence[bytes]) -> Message:
        self._seq = (self._seq + 1) % NUMBERS
        body = b"".join(field(Tag.PAYLOAD_METRIC, metric) for metric in metrics)
        written = field(Tag.PAYLOAD_TIMESTAMP, at // _MILLISECOND) + body + field(Tag.PAYLOAD_SEQ, self._seq)
        return Message(self._topic(kind, device), written)

    def _topic(self, kind: str, device: str) -> str:
        return "/".join((NAMESPACE, self._group, kind, self._name, *([device] if device else [])))


def _double(value: float) -> bytes:
    return pack("<d", value)
