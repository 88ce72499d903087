"""The patient reading of a native payload: every fault is found and named, everything good beside it is kept."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from math import isfinite
from typing import Annotated, Any, Final

import msgspec

from ingest.decoder import SERIAL_NUMBER, Flaw, Sample, quoted
from ingest.errors import DecodeError
from ingest.model.time import to_micros
from ingest.reasons import Reason

EARLIEST_MILLIS: Final = to_micros(datetime(1, 1, 1, tzinfo=UTC)) // 1000
LATEST_MILLIS: Final = to_micros(datetime(9999, 12, 31, tzinfo=UTC)) // 1000

KEYS: Final = ("time", "values", "units", "serial_number")
_TIME_EXPECTED: Final = "expected RFC 3339 with offset, such as 2026-11-21T23:00:00Z, or integer epoch milliseconds"
_NUMBER_EXPECTED: Final = "a number that a 64-bit float can hold"
_LONGEST_INTEGER: Final = 400  # digits; beyond it exceeds every float, and Python refuses to parse it long after

_Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as its pairs, repeated keys included."""


def decode_patiently(payload: bytes) -> list[Sample]:
    """Return the samples of one message with their flaws; raises DecodeError when it is no JSON object or array."""
    try:
        document = json.loads(payload.decode(), object_pairs_hook=_Pairs, parse_int=_integer)
    except UnicodeDecodeError as error:
        at = f"as byte {error.start + 1}"
        raise DecodeError(f"expected text in UTF-8, found 0x{payload[error.start]:02x} {at}") from error
    except json.JSONDecodeError as error:
        raise DecodeError(f"expected JSON, {_where_it_ends(error.doc, error.pos)}") from error
    except RecursionError as error:
        raise DecodeError("expected an object or an array of objects, found deep nesting") from error
    if isinstance(document, _Pairs):
        return [_sample(document)]
    if isinstance(document, list):
        return [_sample(element) for element in document] or [_empty(None, "the array holds no object")]
    raise DecodeError(f"expected an object or an array of objects, found {_found(document)}")


def _where_it_ends(text: str, position: int) -> str:
    """Say where a text stops being JSON; a string without its end begins there."""
    if not text.strip():
        return "found nothing"
    if position >= len(text):
        return f"but the text ends after {len(text)} characters, before it is complete"
    return f"but the text stops being JSON at character {position + 1}: {quoted(text[position : position + 10])}"


def _integer(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


def _sample(element: object) -> Sample:
    if not isinstance(element, _Pairs):
        return _refused(f"expected an object, found {_found(element)}", 1)
    fields = dict(element)
    values = fields.get("values")
    readings = sum(value is not None for _, value in values) if isinstance(values, _Pairs) else 1
    if fault := _structural_fault(element, fields):
        return _refused(fault, max(readings, 1))
    try:
        time = _time(fields.get("time"))
    except ValueError:
        detail = f"time is {_found(fields['time'])}; {_TIME_EXPECTED}"
        return Sample(None, {}, flaws=(Flaw(Reason.BAD_TIME, detail, readings),))
    if not fields["values"]:
        return _empty(time, "'values' holds no quantity")
    kept, texts, flaws = _values(fields["values"])
    return Sample(time, kept, dict(fields.get("units") or {}), flaws, texts, fields.get("serial_number"))


def _refused(detail: str, readings: int) -> Sample:
    return Sample(None, {}, flaws=(Flaw(Reason.UNDECODABLE, detail, readings),))


def _empty(time: int | None, detail: str) -> Sample:
    """Return a sample that says nothing: it is told, and stands for no reading."""
    return Sample(time, {}, flaws=(Flaw(Reason.EMPTY, f"{detail}; expected at least one reading", 0),))


def _structural_fault(pairs: _Pairs, fields: dict[str, Any]) -> str | None:
    """Say what is wrong with the shape of a sample, if anything."""
    if unknown := [key for key in fields if key not in KEYS]:
        return f"unknown key {quoted(unknown[0])}; expected {', '.join(KEYS)}"
    if len(fields) < len(pairs):
        return f"a key of {', '.join(map(quoted, fields))} is given more than once"
    if not isinstance(fields.get("values"), _Pairs):
        found = _found(fields["values"]) if "values" in fields else "nothing"
        return f"expected an object of numbers at 'values', found {found}"
    return _fault_of_serial_number(fields.get("serial_number")) or _fault_of_units(fields.get("units"))


def _fault_of_serial_number(given: object) -> str | None:
    if given is None or (isinstance(given, str) and re.fullmatch(SERIAL_NUMBER, given)):
        return None
    return f"expected 1 to 64 printable ASCII characters at 'serial_number', found {_found(given)}"


def _fault_of_units(units: object) -> str | None:
    if units is None:
        return None
    if not isinstance(units, _Pairs) or not all(isinstance(unit, str) for _, unit in units):
        return "expected an object of strings at 'units'"
    return "a key of 'units' is given more than once" if len(dict(units)) < len(units) else None


def _time(given: object) -> int | None:
    """Return microseconds; raises ValueError for what is no instant."""
    if given is None:
        return None
    if isinstance(given, str):
        return to_micros(msgspec.convert(given, _Instant))
    if type(given) is int and EARLIEST_MILLIS <= given <= LATEST_MILLIS:
        return given * 1000
    raise ValueError(given)


def _values(pairs: _Pairs) -> tuple[dict[str, float | None], dict[str, str], tuple[Flaw, ...]]:
    """Return numbers, texts, and what is neither."""
    counts = Counter(quantity for quantity, _ in pairs)
    kept: dict[str, float | None] = {}
    texts: dict[str, str] = {}
    flaws = [
        Flaw(Reason.DUPLICATE_KEY, f"{quoted(quantity)} is given {count} times in one sample", count)
        for quantity, count in counts.items()
        if count > 1
    ]
    for quantity, value in pairs:
        if counts[quantity] > 1:
            continue
        if value is None:
            kept[quantity] = None
        elif isinstance(value, str):
            texts[quantity] = value
        elif (number := _number(value)) is not None:
            kept[quantity] = number
        else:
            flaws.append(
                Flaw(Reason.NOT_A_NUMBER, f"{quoted(quantity)} is {_found(value)}; expected {_NUMBER_EXPECTED}")
            )
    return kept, texts, tuple(flaws)


def _number(value: object) -> float | None:
    if type(value) is not int and type(value) is not float:
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def _found(value: object) -> str:
    """Name a JSON value in words."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, list):
        return "an object" if isinstance(value, _Pairs) else "an array"
    if isinstance(value, float) and not isfinite(value):
        return "no finite number"
    return f"the number {quoted(value)}"
