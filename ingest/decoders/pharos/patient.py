"""The patient reading of a native payload: every fault is found and named, everything good beside it is kept."""

import json
from collections import Counter
from datetime import UTC, datetime
from math import isfinite
from typing import Annotated, Any, Final

import msgspec

from ingest.decoder import Flaw, Sample, quoted
from ingest.errors import DecodeError
from ingest.model.time import to_micros
from ingest.reasons import Reason

EARLIEST_MILLIS: Final = to_micros(datetime(1, 1, 1, tzinfo=UTC)) // 1000
LATEST_MILLIS: Final = to_micros(datetime(9999, 12, 31, tzinfo=UTC)) // 1000

_KEYS: Final = ("time", "values", "units")
_TIME_EXPECTED: Final = "expected RFC 3339 with offset, such as 2026-11-21T23:00:00Z, or integer epoch milliseconds"
_LONGEST_INTEGER: Final = 400  # digits; beyond it exceeds every float, and Python refuses to parse it long after

_Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as its pairs, repeated keys included."""


def decode_patiently(payload: bytes) -> list[Sample]:
    """Return the samples of one message with their flaws; raises DecodeError when it is no JSON object or array."""
    try:
        document = json.loads(payload.decode(), object_pairs_hook=_Pairs, parse_int=_integer)
    except UnicodeDecodeError as error:
        raise DecodeError(f"expected UTF-8, found the byte 0x{payload[error.start]:02x} at {error.start}") from error
    except json.JSONDecodeError as error:
        raise DecodeError(f"expected JSON: {error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise DecodeError("expected an object or an array of objects, found deep nesting") from error
    if isinstance(document, _Pairs):
        return [_sample(document)]
    if isinstance(document, list):
        return [_sample(element) for element in document]
    raise DecodeError(f"expected an object or an array of objects, found {quoted(document)}")


def _integer(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


def _sample(element: object) -> Sample:
    if not isinstance(element, _Pairs):
        return _refused(f"expected an object, found {quoted(element)}", 1)
    fields = dict(element)
    values = fields.get("values")
    readings = sum(value is not None for _, value in values) if isinstance(values, _Pairs) else 1
    if fault := _structural_fault(element, fields):
        return _refused(fault, max(readings, 1))
    try:
        time = _time(fields.get("time"))
    except ValueError:
        detail = f"time is {quoted(fields['time'])}; {_TIME_EXPECTED}"
        return Sample(None, {}, flaws=(Flaw(Reason.BAD_TIME, detail, readings),) if readings else ())
    kept, flaws = _values(fields["values"])
    return Sample(time, kept, dict(fields.get("units") or {}), flaws)


def _refused(detail: str, readings: int) -> Sample:
    return Sample(None, {}, flaws=(Flaw(Reason.UNDECODABLE, detail, readings),))


def _structural_fault(pairs: _Pairs, fields: dict[str, Any]) -> str | None:
    """Say what is wrong with the shape of a sample, if anything."""
    if unknown := [key for key in fields if key not in _KEYS]:
        return f"unknown key {quoted(unknown[0])}; expected {', '.join(_KEYS)}"
    if len(fields) < len(pairs):
        return f"a key of {', '.join(map(quoted, fields))} is given more than once"
    if not isinstance(fields.get("values"), _Pairs):
        return f"expected an object of numbers at 'values', found {quoted(fields.get('values'))}"
    units = fields.get("units")
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


def _values(pairs: _Pairs) -> tuple[dict[str, float | None], tuple[Flaw, ...]]:
    counts = Counter(quantity for quantity, _ in pairs)
    kept: dict[str, float | None] = {}
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
        elif (number := _number(value)) is not None:
            kept[quantity] = number
        else:
            flaws.append(Flaw(Reason.NOT_A_NUMBER, f"{quoted(quantity)} is {_found(value)}; expected a number"))
    return kept, tuple(flaws)


def _number(value: object) -> float | None:
    if type(value) is not int and type(value) is not float:
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def _found(value: object) -> str:
    if isinstance(value, str):
        return f"the string {quoted(value)}"
    if isinstance(value, (_Pairs, list)):
        return "an object or an array"
    return "too large" if type(value) is int else quoted(value)
