"""What each device is told: how many readings were understood, what was refused last of each kind, how its clock is.

On the device's retained feedback topic: within 5 s of a refusal, and of what was understood at most once a minute. A
gateway, which cannot read the topics of its devices, is told on its own of all that it sends for them.
Counts begin with this process (``since``); a reading delivered again counts again. Pure: time comes in as an argument,
in microseconds.
"""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

import msgspec
import numpy as np

from ingest.model.catalogue import Catalogue
from ingest.model.declarations.declaration import NATIVE_ID_PATTERN
from ingest.model.observation import FloatColumn, IntColumn, ObservationBatch, Refusal
from ingest.model.reading import Quality
from ingest.model.time import HOUR, MINUTE, SECOND, isoformat
from ingest.topics import Channel, topic

EVERY: Final = MINUTE  # while everything is understood
SOON: Final = 5 * SECOND  # once something was refused
ABOUT_NOW: Final = HOUR / SECOND  # seconds; a reading older than that is history and says nothing about a clock
MOST_UNKNOWN: Final = 1_000  # devices that nobody registered and that are answered nevertheless

MOST_KINDS: Final = 8  # of errors that are told of one device
LONGEST_DETAIL: Final = 500  # characters

_ADDRESS: Final = re.compile(NATIVE_ID_PATTERN)  # Kafka's keys may name what no topic of MQTT can

_Key = tuple[str, str]


class LastError(msgspec.Struct):
    """What was refused last of a kind: the code, the field, a sentence, how often, and when it was last (RFC 3339)."""

    reason: str
    field: str | None
    detail: str
    count: int
    at: str


class Feedback(msgspec.Struct):
    """What a device is told; ``since`` and ``at`` in RFC 3339."""

    accepted: int
    rejected: int
    since: str
    last_error: LastError | None
    errors: list[LastError]
    clock_offset_s: float | None
    at: str


@dataclass
class _State:
    """What is known of one device since the start; ``clock_offset`` [s] since it was last told.

    ``errors``: the last one of each kind, which is reason and field, the latest at the end. ``is_pressing``: something
    was refused since it was last told.
    """

    topic: str
    accepted: int = 0
    rejected: int = 0
    errors: dict[tuple[str, str | None], LastError] = field(default_factory=dict)
    clock_offset: float | None = None
    reported_at: int | None = None
    is_pressing: bool = False

    def refuse(self, refusal: Refusal, now: int) -> None:
        """Take note of what was refused; beyond MOST_KINDS the kind that came longest ago is forgotten."""
        self.rejected += refusal.readings
        self.is_pressing = True
        kind = str(refusal.reason), refusal.field
        former = self.errors.pop(kind, None)
        count = refusal.faults + (former.count if former else 0)
        detail = refusal.detail[:LONGEST_DETAIL]
        self.errors[kind] = LastError(str(refusal.reason), refusal.field, detail, count, isoformat(now))
        if len(self.errors) > MOST_KINDS:
            del self.errors[next(iter(self.errors))]

    @property
    def due_at(self) -> int:
        """From when on it is time to tell what changed."""
        return 0 if self.reported_at is None else self.reported_at + (SOON if self.is_pressing else EVERY)


class FeedbackBoard:
    """Gathers what became of readings, and says who is to be told now."""

    def __init__(self, catalogue: Catalogue, since: int) -> None:
        self._since = since
        self._catalogue: Catalogue | None = None
        self._cities: frozenset[str] = frozenset()
        self._states: dict[_Key, _State] = {}
        self._changed: set[_Key] = set()
        self._due: list[tuple[int, _Key]] = []  # a heap: when each of them is to be looked at
        self._unknown = 0
        self._gateways: dict[_Key, _Key] = {}  # of devices, and of bindings for devices that nobody declared
        self._keys: list[_Key] = []
        self._device_of_series: IntColumn = np.zeros(0, np.int64)
        self.take_up(catalogue)

    def take_up(self, catalogue: Catalogue) -> None:
        """Answer the devices of ``catalogue`` from now on; what is known of those that stay is kept."""
        if catalogue is self._catalogue:
            return
        self._catalogue, self._cities = catalogue, frozenset(catalogue.cities)
        self._keys = [(city, device.name) for (city, _), device in catalogue.devices.items()]
        self._device_of_series = np.zeros(max(catalogue.series, default=0) + 1, np.int64)
        for number, ((city, address), device) in enumerate(catalogue.devices.items()):
            for series in device.series.values():
                self._device_of_series[series.series_id] = number
            answered = topic(city, address, Channel.FEEDBACK)
            self._states.setdefault((city, device.name), _State(answered)).topic = answered
        self._gateways = dict(_gateways(catalogue))
        for city, name in self._gateways.values():
            self._states.setdefault((city, name), _State(topic(city, name, Channel.FEEDBACK)))

    def observe(self, arrived: ObservationBatch, kept: ObservationBatch, refusals: list[Refusal], now: int) -> None:
        """Take note of readings that arrived, those of them that were kept, and all that was refused."""
        for device, count in self._counts(kept):
            for key in filter(None, (device, self._gateways.get(device))):
                self._states[key].accepted += count
                self._change(key)
        for key, offset in self._offsets(arrived):
            known = self._states[key].clock_offset
            self._states[key].clock_offset = offset if known is None else min(known, offset, key=abs)
        for refusal in refusals:
            if answered := self._answered(refusal):
                self._refuse(answered, refusal, now)
            if gateway := self._gateway(refusal):
                self._refuse(gateway, _of_device(refusal), now)

    def due(self, now: int) -> Iterator[tuple[str, bytes]]:
        """Yield topic and payload for every device that is to be told now."""
        while self._due and self._due[0][0] <= now:
            _, key = heappop(self._due)
            state = self._states[key]
            if key in self._changed and state.due_at <= now:  # else it was told sooner, since something was refused
                state.reported_at, state.is_pressing = now, False
                self._changed.remove(key)
                yield state.topic, self._payload(state, now)
                state.clock_offset = None

    def _change(self, key: _Key) -> None:
        """Note that there is something to tell, and when."""
        if key not in self._changed:
            self._changed.add(key)
            heappush(self._due, (self._states[key].due_at, key))

    def _refuse(self, key: _Key, refusal: Refusal, now: int) -> None:
        """Note that something was refused, which is told sooner."""
        if not self._states[key].is_pressing:
            self._changed.discard(key)
        self._states[key].refuse(refusal, now)
        self._change(key)

    def _payload(self, state: _State, now: int) -> bytes:
        errors = list(reversed(state.errors.values()))
        feedback = Feedback(
            accepted=state.accepted,
            rejected=state.rejected,
            since=isoformat(self._since),
            last_error=errors[0] if errors else None,
            errors=errors,
            clock_offset_s=state.clock_offset,
            at=isoformat(now),
        )
        return msgspec.json.encode(feedback)

    def _answered(self, refusal: Refusal) -> _Key | None:
        """Return the device a refusal speaks of, if it may be answered."""
        if refusal.city not in self._cities or refusal.device is None:
            return None
        key = refusal.city, refusal.device
        if key not in self._states:
            if self._unknown >= MOST_UNKNOWN or not _ADDRESS.fullmatch(refusal.device):
                return None
            self._unknown += 1
            self._states[key] = _State(topic(*key, Channel.FEEDBACK))
        return key

    def _gateway(self, refusal: Refusal) -> _Key | None:
        """Return who sent for the device a refusal speaks of, None where it sent itself or was the sender."""
        if refusal.city is None or refusal.device is None:
            return None
        of_binding, slash, _ = refusal.device.partition("/")
        return self._gateways.get((refusal.city, f"{of_binding}{slash}" if slash else refusal.device))

    def _counts(self, batch: ObservationBatch) -> Iterator[tuple[_Key, int]]:
        counts = np.bincount(self._device_of_series[batch.series_id])
        return ((self._keys[device], int(counts[device])) for device in np.flatnonzero(counts))

    def _offsets(self, batch: ObservationBatch) -> Iterator[tuple[_Key, float]]:
        """Yield by how many seconds each device is ahead, judged by its timed reading nearest to its arrival.

        A device that sends a queue of readings sends the last of them when it is made, if its clock is right.
        """
        ahead: FloatColumn = (batch.time - batch.received_at) / SECOND
        telling = np.flatnonzero((batch.quality == Quality.MEASURED) & (ahead >= -ABOUT_NOW))
        farthest_first = telling[np.argsort(-np.abs(ahead[telling]))]
        nearest = np.full(len(self._keys), np.nan)
        nearest[self._device_of_series[batch.series_id[farthest_first]]] = ahead[farthest_first]  # the last one stays
        return ((self._keys[one], round(float(nearest[one]), 3)) for one in np.flatnonzero(~np.isnan(nearest)))


def _gateways(catalogue: Catalogue) -> Iterator[tuple[_Key, _Key]]:
    """Yield the gateway of each device that has one, by their names; of its others by the binding: ``BINDING/``."""
    for city in catalogue.cities.values():
        senders = {}
        for binding in city.bindings:
            if binding.gateway is not None:
                sender = catalogue.devices.get((city.name, binding.gateway))
                senders[binding.name] = city.name, sender.name if sender else binding.gateway
        yield from (((city.name, f"{name}/"), key) for name, key in senders.items())
        for device in city.devices:
            key = senders.get(device.binding.name) if device.binding else None
            if key is not None and key != (city.name, device.name):
                yield (city.name, device.name), key


def _of_device(refusal: Refusal) -> Refusal:
    """Return what a gateway is told of a refusal: with the device that it is of, where its words do not name it."""
    device = (refusal.device or "").partition("/")[2] or refusal.device or ""
    named = refusal.detail if device in refusal.detail else f"{device}: {refusal.detail}"
    return dataclasses.replace(refusal, detail=named)
