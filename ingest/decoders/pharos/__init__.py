"""The native payload: ``{"time": ..., "values": {quantity: number}, "units": {quantity: unit}}``, or an array of these.

JSON (RFC 8259) in UTF-8. ``time`` is RFC 3339 with offset or integer epoch milliseconds; a state may be given by its
name, as text; ``serial_number`` may say which meter was read, ``revision`` when the values were issued, ``begin`` and
``end`` which interval amounts are for. Good messages take the typed path here, those of numbers at one time a shorter
one, all others the patient one, which tells what is wrong with each value and keeps the rest; they agree on good
messages.
"""

from datetime import datetime
from typing import Annotated, Final, cast

import msgspec
from msgspec import UNSET, UnsetType

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
Numbers = dict[str, float | None]


class NativeMessage(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One object of a native payload, with all that it may say."""

    values: dict[str, float | str | None]
    time: _Time | None = None
    units: dict[str, str] | UnsetType = UNSET
    serial_number: _SerialNumber | None = None
    revision: _Revision | None = None
    begin: _Time | None = None
    end: _Time | None = None


_QUOTES: Final = 6  # of "values", "time" and a time as text
_NEVER: Final = -(2**40)  # quotation marks: no payload has so many as could make up for it

_TYPED: Final = msgspec.json.Decoder(NativeMessage | list[NativeMessage])


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the samples of one message.

    Raises DecodeError when it is no JSON object or array, OverLimitError when it holds more than a message may.
    """
    try:
        decoded = _TYPED.decode(payload)
        quotes = payload.count(b'"')
        if type(decoded) is NativeMessage:
            # Numbers at a time and nothing else, each key once, which most messages are: the shortest way.
            values, time = decoded.values, decoded.time
            if quotes == _QUOTES + 2 * len(values) and type(time) is datetime and values:
                since = time - EPOCH
                instant = (since.days * 86_400 + since.seconds) * SECOND + since.microseconds
                is_harmless = len(payload) <= limits.harmless_bytes or _is_harmless(values, limits)
                if is_harmless and EARLIEST <= instant <= LATEST:
                    return [Sample(instant, cast("Numbers", values))]  # so few quotation marks are of no text
            messages = [decoded]
        else:
            messages = decoded
        if len(payload) > limits.harmless_bytes:
            _check(messages, limits)
        left = quotes - sum(map(_quotes, messages))  # of texts among the values, if of anything
        samples = [_sample(message, has_texts=left > 0) for message in messages]
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return decode_patiently(payload, limits)
    # What says nothing is told; so are a key given twice, and a null where it could be left out.
    if not messages or (left and left != 2 * sum(len(sample.texts) for sample in samples)):
        return decode_patiently(payload, limits)
    return samples


def _is_harmless(values: dict[str, float | str | None], limits: PayloadLimits) -> bool:
    """Whether the values of one message keep the limits."""
    return len(values) <= limits.readings and max(map(len, values), default=0) <= limits.name


def _check(messages: list[NativeMessage], limits: PayloadLimits) -> None:
    """Raise OverLimitError where a message holds more than it may."""
    names = set[str]().union(*(message.values for message in messages))
    for message in messages:
        if message.units is not UNSET:
            names.update(message.units, message.units.values())
    for what, count, limit in (
        ("elements", len(messages), limits.samples),
        ("readings", sum(map(len, (message.values for message in messages))), limits.readings),
        ("characters in a name", max(map(len, names), default=0), limits.name),
    ):
        if count > limit:
            given = sum(value is not None for message in messages for value in message.values.values())
            raise OverLimitError(what, count, limit, given)


def _sample(message: NativeMessage, *, has_texts: bool) -> Sample:
    """Return what a message says; raises ValueError where a time of it is no instant, or an edge stands alone.

    ``has_texts``: whether any of its values may be a text.
    """
    texts: dict[str, str] = {}
    if has_texts:
        texts = {quantity: value for quantity, value in message.values.items() if isinstance(value, str)}
        numbers = {quantity: value for quantity, value in message.values.items() if not isinstance(value, str)}
    else:
        numbers = cast("Numbers", message.values)
    time, revision, interval = micros(message.time), message.revision, None
    if message.begin is not None or message.end is not None:
        interval = given_interval.given(time, micros(message.begin), micros(message.end))
        time = interval.end if time is None and interval else time
    if revision is not None:
        revision = revisions.typed(revision)
    return Sample(time, numbers, message.units or {}, (), texts, message.serial_number, revision, interval)


def _quotes(message: NativeMessage) -> int:
    """Count the quotation marks of a message that gives every key once, no unit too many, no text, no escape."""
    values, units, time = message.values, message.units, message.time
    count = 2 + 2 * len(values) if values else _NEVER
    if units is not UNSET:
        count += 2 + 4 * len(units) if units.keys() <= values.keys() else _NEVER
    if time is not None:
        count += 2 if type(time) is int else 4
    if message.serial_number is not None:
        count += 4
    if message.revision is not None:
        count += 2 if type(message.revision) is float else 4
    if message.begin is not None:
        count += 2 if type(message.begin) is int else 4
    if message.end is not None:
        count += 2 if type(message.end) is int else 4
    return count


DECODER: Final = Decoder(name="pharos", title="Pharos native JSON", keys=frozenset(KEYS), decode=decode)
