"""Decoded messages and the catalogue make observations: names become series, units canonical, the rest is refused.

Columns are gathered per batch and turned into arrays once; conversion is vectorised over slots, a slot being one series
read in one unit. ``null`` travels as NaN and is dropped there: it is no reading and counts nowhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

import numpy as np

from ingest.decoder import Decoder, Flaw, Sample, quoted
from ingest.errors import DecodeError, OverLimitError, UnitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.meter_keys import KeysOf, none
from ingest.model.catalogue import Catalogue, DeviceEntry
from ingest.model.edge_nodes import EdgeNodes, nothing
from ingest.model.given_interval import UNGIVEN, GivenInterval
from ingest.model.observation import (
    DeviceStatus,
    FloatColumn,
    IntColumn,
    ObservationBatch,
    RawMessage,
    Refusal,
    Resolved,
    Sighting,
)
from ingest.model.quantities.units import conversion
from ingest.model.reading import Quality, ReadingKind
from ingest.model.revision import UNREVISED
from ingest.model.sparkplug import EdgeNode
from ingest.reasons import Reason
from ingest.slots import Slots
from ingest.speakers import Speaker, Speakers, SpokenTopic

_REMEMBERED_TOPICS = 100_000
_RETAINED: Final = Flaw(
    Reason.RETAINED,
    "the broker had retained the message and it has no time: nobody knows when it was true, so it is no reading; "
    "give it a time, or publish it without RETAIN",
    0,
    "time",
)


@dataclass
class _Columns:
    """What a batch gathers: one entry per reading, and one per sample which its readings share."""

    slot: list[int] = field(default_factory=list)
    value: list[float | None] = field(default_factory=list)
    time: list[int] = field(default_factory=list)
    quality: list[int] = field(default_factory=list)
    message: list[int] = field(default_factory=list)
    length: list[int] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    statuses: list[DeviceStatus] = field(default_factory=list)
    revisions: dict[int, float] = field(default_factory=dict)  # by the number of the sample; few samples have any
    intervals: dict[int, GivenInterval] = field(default_factory=dict)  # likewise


class Resolver:
    """Turns messages into observations; remembers what topics mean, so it lives as long as its catalogue.

    ``recall`` returns what is stored of an edge node: it is asked anew for each list of messages, since another process
    may have taken those in between. ``keys``: of devices whose payloads are encrypted, by the name of their file.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        decoder: Decoder,
        limits: PayloadLimits = DEFAULT,
        recall: Callable[[str], EdgeNode | None] = nothing,
        keys: KeysOf = none,
    ) -> None:
        self._limits = limits
        self._slots = Slots()
        self._edge_nodes = EdgeNodes(recall)
        self._speakers = Speakers(catalogue, decoder, self._slots, self._edge_nodes, keys)
        self._topics: dict[str, SpokenTopic] = {}

    def resolve(self, messages: Sequence[RawMessage]) -> Resolved:
        """Decode and resolve ``messages``; every reading in them is in the result once, as a row or in a refusal."""
        columns, topics, limits = _Columns(), self._topics, self._limits
        self._edge_nodes.begin()
        for index, message in enumerate(messages):
            if not message.payload:
                continue  # how MQTT deletes what it retained: housekeeping, which says nothing of any reading
            topic = topics.get(message.topic) or self._topic(message.topic)
            flaws: list[tuple[Speaker, Flaw]] = []
            try:
                for speaker, sample in topic.by_device(topic.decode(message.payload, limits)):
                    if found := self._gather(columns, index, message, speaker, sample):
                        flaws += [(speaker, flaw) for flaw in found]
            except OverLimitError as error:
                flaws.append((topic.speaker, Flaw(Reason.OVER_LIMIT, str(error), error.readings)))
            except DecodeError as error:
                flaws.append((topic.speaker, Flaw(Reason.UNDECODABLE, str(error))))
            if flaws:
                columns.refusals += (_refusal(index, speaker, flaw) for speaker, flaw in self._summed(flaws))
        batch, nodes = self._batch(columns, messages), self._edge_nodes
        return Resolved(batch, columns.refusals, columns.sightings, columns.statuses, nodes.changed, nodes.asked)

    def refused(self, message: RawMessage, flaw: Flaw) -> Refusal:
        """Return the refusal of a message as a whole, told of whom its topic names."""
        return _refusal(0, (self._topics.get(message.topic) or self._topic(message.topic)).speaker, flaw)

    def _gather(
        self, columns: _Columns, index: int, message: RawMessage, speaker: Speaker, sample: Sample
    ) -> Sequence[Flaw]:
        """Append the readings of a sample to the columns; returns what is refused of it."""
        if sample.time is None and message.retained:
            return [*sample.flaws, _RETAINED] if sample.values or sample.texts else sample.flaws
        values = sample.values
        flaws: Sequence[Flaw] = sample.flaws
        measured_at = message.received_at - sample.age if sample.time is None else sample.time
        slots = [speaker.slots.get(quantity, -1) for quantity in values]
        if -1 in slots or sample.units or sample.texts or (sample.time is None and speaker.device):
            slots, values, flaws = self._examine(speaker, sample, measured_at)
        columns.slot += slots
        columns.value += values.values()
        if sample.revision is not None:
            columns.revisions[len(columns.length)] = sample.revision
        if sample.interval is not None:
            columns.intervals[len(columns.length)] = sample.interval
        columns.length.append(len(slots))
        columns.message.append(index)
        columns.time.append(measured_at)
        timed = Quality.ESTIMATED if sample.is_estimated else Quality.MEASURED
        columns.quality.append(Quality.ARRIVAL_TIME if sample.time is None else timed)
        if sample.serial_number is not None and sample.time is not None and speaker.device:
            columns.sightings.append(Sighting(speaker.device.device_id, sample.serial_number, sample.time, index))
        if sample.online is not None and speaker.device:
            columns.statuses.append(DeviceStatus(speaker.device.device_id, sample.online, message.received_at))
        return flaws

    def _examine(
        self, speaker: Speaker, sample: Sample, measured_at: int
    ) -> tuple[list[int], Mapping[str, float | None], Sequence[Flaw]]:
        """Look at each reading of a sample; returns the slots and values to keep, and the flaws of the others."""
        given = {quantity: value for quantity, value in sample.values.items() if value is not None}
        if speaker.device is None:
            readings = len(given) + len(sample.texts)
            flaws = (Flaw(*speaker.unregistered, readings),) if readings else ()
            return [], {}, (*sample.flaws, *flaws)
        slots: dict[str, int] = {}
        kept: dict[str, float | None] = {}
        refused: list[Flaw] = []
        for quantity, value in chain(given.items(), sample.texts.items()):
            found = self._slot(speaker, quantity, sample, measured_at)
            number = _code(speaker.device, quantity, value) if isinstance(value, str) else value
            if flaw := next((one for one in (found, number) if isinstance(one, Flaw)), None):
                refused.append(flaw)
            elif isinstance(found, int) and isinstance(number, float):
                slots[quantity], kept[quantity] = found, number
        return list(slots.values()), kept, (*sample.flaws, *refused)

    def _slot(self, speaker: Speaker, quantity: str, sample: Sample, measured_at: int) -> int | Flaw:
        device = speaker.device
        series = device.reported(quantity) if device else None
        if device is None or series is None:
            name = device.name if device else "nobody"
            detail = f"{name} is not declared to report {quoted(quantity)}; declared are {speaker.declared or 'none'}"
            return Flaw(Reason.UNKNOWN_QUANTITY, detail, field="values")
        if sample.time is None and series.kind is ReadingKind.INTERVAL:
            detail = f"{quantity} is an amount for an interval; its {series.stamping} is expected as time"
            return Flaw(Reason.UNTIMED_INTERVAL, detail, field=quantity)
        unit = sample.units.get(quantity)
        if unit is None:
            return self._slots.of(series, series.conversions.at(measured_at))
        try:
            return self._slots.of(series, conversion(unit, series.unit))
        except UnitError as error:
            return Flaw(Reason.UNIT_MISMATCH, f"{quantity}: {error}", field=quantity)

    def _topic(self, name: str) -> SpokenTopic:
        if len(self._topics) >= _REMEMBERED_TOPICS:
            self._topics.clear()
        self._topics[name] = topic = self._speakers.of(name)
        return topic

    def _summed(self, flaws: list[tuple[Speaker, Flaw]]) -> Iterator[tuple[Speaker, Flaw]]:
        """Yield the first flaws of a message one by one, the others summed up by speaker and reason: all count."""
        yield from flaws[: self._limits.told]
        rest: dict[tuple[int, Reason], list[tuple[Speaker, Flaw]]] = {}
        for speaker, flaw in flaws[self._limits.told :]:
            rest.setdefault((id(speaker), flaw.reason), []).append((speaker, flaw))
        for same in rest.values():
            (speaker, first), count = same[0], len(same)
            detail = first.detail + (f"; and {count - 1} more of this message" if count > 1 else "")
            yield speaker, Flaw(first.reason, detail, sum(flaw.readings for _, flaw in same), faults=count)

    def _batch(self, columns: _Columns, messages: Sequence[RawMessage]) -> ObservationBatch:
        slot, length = np.array(columns.slot, np.int64), np.array(columns.length, np.int64)
        series_id, scale, offset, stamps = self._slots.columns()
        received_at = np.array([message.received_at for message in messages], np.int64)
        message = np.repeat(np.array(columns.message, np.int64), length)
        with np.errstate(over="ignore"):  # what a conversion takes beyond every float is refused as implausible
            value = np.array(columns.value, np.float64) * scale[slot] + offset[slot] + 0.0  # -0.0 becomes 0.0
        time = stamps.complete_at(np.repeat(np.array(columns.time, np.int64), length), slot)
        begin, time = _intervals(columns, length, time) if columns.intervals else (None, time)
        batch = ObservationBatch(
            series_id=series_id[slot],
            time=time,
            value=value,
            received_at=received_at[message],
            quality=np.repeat(np.array(columns.quality, np.int64), length),
            message=message,
            revision=_revisions(columns, length) if columns.revisions else None,
            begin=begin,
        )
        absent = np.isnan(value)
        return batch.select(~absent) if absent.any() else batch


def _refusal(index: int, speaker: Speaker, flaw: Flaw) -> Refusal:
    """Say who is concerned, by a name that our side gave where there is one; a field only if our side named it."""
    is_ours = flaw.field in speaker.keys or (speaker.device is not None and flaw.field in speaker.device.series)
    field = flaw.field if is_ours else None
    return Refusal(index, flaw.reason, flaw.detail, flaw.readings, speaker.city, speaker.name, field, flaw.faults)


def _revisions(columns: _Columns, length: IntColumn) -> FloatColumn:
    of_sample = np.full(len(length), UNREVISED)
    of_sample[list(columns.revisions)] = list(columns.revisions.values())
    return np.repeat(of_sample, length)


def _intervals(columns: _Columns, length: IntColumn, time: IntColumn) -> tuple[IntColumn, IntColumn]:
    """Return when the intervals of readings begin and end, where samples give both; else UNGIVEN and their ``time``."""
    begin, end = (np.full(len(length), UNGIVEN) for _ in GivenInterval._fields)
    rows = list(columns.intervals)
    begin[rows], end[rows] = np.array(list(columns.intervals.values()), np.int64).T
    begin, end = np.repeat(begin, length), np.repeat(end, length)
    return begin, np.where(begin == UNGIVEN, time, end)


def _code(device: DeviceEntry, quantity: str, text: str) -> float | Flaw:
    """Return what a text stands for: the place of a state in the list of its quantity."""
    series = device.reported(quantity)
    states = series.states if series else ()
    if text in states:
        return float(states.index(text))
    if states:
        detail = f"{quantity} is {quoted(text)}; known states are {', '.join(states)}"
        return Flaw(Reason.UNKNOWN_STATE, detail, field=quantity)
    return Flaw(
        Reason.NOT_A_NUMBER,
        f"{quoted(quantity)} is the text {quoted(text)}; expected a number that a 64-bit float can hold",
        field=quantity,
    )
