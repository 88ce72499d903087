"""The patient reading of a native payload: every fault is found and named, everything good beside it is kept."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any, Final

from ingest.decoder import SERIAL_NUMBER, Flaw, Sample, quoted
from ingest.decoders.pharos import keys, outline, revisions, times
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.given_interval import GivenInterval, given
from ingest.payloads.json_text import parsed
from ingest.reasons import Reason

_NUMBER_EXPECTED: Final = "a number that a 64-bit float can hold"


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as its pairs, repeated keys included."""

    __slots__ = ()


def decode_patiently(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the samples of one message with their flaws.

    Raises DecodeError when it is no JSON object or array, OverLimitError when it holds more than a message may.
    """
    outline.check(outline.outline(payload), limits)
    document = parsed(payload, "an object or an array of objects", _Pairs)
    if not isinstance(document, list):
        raise DecodeError(f"expected an object or an array of objects, found {_found(document)}")
    elements = [document] if isinstance(document, _Pairs) else document
    _check(elements, limits)
    return _Reading(limits).samples(elements)


def _check(elements: Sequence[object], limits: PayloadLimits) -> None:
    """Raise OverLimitError where readings or names exceed what a message may hold."""
    values = [value for element in elements for value in _given(element)]
    longest = max((len(name) for element in elements for name in _names(element)), default=0)
    for what, count, limit in (
        ("readings", len(values), limits.readings),
        ("characters in a name", longest, limits.name),
    ):
        if count > limit:
            raise OverLimitError(what, count, limit, sum(value is not None for value in values))


def _given(element: object) -> Iterator[object]:
    """Yield the values of a sample."""
    for key, held in element if isinstance(element, _Pairs) else ():
        if key == "values" and isinstance(held, _Pairs):
            yield from (value for _, value in held)


def _names(element: object) -> Iterator[str]:
    """Yield the names of quantities and units in a sample."""
    for key, held in element if isinstance(element, _Pairs) else ():
        if key in {"values", "units"} and isinstance(held, _Pairs):
            for name, value in held:
                yield name
                if key == "units" and isinstance(value, str):
                    yield value


class _Reading:
    """The reading of one message; counts how much it told, since beyond the limit nobody is shown a suggestion."""

    def __init__(self, limits: PayloadLimits) -> None:
        self._suggestions = limits.told

    def samples(self, elements: Sequence[object]) -> list[Sample]:
        """Return a sample for each object; all that are no objects stand for one reading together."""
        if not elements:
            return [_empty(None, "the array holds no object")]
        strangers = sum(not isinstance(element, _Pairs) for element in elements)
        found: list[Sample] = []
        for element in elements:
            if isinstance(element, _Pairs):
                found.append(self._sample(element))
            elif strangers:
                others = f", and {strangers - 1} more that are no object" if strangers > 1 else ""
                found.append(_refused(f"expected an object, found {_found(element)}{others}", None, 1))
                strangers = 0
        return found

    def _sample(self, element: _Pairs) -> Sample:
        fields = dict(element)
        values = fields.get("values")
        readings = sum(value is not None for _, value in values) if isinstance(values, _Pairs) else 1
        extra = keys.unknown(fields)
        if fault := self._fault_of_keys(element, fields, extra) or _structural_fault(fields):
            return _refused(*fault, max(readings, 1))
        if stray := self._stray_unit(fields):
            return Sample(None, {}, flaws=(Flaw(Reason.UNIT_MISMATCH, stray, readings, "units"),))
        found = _when(fields)
        if isinstance(found, Flaw):
            return Sample(None, {}, flaws=(found._replace(readings=readings),))
        time, interval, revision = found
        ignored = (Flaw(Reason.UNDECODABLE, _ignored(extra), 0),) if extra else ()
        if not fields["values"]:
            empty = _empty(time, "'values' holds no quantity")
            return Sample(time, {}, flaws=(*ignored, *empty.flaws))
        kept, texts, flaws = _values(fields["values"])
        units = dict(fields.get("units") or {})
        serial_number = fields.get("serial_number")
        return Sample(time, kept, units, (*ignored, *flaws), texts, serial_number, revision, interval)

    def _fault_of_keys(
        self, element: _Pairs, fields: dict[str, Any], extra: Sequence[str]
    ) -> tuple[str, str | None] | None:
        if len(fields) < len(element):
            return f"the key {quoted(keys.twice(element))} is given more than once", None
        if found := keys.misspelt(extra, fields) if extra and self._may_suggest() else None:
            return f"{_unknown(found[0])}{keys.did_you_mean(found[1])}", found[1]
        return None

    def _stray_unit(self, fields: dict[str, Any]) -> str | None:
        """Say which key of 'units' names no value, if one does: the value it was meant for would be taken otherwise."""
        units, values = fields.get("units"), dict(fields["values"])
        stray = next((name for name, _ in units if name not in values), None) if units else None
        if stray is None:
            return None
        meant = keys.nearest(stray, values) if self._may_suggest() else None
        return f"'units' names {quoted(stray)}, of which there is no value{keys.did_you_mean(meant)}"

    def _may_suggest(self) -> bool:
        self._suggestions -= 1
        return self._suggestions >= 0


def _when(fields: dict[str, Any]) -> tuple[int | None, GivenInterval | None, float | None] | Flaw:
    """Return time, interval and revision of a sample, or what is wrong with one of them."""
    read: list[int | None] = []
    for key in ("time", "begin", "end"):
        try:
            read.append(times.read(fields.get(key)))
        except ValueError:
            return Flaw(Reason.BAD_TIME, times.fault(key, fields[key], _found(fields[key])), field=key)
    time, begin, end = read
    try:
        interval = given(time, begin, end)
    except ValueError:
        key, other = ("begin", "end") if end is None else ("end", "begin")
        detail = f"{key} stands alone; expected the {other} of the interval beside it, at {other} or at time"
        return Flaw(Reason.BAD_INTERVAL, detail, field=key)
    try:
        revision = revisions.read(fields.get("revision"))
    except (ValueError, OverflowError):
        detail = f"revision is {_found(fields['revision'])}; {revisions.EXPECTED}"
        return Flaw(Reason.BAD_REVISION, detail, field="revision")
    return interval.end if time is None and interval else time, interval, revision


def _unknown(key: str) -> str:
    return f"unknown key {quoted(key)}; expected {', '.join(keys.KEYS)}"


def _ignored(extra: Sequence[str]) -> str:
    others = f" (and {len(extra) - 1} more unknown)" if len(extra) > 1 else ""
    return f"{_unknown(extra[0])}{others}; what stands beside it is kept"


def _refused(detail: str, field: str | None, readings: int) -> Sample:
    return Sample(None, {}, flaws=(Flaw(Reason.UNDECODABLE, detail, readings, field),))


def _empty(time: int | None, detail: str) -> Sample:
    """Return a sample that says nothing: it is told, and stands for no reading."""
    return Sample(time, {}, flaws=(Flaw(Reason.EMPTY, f"{detail}; expected at least one reading", 0),))


def _structural_fault(fields: dict[str, Any]) -> tuple[str, str] | None:
    """Say what is wrong with the shape of a sample, and at which key, if anything."""
    if not isinstance(fields.get("values"), _Pairs):
        found = _found(fields["values"]) if "values" in fields else "nothing"
        return f"expected an object of numbers at 'values', found {found}", "values"
    serial = fields.get("serial_number")
    if serial is not None and not (isinstance(serial, str) and re.fullmatch(SERIAL_NUMBER, serial)):
        expected = "expected 1 to 64 printable ASCII characters at 'serial_number'"
        return f"{expected}, found {_found(serial)}", "serial_number"
    fault = _fault_of_units(fields.get("units"))
    return (fault, "units") if fault else None


def _fault_of_units(units: object) -> str | None:
    if units is None:
        return None
    if not isinstance(units, _Pairs) or not all(isinstance(unit, str) for _, unit in units):
        return "expected an object of strings at 'units'"
    return "a key of 'units' is given more than once" if len(dict(units)) < len(units) else None


def _values(pairs: _Pairs) -> tuple[dict[str, float | None], dict[str, str], tuple[Flaw, ...]]:
    """Return numbers, texts, and what is neither."""
    counts = Counter(quantity for quantity, _ in pairs)
    kept: dict[str, float | None] = {}
    texts: dict[str, str] = {}
    flaws = [
        Flaw(Reason.DUPLICATE_KEY, f"{quoted(quantity)} is given {count} times in one sample", count, quantity)
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
            detail = f"{quoted(quantity)} is {_found(value)}; expected {_NUMBER_EXPECTED}"
            flaws.append(Flaw(Reason.NOT_A_NUMBER, detail, field=quantity))
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
