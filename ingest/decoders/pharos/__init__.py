"""The native payload: ``{"time": ..., "values": {quantity: number}, "units": {quantity: unit}}``, or an array of these.

JSON (RFC 8259) in UTF-8. ``time`` is RFC 3339 with offset or integer epoch milliseconds. Good messages take the typed
path here, all others the patient one, which tells what is wrong with each value and keeps the rest; both agree on good
messages.
"""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from ingest.decoder import Decoder, Sample
from ingest.decoders.pharos.patient import EARLIEST_MILLIS, LATEST_MILLIS, decode_patiently
from ingest.model.time import to_micros

_Time = Annotated[datetime, msgspec.Meta(tz=True)] | Annotated[int, msgspec.Meta(ge=EARLIEST_MILLIS, le=LATEST_MILLIS)]


class _Message(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    values: dict[str, float | None]
    time: _Time | None = None
    units: dict[str, str] = {}


_TYPED: Final = msgspec.json.Decoder(_Message | list[_Message])


def decode(payload: bytes) -> list[Sample]:
    """Return the samples of one message; raises DecodeError when it is no JSON object or array."""
    try:
        decoded = _TYPED.decode(payload)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return decode_patiently(payload)
    messages = decoded if isinstance(decoded, list) else [decoded]
    if not all(message.values for message in messages) or not messages:  # what says nothing is told
        return decode_patiently(payload)
    if payload.count(b'"') != sum(map(_quotes, messages)):  # a key given twice, or a null where it could be left out
        return decode_patiently(payload)
    return [Sample(_micros(message.time), message.values, message.units) for message in messages]


def _quotes(message: _Message) -> int:
    """Count the quotation marks of a message that gives every key once and escapes nothing."""
    count = 2 + 2 * len(message.values)
    if message.units:
        count += 2 + 4 * len(message.units)
    if message.time is not None:
        count += 2 if isinstance(message.time, int) else 4
    return count


def _micros(time: datetime | int | None) -> int | None:
    if time is None:
        return None
    return time * 1000 if isinstance(time, int) else to_micros(time)


DECODER: Final = Decoder(name="pharos", title="Pharos native JSON", decode=decode)
