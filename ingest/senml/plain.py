"""The short way of a pack: records of one value each, as they should be. Others take the patient one, which tells why.

Both agree on packs that this one reads.
"""

from functools import lru_cache
from math import isfinite
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from ingest.decoder import Sample
from ingest.limits import PayloadLimits
from ingest.model.time import LATEST, SECOND
from ingest.senml import names, units
from ingest.senml.pack import ABSOLUTE, LABELS, VERSION

_LATEST_SECONDS: Final = LATEST // SECOND
_KNOWN: Final = frozenset(LABELS)
_name = lru_cache(4096)(names.read)


class PlainRecord(msgspec.Struct, gc=False):
    """A record by its labels; what it lacks is UNSET."""

    bn: str | UnsetType = UNSET
    bt: float | UnsetType = UNSET
    bu: str | UnsetType = UNSET
    bv: float | UnsetType = UNSET
    bs: float | UnsetType = UNSET
    bver: float | UnsetType = UNSET
    n: str | UnsetType = UNSET
    u: str | UnsetType = UNSET
    v: float | UnsetType = UNSET
    vs: str | UnsetType = UNSET
    vb: bool | UnsetType = UNSET
    vd: object = UNSET
    s: float | UnsetType = UNSET
    t: float = 0.0
    ut: float = 0.0


_JSON: Final = msgspec.json.Decoder(list[PlainRecord])


def of_json(payload: bytes, limits: PayloadLimits) -> list[Sample] | None:
    """Return the samples of a pack in JSON; None where the patient way has to look at it."""
    if b'_"' in payload:  # perhaps a label that has to be understood
        return None
    try:
        return _samples(_JSON.decode(payload), limits)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return None


def of_records(records: list[object], limits: PayloadLimits) -> list[Sample] | None:
    """Return the samples of records by their labels; None where the patient way has to look at them."""
    for record in records:
        if not isinstance(record, dict) or any(str(label).endswith("_") for label in record.keys() - _KNOWN):
            return None
    try:
        return _samples(msgspec.convert(records, list[PlainRecord]), limits)
    except ValueError:  # msgspec's errors are ValueErrors
        return None


class _Base:
    """The base fields that hold for the next record."""

    name, time, unit = "", 0.0, ""
    value: float | None = None
    sum: float | None = None
    version: float | None = None

    def take_up(self, record: PlainRecord) -> None:
        """Take those that a record gives."""
        if record.bn is not UNSET:
            self.name = record.bn
        if record.bt is not UNSET:
            self.time = record.bt
        if record.bu is not UNSET:
            self.unit = record.bu
        if record.bv is not UNSET:
            self.value = record.bv
        if record.bs is not UNSET:
            self.sum = record.bs


def _samples(records: list[PlainRecord], limits: PayloadLimits) -> list[Sample] | None:
    if len(records) > limits.samples:
        return None
    found: list[Sample] = []
    base = _Base()
    for record in records:
        base.take_up(record)
        if record.bver is not UNSET:
            if record.bver > VERSION or base.version not in {None, record.bver}:
                return None
            base.version = record.bver
        if _is_base_alone(record):
            continue
        if record.vd is not UNSET:  # data are no reading
            if _has_one_value(record, base) and len(record.n or "") <= limits.name >= len(record.u or ""):
                continue
            return None
        sample = _sample(record, base, limits)
        if sample is None:
            return None
        found.append(sample)
    return found or None


def _is_base_alone(record: PlainRecord) -> bool:
    if record.v is not UNSET or record.n is not UNSET or record.s is not UNSET:
        return False
    return record.vs is UNSET and record.vb is UNSET and record.vd is UNSET


def _sample(record: PlainRecord, base: _Base, limits: PayloadLimits) -> Sample | None:
    is_number = record.vs is UNSET and record.vb is UNSET
    if not (is_number or _has_one_value(record, base)):
        return None
    own = "" if record.n is UNSET else record.n
    unit = base.unit if record.u is UNSET else record.u
    if max(len(base.name), len(own), len(unit), len(base.unit)) > limits.name:
        return None
    name, seconds = _name(base.name + own), base.time + record.t
    if not -ABSOLUTE < seconds < _LATEST_SECONDS or not (name.device or name.field):
        return None
    micros = round(seconds * SECOND)
    time, age = (None, -micros) if seconds < ABSOLUTE else (micros, 0)
    if record.vs is not UNSET:
        return Sample(time, {}, texts={name.field or "vs": record.vs}, device=name.device, age=age)
    if record.vb is not UNSET:
        return Sample(time, {name.field or "vb": float(record.vb)}, device=name.device, age=age)
    values, symbols = _numbers(record, base, name.field or unit or "v", unit)
    is_right = bool(values) and all(map(isfinite, values.values()))
    return Sample(time, values, symbols, device=name.device, age=age) if is_right else None


def _has_one_value(record: PlainRecord, base: _Base) -> bool:
    """Whether a record has one text, one boolean or data, and nothing else that could be added up."""
    given = (record.v, record.vs, record.vb, record.vd)
    others = record.s is UNSET and base.sum is None
    return others and sum(value is not UNSET for value in given) == 1


def _numbers(record: PlainRecord, base: _Base, field: str, unit: str) -> tuple[dict[str, float], dict[str, str]]:
    """Return value and sum of a record, and their units."""
    values: dict[str, float] = {}
    symbols: dict[str, str] = {}
    if record.v is not UNSET or base.value is not None:
        values[field] = (0.0 if record.v is UNSET else record.v) + (base.value or 0.0)
        if unit:
            symbols[field] = units.SYMBOLS.get(unit, unit)
    if record.s is not UNSET or base.sum is not None:
        values[f"{field}.s"] = (0.0 if record.s is UNSET else record.s) + (base.sum or 0.0)
        if unit:
            symbols[f"{field}.s"] = units.of_sum(unit)
    return values, symbols
