"""Any JSON or CSV, read as a mapping in the city file says (ingest.model.payload_mapping): by configuration alone.

JSON is RFC 8259, its paths are those of RFC 9535 as far as ingest.model.json_path knows them; CSV is RFC 4180. A field
is called by its column, and the mapping says its quantity and its unit.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import dataclass
from functools import cache, partial
from math import isfinite
from typing import Final, NamedTuple, Self

from ingest.decoder import SERIAL_NUMBER, Decoder, Flaw, Sample, quoted
from ingest.decoders.mapping.rows import Row, reader
from ingest.decoders.mapping.times import clock_of, fault, issued
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.city.binding import MAPPED
from ingest.model.given_interval import GivenInterval, given
from ingest.model.mapped_columns import DeviceOf
from ingest.model.payload_mapping import PayloadMapping, PayloadTime
from ingest.payloads.document import named
from ingest.payloads.fields import EXACT, Fields, put
from ingest.reasons import Reason

_IS_SERIAL_NUMBER: Final = re.compile(SERIAL_NUMBER).fullmatch
_IS_NUMBER: Final = re.compile(r"[+-]?(\d{1,300}(\.\d{0,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?", re.ASCII).fullmatch
_LARGEST_ID: Final = 1 << 64


def unmapped(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Refuse any payload: without a mapping nobody knows how it is read."""
    del payload, limits
    raise DecodeError(f"the decoder {MAPPED} needs the mapping of a binding in the city file")


DECODER: Final = Decoder(MAPPED, "JSON or CSV by a mapping", frozenset(), unmapped, foreign=True)


@cache
def decoder_of(mapping: PayloadMapping) -> Decoder:
    """Return the decoder of what a mapping reads."""
    return Decoder(
        name=MAPPED,
        title=mapping.name or DECODER.title,
        keys=frozenset(mapping.columns),
        decode=partial(_decode, _Reading.of(mapping)),
        meanings={value.column: value.quantity for value in mapping.values},
        foreign=True,
    )


class _Clock(NamedTuple):
    """A time of a row by what it is of (time, begin, end); ``is_needed``: of the one that says when the row was."""

    key: str
    column: str
    read: Callable[[object], tuple[int | None, int | None]]
    is_needed: bool
    declared: PayloadTime


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a mapping says, looked up once and not with every message."""

    rows: Callable[[bytes, int], list[Row]]
    columns: Sequence[str]
    units: Mapping[str, str]
    clocks: Sequence[_Clock]
    only_clock: _Clock | None  # where a row says its time and nothing else of when it was
    is_of_its_end: bool  # where nothing else says when it was
    decimal: str
    device: DeviceOf | None
    serial_number: str | None
    revision: PayloadTime | None

    @classmethod
    def of(cls, mapping: PayloadMapping) -> Self:
        """Return how a mapping is read."""
        clocks = [
            _Clock(key, clock.column, clock_of(clock), clock is mapping.stamp, clock)
            for key, clock in mapping.clocks.items()
        ]
        says_its_time_only = list(mapping.clocks) == ["time"] and mapping.revision is None
        return cls(
            rows=reader(mapping),
            columns=[value.column for value in mapping.values],
            units={value.column: value.unit for value in mapping.values if value.unit},
            clocks=clocks,
            only_clock=clocks[0] if says_its_time_only else None,
            is_of_its_end=mapping.time is None,
            decimal=mapping.decimal,
            device=mapping.device,
            serial_number=mapping.serial_number,
            revision=mapping.revision,
        )


def _decode(reading: _Reading, payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return a sample for each row that holds a value; raises DecodeError for what is not in the mapping's format."""
    taken = reading.rows(payload, limits.samples + 1)
    if len(taken) > limits.samples:
        raise OverLimitError("rows or more", len(taken), limits.samples, len(taken) * len(reading.columns))
    samples = [sample for row in taken if (sample := _sample(reading, row, limits))]
    if samples:
        return samples
    columns = quoted(", ".join(reading.columns))
    return [Sample(None, {}, flaws=(Flaw(Reason.EMPTY, f"it holds none of the columns of values, {columns}", 0),))]


def _sample(reading: _Reading, row: Row, limits: PayloadLimits) -> Sample | None:
    """Return the sample of a row, None where it holds no value."""
    values: dict[str, float | None] = {}
    texts: dict[str, str] = {}
    for column in reading.columns:
        cell = row.get(column)
        kind = type(cell)
        if kind is float and isfinite(cell):  # type: ignore[arg-type]  # kind says it
            values[column] = cell  # type: ignore[assignment]  # likewise
        elif kind is int and -EXACT < cell < EXACT:  # type: ignore[operator]  # likewise
            values[column] = float(cell)  # type: ignore[arg-type]  # likewise
        elif cell is not None:
            _put(Fields(values, texts), column, cell, reading.decimal)
    if not values and not texts:
        return None
    device = _device(reading.device, row, limits) if reading.device else None
    interval = revision = None
    if clock := reading.only_clock:
        cell = row.get(clock.column)
        try:
            time, local = clock.read(cell)
        except ValueError as error:
            flaw = _bad_time(clock, cell, error, len(values) + len(texts))
            return Sample(None, {}, flaws=(flaw,), device=device)
    else:
        when = _when(reading, row, values, texts)
        if isinstance(when, Flaw):
            return Sample(None, {}, flaws=(when,), device=device)
        time, local, interval, revision = when
    units: Mapping[str, str] = reading.units
    if len(values) < len(reading.columns):
        units = {column: unit for column, unit in units.items() if column in values}
    serial = row.get(reading.serial_number) if reading.serial_number else None
    serial_number = serial if isinstance(serial, str) and _IS_SERIAL_NUMBER(serial) else None
    return Sample(time, values, units, (), texts, serial_number, revision, interval, device, local)


def _when(
    reading: _Reading, row: Row, values: Sized, texts: Sized
) -> tuple[int | None, int | None, GivenInterval | None, float | None] | Flaw:
    """Return time, local time, interval and revision of a row, or what is wrong with one of them."""
    times: dict[str, int | None] = {}
    local = None
    for clock in reading.clocks:
        cell = row.get(clock.column)
        if cell is None and not clock.is_needed:
            continue
        try:
            times[clock.key], shown = clock.read(cell)
        except ValueError as error:
            return _bad_time(clock, cell, error, len(values) + len(texts))
        local = shown if clock.is_needed else local
    time, interval, revision, revised = times.get("time"), None, None, reading.revision
    if len(times) > ("time" in times):
        try:
            interval = given(time, times.get("begin"), times.get("end"))
        except ValueError:
            detail = "one edge of the interval stands alone; expected the other beside it"
            return Flaw(Reason.BAD_INTERVAL, detail, len(values) + len(texts))
        time = interval.end if interval and reading.is_of_its_end else time
    if revised and (cell := row.get(revised.column)) is not None:
        try:
            revision = issued(cell, revised)
        except ValueError:
            detail = "when the values were issued is neither a time nor a number"
            return Flaw(Reason.BAD_REVISION, detail, len(values) + len(texts))
    return time, local, interval, revision


def _bad_time(clock: _Clock, cell: object, error: ValueError, readings: int) -> Flaw:
    return Flaw(Reason.BAD_TIME, fault(cell, clock.declared, error), readings, clock.column)


def _put(taken: Fields, column: str, cell: object, decimal: str) -> None:
    """Add a value; a number may be written as text, with the decimal sign of the mapping and no other."""
    if isinstance(cell, str) and (number := _number(cell, decimal)) is not None:
        put(taken, column, number)
    elif isinstance(cell, (dict, list)):
        taken.texts[column] = named(cell)
    else:
        put(taken, column, cell)


def _number(text: str, decimal: str) -> float | None:
    """Return the number that a text is, None of what is none; a full stop beside decimal commas may be of thousands."""
    if decimal != "." and "." in text:
        return None
    plain = text.strip().replace(decimal, ".")
    return float(plain) if _IS_NUMBER(plain) else None


def _device(declared: DeviceOf, row: Row, limits: PayloadLimits) -> str | None:
    if declared.column is None:
        return declared.native_id
    said = row.get(declared.column)
    if isinstance(said, int) and not isinstance(said, bool) and abs(said) < _LARGEST_ID:
        return str(said)
    return said[: limits.name] or None if isinstance(said, str) else None
