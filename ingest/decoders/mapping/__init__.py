"""Any JSON or CSV, read as a mapping in the city file says (ingest.model.payload_mapping): by configuration alone.

JSON is RFC 8259, its paths are those of RFC 9535 as far as ingest.model.json_path knows them; CSV is RFC 4180. A field
is called by its column, and the mapping says its quantity and its unit.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import Final, NamedTuple, Self

from ingest.decoder import SERIAL_NUMBER, Decoder, Flaw, Sample, quoted
from ingest.decoders.mapping.rows import Row, reader
from ingest.decoders.mapping.times import fault, issued, when
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.city.binding import MAPPED
from ingest.model.given_interval import given
from ingest.model.payload_mapping import PayloadMapping, PayloadTime
from ingest.payloads.document import named
from ingest.payloads.fields import Fields, put
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


class _Reading(NamedTuple):
    """What a mapping says, looked up once and not with every message."""

    mapping: PayloadMapping
    rows: Callable[[bytes], Iterator[Row]]
    columns: Sequence[str]
    units: Sequence[tuple[str, str]]
    clocks: Sequence[tuple[str, PayloadTime, bool]]

    @classmethod
    def of(cls, mapping: PayloadMapping) -> Self:
        """Return how a mapping is read; of its clocks it is said which one a row needs."""
        columns = [value.column for value in mapping.values]
        units = [(value.column, value.unit) for value in mapping.values if value.unit]
        clocks = [(key, clock, clock is mapping.stamp) for key, clock in mapping.clocks.items()]
        return cls(mapping, reader(mapping), columns, units, clocks)


def _decode(reading: _Reading, payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return a sample for each row that holds a value; raises DecodeError for what is not in the mapping's format."""
    taken = list(islice(reading.rows(payload), limits.samples + 1))
    if len(taken) > limits.samples:
        raise OverLimitError("rows or more", len(taken), limits.samples, len(taken) * len(reading.columns))
    samples = [sample for row in taken if (sample := _sample(reading, row, limits))]
    if samples:
        return samples
    columns = quoted(", ".join(reading.columns))
    return [Sample(None, {}, flaws=(Flaw(Reason.EMPTY, f"it holds none of the columns of values, {columns}", 0),))]


def _sample(reading: _Reading, row: Row, limits: PayloadLimits) -> Sample | None:
    """Return the sample of a row, None where it holds no value."""
    mapping = reading.mapping
    taken = Fields({}, {})
    for column in reading.columns:
        if column in row:
            _put(taken, column, row[column], mapping.decimal)
    if not taken:
        return None
    device = _device(mapping, row, limits)
    readings = len(taken.values) + len(taken.texts)
    times: dict[str, int | None] = {}
    local = None
    for key, clock, is_needed in reading.clocks:
        try:
            times[key], shown = when(row.get(clock.column), clock, is_needed=is_needed)
        except ValueError as error:
            flaw = Flaw(Reason.BAD_TIME, fault(row.get(clock.column), clock, error), readings, clock.column)
            return Sample(None, {}, flaws=(flaw,), device=device)
        local = shown if is_needed else local
    try:
        interval = given(times.get("time"), times.get("begin"), times.get("end"))
    except ValueError:
        detail = "one edge of the interval stands alone; expected the other beside it"
        return Sample(None, {}, flaws=(Flaw(Reason.BAD_INTERVAL, detail, readings),), device=device)
    time = interval.end if interval and mapping.time is None else times.get("time")
    try:
        revision = _revision(mapping, row)
    except ValueError:
        detail = "when the values were issued is neither a time nor a number"
        return Sample(None, {}, flaws=(Flaw(Reason.BAD_REVISION, detail, readings),), device=device)
    units = {column: unit for column, unit in reading.units if column in taken.values}
    serial = row.get(mapping.serial_number) if mapping.serial_number else None
    serial_number = serial if isinstance(serial, str) and _IS_SERIAL_NUMBER(serial) else None
    return Sample(time, taken.values, units, (), taken.texts, serial_number, revision, interval, device, local)


def _revision(mapping: PayloadMapping, row: Row) -> float | None:
    clock = mapping.revision
    return None if clock is None or clock.column not in row else issued(row[clock.column], clock)


def _put(taken: Fields, column: str, cell: object, decimal: str) -> None:
    """Add a value; a number may be written as text, with the decimal sign of the mapping."""
    if isinstance(cell, str) and _IS_NUMBER(plain := cell.strip().replace(decimal, ".")):
        put(taken, column, float(plain))
    elif isinstance(cell, (dict, list)):
        taken.texts[column] = named(cell)
    else:
        put(taken, column, cell)


def _device(mapping: PayloadMapping, row: Row, limits: PayloadLimits) -> str | None:
    if mapping.device is None:
        return None
    if mapping.device.column is None:
        return mapping.device.native_id
    said = row.get(mapping.device.column)
    if isinstance(said, int) and not isinstance(said, bool) and abs(said) < _LARGEST_ID:
        return str(said)
    return said[: limits.name] or None if isinstance(said, str) else None
