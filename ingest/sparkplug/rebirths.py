"""Asking edge nodes for their births: the command "Node Control/Rebirth", and how often one is asked.

Pure: time comes in as an argument, in microseconds.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from ingest.model.sparkplug import rebirth_topic
from ingest.model.time import SECOND
from ingest.payloads.instants import MILLISECOND
from ingest.sparkplug.payload import DataType, Tag
from ingest.sparkplug.protobuf import field

EVERY: Final = 30 * SECOND  # one that does not answer is not asked for every message it sends
CONTROL: Final = "Node Control/Rebirth"


class Rebirths:
    """Who is to be asked, and who has been."""

    def __init__(self) -> None:
        self._wanted: set[str] = set()
        self._asked: dict[str, int] = {}

    def want(self, nodes: Iterable[str]) -> None:
        """Take note of edge nodes whose births are needed."""
        self._wanted.update(nodes)

    def due(self, now: int) -> Iterator[tuple[str, bytes]]:
        """Yield topic and payload of each command that is to be published now."""
        for node in sorted(self._wanted):
            if now - self._asked.get(node, now - EVERY) >= EVERY:
                self._asked[node] = now
                self._wanted.remove(node)
                yield rebirth_topic(node), command(now)


def command(now: int) -> bytes:
    """Return the payload of the command."""
    millis = now // MILLISECOND
    metric = b"".join(
        (
            field(Tag.NAME, CONTROL.encode()),
            field(Tag.TIMESTAMP, millis),
            field(Tag.DATATYPE, DataType.BOOLEAN),
            field(Tag.BOOLEAN, True),
        )
    )
    return field(Tag.PAYLOAD_TIMESTAMP, millis) + field(Tag.PAYLOAD_METRIC, metric)
