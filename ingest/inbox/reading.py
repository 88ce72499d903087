"""Samples of somebody unknown, read by one format: what each device says in each field, and when."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingest.decoder import BARE, PART, Decoder, Sample
from ingest.errors import DecodeError
from ingest.inbox.curve import Point
from ingest.limits import DEFAULT
from ingest.model.observation import RawMessage
from ingest.model.topic_template import DEVICE, TopicTemplate
from ingest.speakers import FIELD


@dataclass
class FieldSamples:
    """What one device says in one field; ``unit`` where the message or the format says that."""

    points: list[Point] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    unit: str | None = None


@dataclass
class SamplesRead:
    """What a format makes of samples: ``fields`` by device and name; ``has_times``: whether they say when they were.

    ``has_clocks``: they say it by a clock whose zone they leave open. ``has_frames``: what they hold is encoded once
    more, as a device sent it by radio.
    """

    decoder: Decoder
    template: TopicTemplate | None
    read: int = 0
    has_times: bool = True
    has_clocks: bool = False
    has_frames: bool = False
    fields: Mapping[str | None, dict[str, FieldSamples]] = field(default_factory=dict)

    @property
    def instants(self) -> list[int]:
        """When anything was said."""
        return [at for by_name in self.fields.values() for one in by_name.values() for at, _ in one.points]


def read(decoder: Decoder, messages: Sequence[RawMessage], template: TopicTemplate | None) -> SamplesRead:
    """Read ``messages`` by a format; ``template`` says what their topics name. A message it cannot read is left out."""
    fields: dict[str | None, dict[str, FieldSamples]] = defaultdict(lambda: defaultdict(FieldSamples))
    found = SamplesRead(decoder, template, fields=fields)
    for message in messages:
        given = (template.read(message.topic.split("/")) if template else None) or {}
        try:
            samples = decoder.decode(message.payload, DEFAULT)
        except DecodeError:
            continue
        for sample in samples:
            found.has_frames |= sample.frame is not None
            found.has_clocks |= sample.local is not None
        good = [one for one in samples if one.values or one.texts]
        found.read += bool(good)
        for sample in good:
            found.has_times &= sample.time is not None or sample.local is not None
            _take(fields[_whom(sample, given.get(DEVICE))], sample, message, given.get(FIELD), decoder)
    return found


def _whom(sample: Sample, named: str | None) -> str | None:
    """Return who a sample is of: whom it says, else whom the topic names; of a part both."""
    itself = sample.device
    if itself is None or named is None or not itself.startswith(PART):
        return itself or named
    return f"{named}{itself}"


def _take(
    fields: dict[str, FieldSamples], sample: Sample, message: RawMessage, topic_field: str | None, decoder: Decoder
) -> None:
    at = sample.time if sample.time is not None else sample.local
    at = message.received_at - sample.age if at is None else at
    for name, value in sample.values.items():
        one = fields[_called(name, topic_field)]
        one.unit = sample.units.get(name) or decoder.units.get(topic_field or "") or one.unit
        if value is not None:
            one.points.append((at, value))
    for name, text in sample.texts.items():
        fields[_called(name, topic_field)].texts.add(text)


def _called(name: str, topic_field: str | None) -> str:
    if topic_field is None:
        return name
    return topic_field if name == BARE else f"{topic_field}.{name}"
