"""Whom messages speak of, by their topics: a device on its native topic, the devices of a binding on topics of its own.

What the payloads of a binding call their fields become quantities here, so that what follows knows one kind of sample.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import repeat
from typing import Final

import msgspec

from ingest import topics
from ingest.bound_decoder import decoder_of
from ingest.decoder import PART, Decoder, Flaw, Sample, quoted
from ingest.decoders import DECODERS
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import PayloadLimits
from ingest.local_times import placed
from ingest.lorawan import frames
from ingest.meter_keys import KeysOf
from ingest.model.bindings import BoundDevice, BoundTopics
from ingest.model.catalogue import Catalogue, DeviceEntry
from ingest.model.declarations.expected import LISTED
from ingest.model.edge_nodes import EdgeNodes
from ingest.model.topic_template import DEVICE, TopicTemplate
from ingest.payload_fields import meanings, part, profile_of
from ingest.reasons import Reason
from ingest.slots import Slots
from ingest.wording import first_of

FIELD: Final = "field"  # the placeholder of a topic that says which field its payload is

_PROFILE: Final = "a profile in the binding of the device, such as binding: {name: lorawan, profile: elsys}"

Part = tuple["Speaker", Sample]


@dataclass(frozen=True)
class Speaker:
    """Whom readings are of; ``slots`` by quantity, without those whose unit depends on the time of a reading.

    ``city`` and ``name`` are what refusals tell. ``device`` is None where nobody registered it, ``unregistered`` then
    says so. ``keys``: names of fields that our side gave.
    """

    city: str | None
    name: str | None
    device: DeviceEntry | None
    slots: Mapping[str, int]
    keys: frozenset[str]
    unregistered: tuple[Reason, str] = (Reason.UNKNOWN_DEVICE, "")

    @cached_property
    def declared(self) -> str:
        """The quantities that the device reports, in words."""
        return ", ".join(filter(self.device.reported, self.device.series)) if self.device else ""


@dataclass(frozen=True, slots=True)
class SpokenTopic:
    """How a topic is decoded, and ``speaker``, whom a message as a whole is of.

    ``by_device`` tells of the samples of a message what they say of whom, in quantities.
    """

    speaker: Speaker
    decode: Callable[[bytes, PayloadLimits], list[Sample]]
    by_device: Callable[[list[Sample]], Iterable[Part]]

    @classmethod
    def of_one(cls, speaker: Speaker, decoder: Decoder) -> "SpokenTopic":
        """Return a topic whose samples are all of one speaker, and in quantities."""
        return cls(speaker, decoder.decode, partial(zip, repeat(speaker)))


class Speakers:
    """Finds out whom topics speak of, by a catalogue; ``decoder`` is that of the native topics.

    ``edge_nodes``: what is known of senders, of formats whose messages rest on that. ``keys``: of devices, by the name
    of their file, of formats that are encrypted.
    """

    def __init__(
        self, catalogue: Catalogue, decoder: Decoder, slots: Slots, edge_nodes: EdgeNodes, keys: KeysOf
    ) -> None:
        self._catalogue, self._decoder, self._slots, self._edge_nodes = catalogue, decoder, slots, edge_nodes
        self._keys = keys
        self._bound: dict[str, _BoundSpeakers] = {}

    def of(self, topic: str) -> SpokenTopic:
        """Return who speaks on a topic, whatever it is."""
        if address := topics.parse(topic):
            return self._native(address)
        if found := self._catalogue.bindings.of(topic):
            bound, given = found
            decoder = decoder_of(bound) or _absent(bound.decoder)
            return self._by_binding(bound, decoder, given, topic)
        unbound = Reason.BAD_TOPIC, f"expected {topics.ROOT}/<city>/<device>/telemetry, or a topic of a binding"
        nobody = Speaker(None, None, None, {}, self._decoder.keys, unbound)
        return SpokenTopic.of_one(nobody, _unbound(self._decoder, Flaw(*unbound)))

    def _native(self, address: topics.Address) -> SpokenTopic:
        city, name = address
        device = self._catalogue.devices.get(address)
        if device is not None and self._decoder.foreign:  # a trial of a format that no binding names yet
            return self._by_binding(self._tried(device, name), self._decoder, {DEVICE: name}, "")
        sentence = f"no device {quoted(name)} is registered in {quoted(city)}"
        speaker = self.speaker(device, self._decoder.keys) if device else _nobody(city, name, sentence, self._decoder)
        return SpokenTopic.of_one(speaker, self._decoder)

    def _by_binding(self, bound: BoundTopics, decoder: Decoder, given: Mapping[str, str], topic: str) -> SpokenTopic:
        key = f"{bound.city}/{bound.name}"
        if key not in self._bound:
            self._bound[key] = _BoundSpeakers(self, self._catalogue, bound, decoder)
        speakers = self._bound[key]
        decode = decoder.decode
        if topic and decoder.converse:
            decode = partial(decoder.converse, topic, self._edge_nodes)
        elif decoder.decrypt and bound.keys:
            decode = partial(decoder.decrypt, partial(self._keys, bound.keys))
        return SpokenTopic(speakers.responsible(given), decode, partial(speakers.by_device, given))

    def _tried(self, device: DeviceEntry, address: str) -> BoundTopics:
        declared = next(one for one in self._catalogue.cities[device.city].devices if one.address == address)
        template = TopicTemplate.parse(DEVICE)
        bound = BoundDevice.of(declared, self._catalogue.cities[device.city].profiles)
        return BoundTopics(device.city, "", template, "", {address: (bound,)}, None)

    def speaker(self, device: DeviceEntry, keys: frozenset[str]) -> Speaker:
        """Return a registered device as a speaker."""
        series = [each for quantity in device.series if (each := device.reported(quantity))]
        slots = {each.quantity: self._slots.of(each, each.conversion) for each in series if not each.conversions.later}
        return Speaker(device.city, device.name, device, slots, keys)


class _BoundSpeakers:
    """The devices of a binding, each with what payloads call its quantities."""

    def __init__(self, speakers: Speakers, catalogue: Catalogue, bound: BoundTopics, decoder: Decoder) -> None:
        self._binding, self._decoder = bound, decoder
        self._profiles = {
            called: profile
            for called, sharing in bound.devices.items()
            for one in sharing
            if (profile := profile_of(one))
        }
        gateway = catalogue.devices.get((bound.city, bound.gateway or ""))
        self._gateway = gateway.name if gateway else bound.gateway
        self._speakers = {
            called: [
                (speakers.speaker(device, decoder.keys | device_fields.keys()), device_fields, one.timezone)
                for one, device_fields in zip(sharing, meanings(sharing, decoder), strict=True)
                if (device := catalogue.devices.get((bound.city, one.address)))
            ]
            for called, sharing in bound.devices.items()
        }

    def responsible(self, given: Mapping[str, str]) -> Speaker:
        """Return who is told what is wrong with a message as a whole: the device of its topic, else the gateway."""
        called = given.get(DEVICE)
        if sharing := self._speakers.get(called or ""):
            return sharing[0][0]
        nobody = self._nobody(called)
        return nobody if self._gateway is None else dataclasses.replace(nobody, name=self._gateway)

    def by_device(self, given: Mapping[str, str], samples: list[Sample]) -> Iterator[Part]:
        """Yield what ``samples`` say of each device; if that is nothing, what they hold, as a message that is empty.

        A sample that holds nothing, such as the press of a button, is no reading by its format, and nothing to tell.
        """
        is_empty = True
        for sample in self._unframed(given, samples) if self._profiles else samples:
            for one in self._parts(given, sample):
                is_empty = False
                yield one
        is_reading = any(sample.values or sample.texts or sample.frame for sample in samples)
        if is_empty and is_reading and not self._is_of_gateway(given):
            fields = dict.fromkeys(field for sample in samples for field in (*sample.values, *sample.texts))
            held = first_of([quoted(field) for field in fields], LISTED) or "none"
            detail = f"no field of it is one that a series of {self._binding.name} takes; it holds {held}"
            if not fields and any(sample.frame for sample in samples):
                detail = f"the uplink is not decoded; expected a codec at the network server, or {_PROFILE}"
            yield self.responsible(given), Sample(None, {}, flaws=(Flaw(Reason.EMPTY, detail, 0),))

    def _unframed(self, given: Mapping[str, str], samples: list[Sample]) -> Iterator[Sample]:
        """Yield ``samples``, with what their frames say by the profile of the device in the place of these."""
        for sample in samples:
            called = sample.device if sample.device in self._speakers else given.get(DEVICE)
            profile = self._profiles.get(called or "")
            yield from frames.read(profile, sample) if profile else (sample,)

    def _parts(self, given: Mapping[str, str], sample: Sample) -> Iterator[Part]:
        of_topic, itself = given.get(DEVICE), sample.device
        is_its_own = itself in self._speakers or (itself is not None and self._binding.is_asked_for)
        called = itself if is_its_own else of_topic  # an answer on somebody else is not of whom was asked for
        if itself and PART in (itself[0], itself[-1]):
            called = itself = self._part(of_topic or "", itself)
        if called is None and itself is None and len(self._speakers) == 1:
            (called,) = self._speakers  # who else could it be
        sharing = self._speakers.get(called or "")
        if not sharing and self._is_of_gateway(given):
            if its_own := tuple(one for one in sample.flaws if one.field is None or one.field in self._decoder.keys):
                yield self.responsible(given), Sample(None, {}, flaws=its_own)
            return
        if not sharing:
            yield self._nobody(itself or called), _of_meaning(sample, self._decoder)
            return
        flaws = sample.flaws
        for speaker, fields, zone in sharing:
            own = placed(part(sample, fields, given.get(FIELD), flaws, self._decoder), speaker.name, zone)
            flaws = ()  # what is wrong is told once
            if own.values or own.texts or own.flaws or own.online is not None:
                yield speaker, own

    def _is_of_gateway(self, given: Mapping[str, str]) -> bool:
        """Whether the topic leaves out its device: the gateway speaks of itself, which nobody has to declare."""
        return DEVICE not in given and self._binding.template.names_device

    def _part(self, whole: str, named: str) -> str:
        """Return what a part is called by its binding, as far as it says so: with whom the topic names, and its number.

        One without a number is the only part there is. A topic may name the part itself, and what is declared as a
        whole is its first part.
        """
        if whole in self._speakers and (named == PART or (named.startswith(PART) and whole.endswith(named))):
            return whole
        called = f"{whole}{named}" if named.startswith(PART) else named
        if called.endswith(PART):
            parts = [one for one in self._speakers if one.startswith(called)]
            return parts[0] if len(parts) == 1 else called if parts else called.removesuffix(PART)
        first = called.removesuffix(f"{PART}1")
        return first if called not in self._speakers and first in self._speakers else called

    def _nobody(self, called: str | None) -> Speaker:
        """Return who is called so, and is none of the binding's devices: told apart from every device by its slash."""
        binding = f"binding {self._binding.name} of {self._binding.city}"
        if called is None:
            sentence = f"a message of {binding} names no device, neither in its topic nor in its payload"
            return _nobody(self._binding.city, self._gateway, sentence, self._decoder)
        sentence = f"no device of {binding} is called {quoted(called)}"
        return _nobody(self._binding.city, f"{self._binding.name}/{called}", sentence, self._decoder)


def _of_meaning(sample: Sample, decoder: Decoder) -> Sample:
    """Return what would have been readings, by the format; all that is there where it does not say that."""
    values, texts = (
        {field: value for field, value in group.items() if field in decoder.meanings}
        for group in (sample.values, sample.texts)
    )
    return msgspec.structs.replace(sample, values=values, texts=texts) if values or texts else sample


def _nobody(city: str, name: str | None, sentence: str, decoder: Decoder) -> Speaker:
    return Speaker(city, name, None, {}, decoder.keys, (Reason.UNKNOWN_DEVICE, sentence))


def _unbound(decoder: Decoder, flaw: Flaw) -> Decoder:
    """Return what reads messages in a format that nobody knows: it is their topic that is wrong, not what they hold."""

    def decode(payload: bytes, limits: PayloadLimits) -> list[Sample]:
        try:
            samples = decoder.decode(payload, limits)
        except OverLimitError:
            raise
        except DecodeError:
            samples = []
        is_read = any(one.values for one in samples) and not any(one.flaws or one.texts for one in samples)
        return samples if is_read else [Sample(None, {}, flaws=(flaw,))]

    return dataclasses.replace(decoder, decode=decode)


def _absent(name: str) -> Decoder:
    """Return what stands for a decoder that this version does not have: it refuses every message."""

    def refuse(payload: bytes, limits: PayloadLimits) -> list[Sample]:
        del payload, limits
        raise DecodeError(f"this version has no decoder {quoted(name)}; expected one of {', '.join(DECODERS)}")

    return Decoder(name, name, frozenset(), refuse, foreign=True)
