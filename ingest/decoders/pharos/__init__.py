"""The native payload: ``{"time": ..., "values": {quantity: number}, "units": {quantity: unit}}``, or an array of these.

JSON (RFC 8259) in UTF-8. ``time`` is RFC 3339 with offset or integer epoch milliseconds; a state may be given by its
name, as text; ``serial_number`` may say which meter was read, ``revision`` when the values were issued, ``begin`` and
``end`` which interval amounts are for. Good messages take the typed paths here, those of numbers at one time the
shorter one, all others the patient one, which tells what is wrong with each value and keeps the rest; they agree on
good messages.
"""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from ingest.decoder import SERIAL_NUMBER, Decoder, Sample
from ingest.decoders.pharos import revisions
from ingest.decoders.pharos.keys import KEYS
from ingest.decoders.pharos.patient import decode_patiently
from ingest.decoders.pharos.times import FIRST_MILLIS, LATEST_MILLIS, Instant, micros
from ingest.errors import OverLimitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model import given_interval
from ingest.model.time import EARLIEST, EPOCH, LATEST, SECOND

_Time = Instant | Annotated[int, msgspec.Meta(ge=FIRST_MILLIS, le=LATEST_MILLIS)]

_SerialNumber = Annotated[str, msgspec.Meta(pattern=rf"\A{SERIAL_NUMBER}\Z")]


_Revision = Instant | float


class _Message(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    values: dict[str, float | None]
    time: _Time | None = None
    units: dict[str, str] = {}
    serial_number: _SerialNumber | None = None
    revision: _Revision | None = None


class NativeMessage(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One object of a native payload, with all that it may say."""

    values: dict[str, float | str | None]
    time: _Time | None = None
    units: dict[str, str] = {}
    serial_number: _SerialNumber | None = None
    revision: _Revision | None = None
    begin: _Time | None = None
    end: _Time | None = None


_QUOTES: Final = 6  # of "values", "time" and a time as text
_NEVER: Final = -(2**40)  # quotation marks: no payload has so many as could make up for it

_TYPED: Final = msgspec.json.Decoder(_Message | list[_Message])
_WITH_NAMES: Final = msgspec.json.Decoder(NativeMessage | list[NativeMessage])


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the samples of one message.

    Raises DecodeError when it is no JSON object or array, OverLimitError when it holds more than a message may.
    """
    try:
        decoded = _TYPED.decode(payload)
        if type(decoded) is _Message and payload.count(b'"') == _QUOTES + 2 * len(decoded.values):
            # Numbers at a time and nothing else, each key once, which most messages are: the shortest way.
            values, time = decoded.values, decoded.time
            is_harmless = len(payload) <= limits.harmless_bytes or _is_harmless(values, limits)
            if type(time) is datetime and values and is_harmless:
                since = time - EPOCH
                instant = (since.days * 86_400 + since.seconds) * SECOND + since.microseconds
                if EARLIEST <= instant <= LATEST:
                    return [Sample(instant, values)]
        messages = decoded if isinstance(decoded, list) else [decoded]
        if len(payload) > limits.harmless_bytes:
            _check(messages, limits)
        samples = [
            Sample(
                micros(message.time),
                message.values,
                message.units,
                serial_number=message.serial_number,
                revision=None if message.revision is None else revisions.typed(message.revision),
            )
            for message in messages
        ]
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return _decode_with_names(payload, limits)
    if not all(message.values for message in messages) or not messages:  # what says nothing is told
        return decode_patiently(payload, limits)
    if payload.count(b'"') != sum(map(_quotes, messages)):  # a key given twice, or a null where it could be left out
        return decode_patiently(payload, limits)
    return samples


def _is_harmless(values: dict[str, float | None], limits: PayloadLimits) -> bool:
    """Whether the values of one message keep the limits."""
    return len(values) <= limits.readings and max(map(len, values), default=0) <= limits.name


def _decode_with_names(payload: bytes, limits: PayloadLimits) -> list[Sample]:
    try:
        decoded = _WITH_NAMES.decode(payload)
        messages = decoded if isinstance(decoded, list) else [decoded]
        if len(payload) > limits.harmless_bytes:
            _check(messages, limits)
        samples = [_named(message) for message in messages]
    except (ValueError, RecursionError):
        return decode_patiently(payload, limits)
    quotes = sum(map(_quotes, messages)) + 2 * sum(len(sample.texts) for sample in samples)
    quotes += sum(_quotes_of_time(edge) for message in messages for edge in (message.begin, message.end))
    if not all(message.values for message in messages) or payload.count(b'"') != quotes:
        return decode_patiently(payload, limits)
    return samples


def _check(messages: list[_Message] | list[NativeMessage], limits: PayloadLimits) -> None:
    """Raise OverLimitError where a message holds more than it may."""
    names = set[str]().union(*(message.values for message in messages))
    for message in messages:
        if message.units:
            names.update(message.units, message.units.values())
    for what, count, limit in (
        ("elements", len(messages), limits.samples),
        ("readings", sum(map(len, (message.values for message in messages))), limits.readings),
        ("characters in a name", max(map(len, names), default=0), limits.name),
    ):
        if count > limit:
            given = sum(value is not None for message in messages for value in message.values.values())
            raise OverLimitError(what, count, limit, given)


def _named(message: NativeMessage) -> Sample:
    texts = {quantity: value for quantity, value in message.values.items() if isinstance(value, str)}
    numbers = {quantity: value for quantity, value in message.values.items() if not isinstance(value, str)}
    revision = None if message.revision is None else revisions.typed(message.revision)
    time = micros(message.time)
    interval = given_interval.given(time, micros(message.begin), micros(message.end))
    time = interval.end if time is None and interval else time
    return Sample(time, numbers, message.units, (), texts, message.serial_number, revision, interval)


def _quotes(message: _Message | NativeMessage) -> int:
    """Count the quotation marks of a message that gives every key once, no unit too many, and escapes nothing."""
    count = 2 + 2 * len(message.values)
    if message.units:
        count += 2 + 4 * len(message.units) if message.units.keys() <= message.values.keys() else _NEVER
    if message.time is not None:
        count += 2 if isinstance(message.time, int) else 4
    if message.serial_number is not None:
        count += 4
    if message.revision is not None:
        count += 2 if isinstance(message.revision, float) else 4
    return count


def _quotes_of_time(time: datetime | int | None) -> int:
    if time is None:
        return 0
    return 2 if isinstance(time, int) else 4


DECODER: Final = Decoder(name="pharos", title="Pharos native JSON", keys=frozenset(KEYS), decode=decode)
