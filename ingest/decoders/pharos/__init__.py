"""The native payload: ``{"time": ..., "values": {quantity: number}, "units": {quantity: unit}}``, or an array of these.

JSON (RFC 8259) in UTF-8. ``time`` is RFC 3339 with offset or integer epoch milliseconds; a state may be given by its
name, as text; ``serial_number`` may say which meter was read, ``revision`` when the values were issued, ``begin`` and
``end`` which interval amounts are for. Good messages take the typed path here, those of numbers at one time a shorter
one, all others the patient one, which tells what is wrong with each value and keeps the rest; they agree on good
messages.
"""

from typing import Annotated, Final, cast

import msgspec
from msgspec import UNSET, UnsetType

from ingest.decoder import NONE, SERIAL_NUMBER, Decoder, Sample
from ingest.decoders.pharos import revisions
from ingest.decoders.pharos.keys import KEYS
from ingest.decoders.pharos.patient import decode_patiently
from ingest.decoders.pharos.times import FIRST_MILLIS, LATEST_MILLIS, Instant, micros
from ingest.errors import OverLimitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model import given_interval
from ingest.payloads.instants import usual
from ingest.payloads.known_instants import INSTANTS

_Millis = Annotated[int, msgspec.Meta(ge=FIRST_MILLIS, le=LATEST_MILLIS)]
_Time = Instant | _Millis

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


class PlainMessage(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One object of a native payload that holds numbers at a time, perhaps with units, and nothing else, as most do."""

    values: Numbers
    time: str | _Millis | None = None
    units: dict[str, str] | UnsetType = UNSET


_NEVER: Final = -(2**40)  # commas or quotation marks: no payload has so many as could make up for it

_READ_PLAIN: Final = msgspec.json.Decoder(PlainMessage | list[PlainMessage]).decode
_TYPED: Final = msgspec.json.Decoder(NativeMessage | list[NativeMessage])


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the samples of one message.

    Raises DecodeError when it is no JSON object or array, OverLimitError when it holds more than a message may.
    """
    size = len(payload)
    try:
        found = _READ_PLAIN(payload)
        # A key given twice has a comma too many, and so has a null where it could be left out.
        commas = size - len(payload.replace(b",", b""))
        if type(found) is PlainMessage:
            time = found.time
            instant = INSTANTS.get(time)
            if instant is None:
                if time is None:
                    commas += 1
                else:
                    instant = _instant(time)
            values, units = found.values, NONE
            if found.units is not UNSET:
                commas -= _units_in(found)
                units = found.units
            if commas == len(values) and (size <= limits.harmless_bytes or _is_harmless([found], limits)):
                return [Sample(instant, values, units)]
        else:
            samples = [Sample(_time(message.time), message.values, message.units or NONE) for message in found]
            told = sum([len(sample.values) - (sample.time is None) if sample.values else _NEVER for sample in samples])
            told += sum([_units_in(message) for message in found if message.units is not UNSET])
            if commas == told + len(samples) - 1 and _is_harmless(found, limits):
                return samples
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        pass
    return _decode_whole(payload, limits)


def _units_in(message: PlainMessage) -> int:
    """Count the commas that the units of a message bring: one each, as the first follows a key before it."""
    units = message.units
    return len(units) if units and units.keys() <= message.values.keys() else _NEVER


def _time(time: str | int | None) -> int | None:
    """Return when a plain message says that it was; raises ValueError for a text of an unusual form, or no instant."""
    if time is None or (known := INSTANTS.get(time)) is not None:
        return time if time is None else known
    return _instant(time)


def _instant(time: str | int) -> int:
    if isinstance(time, int):
        return time * 1000
    found = usual(time)
    if found is None:
        raise ValueError(time)
    return found


def _decode_whole(payload: bytes, limits: PayloadLimits) -> list[Sample]:
    """Return the samples of a message that says more than numbers at a time, or is wrong."""
    try:
        decoded = _TYPED.decode(payload)
        messages = [decoded] if type(decoded) is NativeMessage else decoded
        if len(payload) > limits.harmless_bytes:
            _check(messages, limits)
        left = payload.count(b'"') - sum(map(_quotes, messages))  # of texts among the values, if of anything
        samples = [_sample(message, has_texts=left > 0) for message in messages]
    except (ValueError, RecursionError):
        return decode_patiently(payload, limits)
    # What says nothing is told; so are a key given twice, and a null where it could be left out.
    if not messages or (left and left != 2 * sum(len(sample.texts) for sample in samples)):
        return decode_patiently(payload, limits)
    return samples


def _is_harmless(messages: list[PlainMessage], limits: PayloadLimits) -> bool:
    """Whether messages keep the limits together."""
    if len(messages) > limits.samples or sum(len(message.values) for message in messages) > limits.readings:
        return False
    names = set[str]().union(*(message.values for message in messages))
    names.update(*(message.units.values() for message in messages if message.units))
    return max(map(len, names), default=0) <= limits.name


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
    return Sample(time, numbers, message.units or NONE, (), texts, message.serial_number, revision, interval)


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
