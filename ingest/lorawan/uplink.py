"""What the formats of network servers have in common: the EUI of a device, a time of receipt, fields, a frame."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from ingest.decoder import Flaw, Frame, Sample
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import PayloadLimits
from ingest.payloads import decimals, instants
from ingest.payloads.document import named
from ingest.payloads.fields import Fields, fields
from ingest.reasons import Reason

RFC_3339: Final = "RFC 3339 with offset, such as 2026-11-21T23:00:00Z"
_HEX: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)
_NONE: Final[Mapping[str, str]] = {}
_TIMES: Final = ("timestamp", "time")  # of a record of the past in what a codec made
_SECONDS_BELOW: Final = 10**11  # a number that is less counts seconds since 1970, else milliseconds: 1973 to 5138

Timed = tuple[tuple[str, object], Fields]
"""Fields with a time of their own: its key, and what stands there."""


def eui(found: object, key: str) -> str | None:
    """Return a DevEUI as 16 hexadecimal digits in lower case; None where there is none, DecodeError for what is none.

    Given in hexadecimal, also with dashes or colons, or as 8 bytes in base64.
    """
    if found in (None, ""):
        return None
    text = found.replace("-", "").replace(":", "").lower() if isinstance(found, str) else ""
    if not _HEX.fullmatch(text) and isinstance(found, str) and len(found) == 12:
        text = (of_base64(found) or b"").hex()
    if not _HEX.fullmatch(text):
        raise DecodeError(f"{key} is {named(found)}; expected the 16 hexadecimal digits of a DevEUI")
    return text


def spelling(name: str) -> str:
    """Return the name of a device as samples spell it: a DevEUI in lower case and without signs, others as they are."""
    text = name.replace("-", "").replace(":", "").lower()
    return text if _HEX.fullmatch(text) else name


def of_base64(found: object) -> bytes | None:
    """Return the bytes of a text in base64, with or without its padding; None where it is none."""
    try:
        return base64.b64decode(found + "=" * (-len(found) % 4), validate=True) if isinstance(found, str) else None
    except ValueError:
        return None


def of_hex(found: object) -> bytes | None:
    """Return the bytes of a text in hexadecimal, None where it is none."""
    try:
        return binascii.unhexlify(found) if isinstance(found, str) else None
    except ValueError:
        return None


def part(document: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the object at ``key``, an empty one where there is nothing; raises DecodeError for anything else."""
    found = document.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise DecodeError(f"expected an object at {key}, found {named(found)}")
    return found


def frame(data: object, port: object, read: Callable[[object], bytes | None]) -> Frame | None:
    """Return the frame of an uplink, None where it has none that can be read."""
    found = read(data)
    number = int(port) if isinstance(port, str) and port.isascii() and port.isdigit() and len(port) < 4 else port
    return Frame(number if isinstance(number, int) and 0 <= number <= 255 else 0, found) if found else None


def decoded(held: Mapping[str, Any], prefix: str, limits: PayloadLimits) -> tuple[Fields, list[Timed]]:
    """Return the fields of what a codec made of a frame, and those of records of the past that it holds.

    Such records are an array of objects that each say their time, as devices send what they had kept while nobody heard
    them; they have the fields that a present measurement has. A number that a codec wrote as text is a number.
    """
    kept = [key for key, value in held.items() if type(value) is list and _is_of_records(value)]
    present = {key: value for key, value in held.items() if key not in kept} if kept else held
    own = _plain(fields(present, prefix, limits)) if present else Fields({}, {})
    timed: list[Timed] = []
    for records in map(held.__getitem__, kept):
        for one in records:
            key = next(key for key in _TIMES if key in one)
            said = fields({name: value for name, value in one.items() if name != key}, prefix, limits)
            timed.append(((f"{prefix}.{key}", _milliseconds(one[key])), _plain(said)))
    return own, timed


def of_codec(
    device: str | None, time: tuple[str, object], own: tuple[Fields, list[Timed]], sent: Frame | None
) -> list[Sample]:
    """Return the sample of an uplink, where it holds anything, and one for each record of the past."""
    found, timed = own
    present = [sample(device, time, found, sent)] if found or sent else []
    return present + [sample(device, when, each, None) for when, each in timed if each]


def sample(
    device: str | None,
    time: tuple[str, object],
    fields: Fields,
    sent: Frame | None,
    units: Mapping[str, str] = _NONE,
) -> Sample:
    """Return the sample of an uplink; ``time`` by its key, the number of milliseconds since 1970 or text.

    A time that is none refuses it; without one it was measured when it arrived.
    """
    key, given = time
    try:
        instant = None if given is None else _instant(given)
    except ValueError:
        readings = len(fields.values) + len(fields.texts)
        return Sample(None, {}, flaws=(instants.bad_time(key, given, RFC_3339, readings),), device=device)
    return Sample(instant, fields.values, units, texts=fields.texts, device=device, frame=sent)


def within(samples: list[Sample], limits: PayloadLimits) -> list[Sample]:
    """Return ``samples``; raises OverLimitError where they are more than one message may hold."""
    if len(samples) > limits.samples:
        raise OverLimitError("measurements", len(samples), limits.samples, len(samples))
    return samples


def nothing(device: str | None, detail: str) -> Sample:
    """Return what is told of a message that measures nothing."""
    return Sample(None, {}, flaws=(Flaw(Reason.EMPTY, detail, 0),), device=device)


def _instant(given: object) -> int:
    return instants.of_text(given) if isinstance(given, str) else instants.of_number(given, instants.MILLISECOND)


def _is_of_records(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(one, dict) and any(key in one for key in _TIMES) for one in value)


def _milliseconds(given: object) -> object:
    is_of_seconds = isinstance(given, (int, float)) and not isinstance(given, bool) and abs(given) < _SECONDS_BELOW
    return given * 1000 if is_of_seconds else given  # type: ignore[operator]  # it is a number


def _plain(found: Fields) -> Fields:
    """Return fields with numbers that were written as text among the numbers."""
    for name, text in list(found.texts.items()) if found.texts else ():
        if text[-1:].isdigit() and (number := decimals.of_text(text)) is not None:
            found.values[name] = number
            del found.texts[name]
    return found
