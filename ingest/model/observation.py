"""Observations in columns: what a stage hands to the next one, a batch at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from ingest.model.columns import ColumnTable
from ingest.model.sparkplug import EdgeNode

IntColumn = npt.NDArray[np.int64]
FloatColumn = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ObservationBatch(ColumnTable):
    """Equal-length columns, one row per observation (OGC Observation: phenomenonTime, resultTime, result).

    ``series_id``; ``time`` (when it was true) and ``received_at`` (when it reached us) in microseconds since the
    Unix epoch; ``value`` in the series' canonical unit; ``quality`` (reading.Quality); ``message``: index of the
    message a row came from, in the list of messages that made the batch. ``revision``: when a value was issued
    (ingest.model.revision). ``begin``: when the interval of an amount begins, which ends at ``time``, where its source
    gave both, else ingest.model.given_interval.UNGIVEN. Either is None where nothing in the batch says it.
    """

    series_id: IntColumn
    time: IntColumn
    value: FloatColumn
    received_at: IntColumn
    quality: IntColumn
    message: IntColumn
    revision: FloatColumn | None = None
    begin: IntColumn | None = None

    @classmethod
    def empty(cls) -> "ObservationBatch":
        """Return a batch without rows."""
        none = np.empty(0, np.int64)
        return cls(none, none, np.empty(0, np.float64), none, none, none)


class RawMessage(msgspec.Struct, frozen=True, gc=False):
    """One message as the transport delivered it, with the transport's own marks.

    ``redelivered``: it may have come before (MQTT DUP). ``retained``: it was kept for whoever subscribes, and nobody
    knows since when (MQTT RETAIN).
    """

    topic: str
    payload: bytes
    received_at: int
    redelivered: bool = False
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Readings of one message that were refused for one reason; they go to quarantine with the raw message.

    ``reason`` is a stable code (snake_case), ``detail`` a sentence for a person, ``readings`` how many readings it
    stands for (a message that cannot be decoded counts as one), ``message`` the index of the message in its batch.

    ``field`` names what is at fault by a name that our side gave: a quantity of the city file, a key of the payload's
    format, or a part of the mapping file. It never holds text of the payload, so it may be shown where ``detail`` may
    not; None where no such name fits. ``faults``: how many faults the refusal sums up.
    """

    message: int
    reason: str
    detail: str
    readings: int = 1
    city: str | None = None
    device: str | None = None
    field: str | None = None
    faults: int = 1


@dataclass(frozen=True, slots=True)
class Sighting:
    """A device said that its readings of ``time`` (microseconds) are of the meter with a serial number."""

    device_id: int
    serial_number: str
    time: int
    message: int


class DeviceStatus(NamedTuple):
    """A registered device was online, or not, at a time (microseconds)."""

    device_id: int
    online: bool
    at: int


@dataclass(frozen=True)
class Resolved:
    """What became of a list of messages: observations to store and refusals to quarantine; together every reading.

    ``sightings`` say which meters were read; they count where a reading of their message and time is stored.
    ``statuses``: which devices are said to be there, or gone. ``edge_nodes``: what is known of senders from now on, by
    name; ``asked``: those of them that are to be asked for their births.
    """

    batch: ObservationBatch
    refusals: list[Refusal] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    statuses: list[DeviceStatus] = field(default_factory=list)
    edge_nodes: Mapping[str, EdgeNode] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()


def latest(statuses: Iterable[DeviceStatus]) -> list[DeviceStatus]:
    """Return the last one of each device; of two at one time the later one in ``statuses``."""
    found: dict[int, DeviceStatus] = {}
    for status in statuses:
        if status.at >= found.get(status.device_id, status).at:
            found[status.device_id] = status
    return list(found.values())
