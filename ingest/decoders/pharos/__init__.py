"""The native payload: ``{"time": ..., "values": {quantity: number}, "units": {quantity: unit}}``, or an array of these.

JSON (RFC 8259) in UTF-8. ``time`` is RFC 3339 with offset or integer epoch milliseconds; a state may be given by its
name, as text; ``serial_number`` may say which meter was read. Good messages take the typed paths here, those of numbers
alone the shorter one, all others the patient one, which tells what is wrong with each value and keeps the rest; they
agree on good messages.
"""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from ingest.decoder import SERIAL_NUMBER, Decoder, Sample
from ingest.decoders.pharos.patient import EARLIEST_MILLIS, KEYS, LATEST_MILLIS, decode_patiently
from ingest.model.time import to_micros

_Time = Annotated[datetime, msgspec.Meta(tz=True)] | Annotated[int, msgspec.Meta(ge=EARLIEST_MILLIS, le=LATEST_MILLIS)]

_SerialNumber = Annotated[str, msgspec.Meta(pattern=rf"\A{SERIAL_NUMBER}\Z")]


class _Message(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    values: dict[str, float | None]
    time: _Time | None = None
    units: dict[str, str] = {}
    serial_number: _SerialNumber | None = None


class _Named(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    values: dict[str, float | str | None]
    time: _Time | None = None
    units: dict[str, str] = {}
    serial_number: _SerialNumber | None = None


_TYPED: Final = msgspec.json.Decoder(_Message | list[_Message])
_WITH_NAMES: Final = msgspec.json.Decoder(_Named | list[_Named])


def decode(payload: bytes) -> list[Sample]:
    """Return the samples of one message; raises DecodeError when it is no JSON object or array."""
    try:
        decoded = _TYPED.decode(payload)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return _decode_with_names(payload)
    messages = decoded if isinstance(decoded, list) else [decoded]
    if not all(message.values for message in messages) or not messages:  # what says nothing is told
        return decode_patiently(payload)
    if payload.count(b'"') != sum(map(_quotes, messages)):  # a key given twice, or a null where it could be left out
        return decode_patiently(payload)
    return [
        Sample(_micros(message.time), message.values, message.units, serial_number=message.serial_number)
        for message in messages
    ]


def _decode_with_names(payload: bytes) -> list[Sample]:
    try:
        decoded = _WITH_NAMES.decode(payload)
    except (ValueError, RecursionError):
        return decode_patiently(payload)
    messages = decoded if isinstance(decoded, list) else [decoded]
    samples = [_named(message) for message in messages]
    quotes = sum(map(_quotes, messages)) + 2 * sum(len(sample.texts) for sample in samples)
    if not all(message.values for message in messages) or payload.count(b'"') != quotes:
        return decode_patiently(payload)
    return samples


def _named(message: _Named) -> Sample:
    texts = {quantity: value for quantity, value in message.values.items() if isinstance(value, str)}
    numbers = {quantity: value for quantity, value in message.values.items() if not isinstance(value, str)}
    return Sample(_micros(message.time), numbers, message.units, texts=texts, serial_number=message.serial_number)


def _quotes(message: _Message | _Named) -> int:
    """Count the quotation marks of a message that gives every key once and escapes nothing."""
    count = 2 + 2 * len(message.values)
    if message.units:
        count += 2 + 4 * len(message.units)
    if message.time is not None:
        count += 2 if isinstance(message.time, int) else 4
    if message.serial_number is not None:
        count += 4
    return count


def _micros(time: datetime | int | None) -> int | None:
    if time is None:
        return None
    return time * 1000 if isinstance(time, int) else to_micros(time)


DECODER: Final = Decoder(name="pharos", title="Pharos native JSON", keys=frozenset(KEYS), decode=decode)
