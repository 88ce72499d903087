"""Frames read by a profile: raw bytes become the same kind of sample as a decoded object.

A field that comes again at the same time is called by its name and a number: ``energy``, ``energy.2``.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Final

import msgspec

from ingest.decoder import Flaw, Frame, Sample
from ingest.model.frames.profile import FrameKind, Profile
from ingest.model.frames.steps import Step, width
from ingest.model.frames.tags import ANY
from ingest.model.time import SECOND
from ingest.reasons import Reason

_FLOATS: Final = {"big": struct.Struct(">f"), "little": struct.Struct("<f")}


def read(profile: Profile, sample: Sample) -> list[Sample]:
    """Return what the frame of ``sample`` says by ``profile``, in its place; a sample without a frame as it is."""
    if sample.frame is None:
        return [sample]
    begins = _begins(profile, sample.frame)
    if begins is None:
        start = sample.frame.data[:4].hex()
        return [_without(sample, Flaw(Reason.EMPTY, _strange(profile, sample.frame.port, start), 0))]
    message, length = begins
    reading = _Reading(profile, sample.frame.data, length)
    flaws = list(sample.flaws)
    try:
        reading.message(message)
    except _FrameError as error:
        flaws.append(Flaw(Reason.UNDECODABLE, f"{profile.name}: {error}", 1))
    samples = list(reading.samples(sample))
    if not samples:
        flaws.append(Flaw(Reason.EMPTY, f"{profile.name}: the frame holds no value", 0))
        return [_without(sample, *flaws)]
    return [msgspec.structs.replace(samples[0], flaws=tuple(flaws)), *samples[1:]]


def _begins(profile: Profile, frame: Frame) -> tuple[FrameKind, int] | None:
    """Return the kind of message that a frame is, and how many bytes say so."""
    text = frame.data.hex()
    for message in profile.messages:
        if not message.ports or frame.port in message.ports:
            for begin in message.begins:
                if text.startswith(begin):
                    return message, len(begin) // 2
    return None


def _strange(profile: Profile, port: int, start: str) -> str:
    return f"{profile.name} knows no frame on port {port} that begins with {start}"


def _without(sample: Sample, *flaws: Flaw) -> Sample:
    return msgspec.structs.replace(sample, values={}, texts={}, units={}, flaws=flaws, frame=None)


class _FrameError(Exception):
    """A frame ends too early, or goes on with what the profile does not know."""


@dataclass
class _Found:
    """What was read for one time, None for that of the uplink."""

    time: int | None = None
    values: dict[str, float | None] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    serial: str | None = None

    def put(self, called: str, channel: int | None, number: float | None, unit: str | None) -> None:
        name = first = called if channel is None else called.replace(f".{ANY}", f".{channel}")
        count = 1
        while name in self.values:
            count += 1
            name = f"{first}.{count}"
        self.values[name] = number
        if unit:
            self.units[name] = unit


class _Reading:
    """Goes through a frame once, from its front."""

    def __init__(self, profile: Profile, data: bytes, at: int) -> None:
        self._order, self._data, self._at = profile.byte_order, data, at
        self._found = [_Found()]

    def samples(self, sample: Sample) -> Iterator[Sample]:
        """Yield a sample for each time that has a value."""
        for found in self._found:
            if found.values:
                yield msgspec.structs.replace(
                    sample,
                    time=sample.time if found.time is None else found.time,
                    age=0 if found.time is not None else sample.age,
                    values=found.values,
                    units=found.units,
                    texts={},
                    serial_number=found.serial,
                    flaws=(),
                    frame=None,
                )

    def message(self, message: FrameKind) -> None:
        """Read a message; raises _FrameError where it cannot be read on, with what was read until then kept."""
        self._take(message.fields, self._found[0])
        if message.flags:
            bits = self._integer(message.flags.type, "the flags")
            for number, block in enumerate(message.flags.blocks):
                if bits >> number & 1:
                    self._take(block, self._found[0])
        if message.tagged:
            self._tags(message)

    def _tags(self, message: FrameKind) -> None:
        while self._at < len(self._data):
            piece = message.tags.at(self._data, self._at)
            if piece is None:
                start = self._data[self._at : self._at + 3].hex()
                raise _FrameError(f"what begins with {start} after {self._at} bytes is not known")
            self._at += piece.length
            found = self._found[0]
            if len(piece.steps) > 1 and any(step.time for step in piece.steps):
                found = _Found()
                self._found.append(found)
            self._take(piece.steps, found, piece.channel)

    def _take(self, steps: Sequence[Step], found: _Found, channel: int | None = None) -> None:
        for step in steps:
            if step.value is not None and step.type is not None:
                found.put(step.value, channel, self._number(step, step.value, step.type), step.unit)
            elif step.skip is not None:
                self._bytes(step.skip, "bytes that say nothing")
            elif step.time is not None:
                found.time = self._integer(step.time, "the time") * SECOND or found.time
            elif step.serial is not None:
                found.serial = self._serial(step.serial)
            else:
                self._at = len(self._data)

    def _number(self, step: Step, name: str, kind: str) -> float | None:
        if kind == "f32":
            (raw,) = _FLOATS[self._order].unpack(self._bytes(4, name))
        else:
            raw = self._integer(kind, name)
            raw = raw if step.mask is None else raw & step.mask
        if raw in step.absent or not isfinite(raw):
            return None
        number = raw * step.scale / step.divide + step.offset
        return number if isfinite(number) else None

    def _integer(self, kind: str, what: str) -> int:
        raw = self._bytes(width(kind), what)
        if kind.startswith("bcd"):
            return _decimal(self._digits(raw), what)
        return int.from_bytes(raw, self._order, signed=kind.startswith("s"))

    def _serial(self, kind: str) -> str:
        raw = self._bytes(width(kind), "the serial number")
        return self._digits(raw) if kind.startswith("bcd") else str(int.from_bytes(raw, self._order))

    def _digits(self, raw: bytes) -> str:
        return (raw if self._order == "big" else raw[::-1]).hex()

    def _bytes(self, count: int, what: str) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) < count:
            raise _FrameError(f"the frame ends after {len(self._data)} bytes, within {what}")
        self._at += count
        return taken


def _decimal(digits: str, what: str) -> int:
    sign, plain = (-1, digits[1:]) if digits[0] == "f" else (1, digits)
    if not plain.isdigit():
        raise _FrameError(f"expected decimal digits of {what}, found {digits}")
    return sign * int(plain)
