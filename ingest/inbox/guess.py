"""A guess at what somebody unknown sends: the format, what each field measures and how, and how often it comes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ingest import topics
from ingest.decoder import Decoder
from ingest.decoders import DECODERS
from ingest.inbox import curve, field_names, plain_csv, plain_json
from ingest.inbox.curve import Shape
from ingest.inbox.reading import FieldSamples, SamplesRead, read
from ingest.model.city.binding import MAPPED
from ingest.model.observation import RawMessage
from ingest.model.payload_mapping import PayloadMapping
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import ReadingKind
from ingest.model.topic_template import DEVICE, TopicTemplate, is_level
from ingest.topic_shape import usual

NATIVE: Final = "pharos"


@dataclass(frozen=True)
class GuessedField:
    """A field of one device; ``is_fixed``: the format itself says what it is, otherwise its name does.

    ``is_unit_stated``: messages or the format say its unit.

    ``kind`` as the curve of the samples tells it, None where it cannot. ``quantity`` is None where nobody can say.
    """

    name: str
    quantity: str | None
    unit: str | None
    kind: ReadingKind | None
    is_fixed: bool
    is_unit_stated: bool
    readings: int
    first: float | None
    last: float | None
    states: tuple[str, ...] = ()


@dataclass(frozen=True)
class GuessedDevice:
    """A device as messages call it, None where they do not, and its fields."""

    called: str | None
    fields: tuple[GuessedField, ...]


@dataclass(frozen=True)
class Guess:
    """What somebody most likely sends; ``decoder`` is None where no format reads it.

    ``readers``: all formats that read it. ``mapping``: how JSON of no known format would be read. ``interval`` in
    microseconds. ``needs_zone``: its times are those of a clock; ``needs_profile``: a profile must say what its frames
    mean; ``has_times``: it says when its values were; ``is_rows``: it looks like CSV, whose columns nobody named.
    """

    decoder: str | None
    readers: tuple[str, ...]
    topic: str | None
    interval: int | None
    devices: tuple[GuessedDevice, ...]
    mapping: PayloadMapping | None = None
    has_times: bool = True
    needs_zone: bool = False
    needs_profile: bool = False
    is_rows: bool = False


def guess(messages: Sequence[RawMessage], known: tuple[Decoder, TopicTemplate | None] | None = None) -> Guess:
    """Return what ``messages`` of one sender most likely are; ``known``: the format and topics of their binding."""
    if not messages:
        return Guess(None, (), None, None, ())
    if known is None and topics.parse(messages[0].topic):
        known = DECODERS[NATIVE], TopicTemplate.parse(f"{topics.ROOT}/{{city}}/{{device}}/{{channel}}")
    readings = list(_readings(messages, known))
    best = max(readings, key=_worth, default=None)
    if best is None or not (best.read or best.has_frames):
        text = _template_of(messages[0].topic)
        if known is None and text and (mapped := _mapped(messages, TopicTemplate.parse(text))):
            return _found(*mapped, readings)
        return Guess(None, (), text, curve.interval([one.received_at for one in messages]), ())
    mapping = None
    is_usual = best.template is not None and best.template.text in best.decoder.topics
    if (
        known is None
        and not is_usual
        and not any(_meaning(best, name) for samples in best.fields.values() for name in samples)
    ):
        best, mapping = _mapped(messages, best.template) or (best, None)
    is_rows = mapping is None and plain_csv.is_rows([one.payload for one in messages])
    return replace(_found(best, mapping, readings), is_rows=is_rows)


def _found(best: SamplesRead, mapping: PayloadMapping | None, readings: Sequence[SamplesRead]) -> Guess:
    """Return the guess that somebody is read best so."""
    return Guess(
        MAPPED if mapping else best.decoder.name,
        tuple(sorted({one.decoder.name for one in readings if one.read})),
        best.template.text if best.template else None,
        curve.interval(best.instants),
        tuple(_device(called, by_name, best) for called, by_name in _by_name(best.fields)),
        mapping,
        best.has_times,
        best.has_clocks,
        best.has_frames and not best.read,
    )


def _readings(
    messages: Sequence[RawMessage], known: tuple[Decoder, TopicTemplate | None] | None
) -> Iterator[SamplesRead]:
    if known is not None:
        yield read(known[0], messages, known[1])
        return
    templates: Mapping[str, TopicTemplate] = {one.name: template for one, template in usual(messages[0].topic)}
    text = _template_of(messages[0].topic)
    otherwise = TopicTemplate.parse(text) if text else None
    for decoder in DECODERS.values():
        if decoder.name != MAPPED:
            yield read(decoder, messages, templates.get(decoder.name, otherwise))


def _worth(one: SamplesRead) -> tuple[int, ...]:
    """Order formats: that of the topic, then the one that knows most of the fields, then the one that reads most."""
    is_usual = bool(one.template and one.template.text in one.decoder.topics)
    known = sum(_meaning(one, name) is not None for samples in one.fields.values() for name in samples)
    is_reader = bool(one.read or one.has_frames)
    return is_reader, is_usual and is_reader, known, one.read, one.has_times


def _meaning(one: SamplesRead, name: str) -> str | None:
    if not one.decoder.foreign:
        return name if name in QUANTITIES else None
    return one.decoder.meanings.get(name)


def _mapped(
    messages: Sequence[RawMessage], template: TopicTemplate | None
) -> tuple[SamplesRead, PayloadMapping] | None:
    """Return how JSON or CSV that no format knows the meaning of would be read, where its names tell that."""
    payloads = [one.payload for one in messages]
    found = plain_json.mapping(payloads) or plain_csv.mapping(payloads)
    if found is None:
        return None
    reading = read(plain_json.decoder_of(found), messages, template)
    return (reading, found) if reading.read else None


def _device(called: str | None, by_name: Mapping[str, FieldSamples], best: SamplesRead) -> GuessedDevice:
    guessed = field_names.quantities(by_name)
    fields = [_field(name, one, best, guessed[name]) for name, one in sorted(by_name.items())]
    return GuessedDevice(called, tuple(sorted(fields, key=lambda one: (one.quantity is None, not one.is_fixed))))


def _field(name: str, samples: FieldSamples, best: SamplesRead, guessed: str | None) -> GuessedField:
    fixed = _meaning(best, name)
    quantity = fixed or (None if samples.texts else guessed)
    unit = samples.unit or (field_names.unit(name, quantity) if quantity and not fixed else None)
    values = [value for _, value in sorted(samples.points)]
    return GuessedField(
        name,
        quantity,
        unit,
        ReadingKind.STATE if samples.texts else _kind(curve.shape(samples.points), quantity),
        fixed is not None and best.decoder.name != MAPPED,
        samples.unit is not None,
        len(values) + len(samples.texts),
        values[0] if values else None,
        values[-1] if values else None,
        tuple(sorted(samples.texts)),
    )


def _kind(shape: Shape, quantity: str | None) -> ReadingKind | None:
    """Return what a curve is; of a quantity that is counted, one that goes up and down is amounts for intervals."""
    is_counted = quantity is not None and QUANTITIES[quantity].kind is ReadingKind.REGISTER
    if shape is Shape.MOVES:
        return ReadingKind.INTERVAL if is_counted else ReadingKind.GAUGE
    if shape is Shape.RISES:
        return ReadingKind.REGISTER if is_counted or quantity is None else ReadingKind.GAUGE
    return None


def _by_name(fields: Mapping[str | None, dict[str, FieldSamples]]) -> list[tuple[str | None, dict[str, FieldSamples]]]:
    return sorted(fields.items(), key=lambda one: one[0] or "")


def _template_of(topic: str) -> str | None:
    """Return a template of which a topic is one: its longest level with a digit is taken for the device, if any."""
    levels = topic.split("/")
    if not all(is_level(level) for level in levels) or topic.startswith("$"):
        return None
    named = [level for level in levels if any(sign.isdigit() for sign in level) and len(level) > 1]
    device = max(named, key=len, default=levels[-1] if len(levels) > 1 else None)
    return "/".join(f"{{{DEVICE}}}" if level is device else level for level in levels)
