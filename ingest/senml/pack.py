"""The records of a pack, resolved (RFC 8428, 4.1 to 4.6): base fields hold for their record and all after it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ingest.decoder import Flaw, Sample, quoted
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import PayloadLimits
from ingest.model.time import LATEST, SECOND, is_dated
from ingest.payloads.document import named
from ingest.payloads.fields import finite
from ingest.reasons import Reason
from ingest.senml import names, units

VERSION: Final = 10
LABELS: Final = ("bn", "bt", "bu", "bv", "bs", "bver", "n", "u", "v", "vs", "vb", "vd", "s", "t", "ut")
ABSOLUTE: Final = 2**28  # seconds; what is less is relative to now
_VALUES: Final = ("v", "vs", "vb", "vd")
_NUMBERS: Final = frozenset({"bt", "bv", "bs", "v", "s", "t", "ut"})
_TIMES: Final = frozenset({"bt", "t", "ut"})
_TEXTS: Final = frozenset({"bn", "bu", "n", "u", "vs"})
_BASES: Final = ("bn", "bt", "bu", "bv", "bs")
_NAMES: Final = ("bn", "n", "bu", "u")


class _RecordError(Exception):
    """What is wrong with one record: in words, at which label, and why."""

    def __init__(self, detail: str, label: str | None = None, reason: Reason = Reason.UNDECODABLE) -> None:
        super().__init__(detail)
        self.flaw = Flaw(reason, detail, field=label)


def samples(pack: object, limits: PayloadLimits) -> list[Sample]:
    """Return a sample for each record that measures something.

    Raises DecodeError for what is no pack or must not be read, OverLimitError for one with too many records.
    """
    if not isinstance(pack, list):
        raise DecodeError(f"expected an array of SenML records, found {named(pack)}")
    if len(pack) > limits.samples:
        raise OverLimitError("records", len(pack), limits.samples, len(pack))
    for record in pack:
        _understood(record, limits)
    versions = {record["bver"] for record in pack if isinstance(record, dict) and "bver" in record}
    if len(versions) > 1:
        told = " and ".join(map(str, sorted(versions)))
        raise DecodeError(f"records of one pack say that they are of versions {told}; expected one version")
    found = list(_resolved(pack))
    if not found:
        empty = Flaw(Reason.EMPTY, "the pack measures nothing; expected at least one record with a value", 0)
        found = [Sample(None, {}, flaws=(empty,))]
    return found


def _understood(record: object, limits: PayloadLimits) -> None:
    """Raise where a record is of a later version, or has a field that nobody may pass over who does not know it."""
    if not isinstance(record, dict):
        return
    longest = max((len(text) for label in _NAMES if isinstance(text := record.get(label), str)), default=0)
    if longest > limits.name:
        raise OverLimitError("characters in a name or a unit", longest, limits.name, 1)
    version = record.get("bver", VERSION)
    if isinstance(version, bool) or not isinstance(version, (int, float)) or not version <= VERSION:
        raise DecodeError(f"bver is {named(version)}; SenML up to version {VERSION} is known")
    for label in record:
        if isinstance(label, str) and label.endswith("_"):
            raise DecodeError(f"the field {quoted(label)} has to be understood, by its underscore, and is not known")


def _resolved(pack: list[Any]) -> Iterator[Sample]:
    base: dict[str, Any] = {}
    for record in pack:
        try:
            if sample := _sample(record, base):
                yield sample
        except _RecordError as error:
            yield Sample(None, {}, flaws=(error.flaw,))


def _check(label: str, record: Mapping[str, Any]) -> None:
    """Raise where a field is not of its type."""
    if label not in record:
        return
    value = record[label]
    if label in _NUMBERS:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or finite(value) is None:
            detail = f"{label} is {named(value)}; expected a number that a 64-bit float can hold"
            raise _RecordError(detail, label, Reason.BAD_TIME if label in _TIMES else Reason.NOT_A_NUMBER)
    elif label in _TEXTS and not isinstance(value, str):
        raise _RecordError(f"{label} is {named(value)}; expected a text", label)
    elif label == "vb" and not isinstance(value, bool):
        raise _RecordError(f"vb is {named(value)}; expected true or false", label)


def _sample(record: object, base: dict[str, Any]) -> Sample | None:
    """Return what a record measures, None where it only gives base fields, or data; its base fields go to ``base``."""
    if not isinstance(record, dict):
        raise _RecordError(f"expected a SenML record, found {named(record)}")
    base |= {label: record[label] for label in _BASES if label in record}
    for label in _BASES:  # one that is wrong is so for every record it holds for
        _check(label, base)
    for label in record:
        _check(label, record)
    given = [label for label in (*_VALUES, "s") if label in record]
    if len(given) - ("s" in given) > 1:
        raise _RecordError(f"expected one value, found {', '.join(given)}")
    if given == ["vd"] or not (given or "n" in record):
        return None
    full = base.get("bn", "") + record.get("n", "")
    if not full:
        raise _RecordError("expected a name, at n or at bn", "n")
    device, field = names.read(full)
    time, age = _when(float(base.get("bt", 0)) + float(record.get("t", 0)))
    values, symbols = _numbers(record, base, field)
    texts = {field or "vs": record["vs"]} if "vs" in record else {}
    if not values and not texts:
        raise _RecordError(f"{quoted(full)} has no value; expected one at v, vs or vb")
    return Sample(time, values, symbols, texts=texts, device=device, age=age)


def _numbers(
    record: Mapping[str, Any], base: Mapping[str, Any], field: str
) -> tuple[dict[str, float | None], dict[str, str]]:
    """Return value and sum of a record, and their units; what has no name of its own is called by its unit."""
    symbol = record.get("u", base.get("bu"))
    values: dict[str, float | None] = {}
    symbols: dict[str, str] = {}
    if "vb" in record:
        values[field or "vb"] = float(record["vb"])
    elif "v" in record or ("bv" in base and not {"vs", "vd"} & record.keys()):
        name = field or symbol or "v"
        values[name] = _added(record, base, "v")
        if symbol:
            symbols[name] = units.of_value(symbol)
    if "s" in record or "bs" in base:
        name = f"{field or symbol or 'v'}.s"
        values[name] = _added(record, base, "s")
        if symbol:
            symbols[name] = units.of_sum(symbol)
    return values, symbols


def _added(record: Mapping[str, Any], base: Mapping[str, Any], label: str) -> float:
    found = finite(float(base.get(f"b{label}", 0)) + float(record.get(label, 0)))
    if found is None:
        raise _RecordError(f"b{label} and {label} add up to no finite number", label, Reason.NOT_A_NUMBER)
    return found


def _when(seconds: float) -> tuple[int | None, int]:
    """Return the time of a record, None for one relative to now; and how long before now it was, in microseconds."""
    micros = round(seconds * SECOND) if abs(seconds) < LATEST else LATEST + 1
    if not is_dated(micros):
        detail = f"bt and t add up to {seconds:g} s, which is outside of the years 1 to 9999"
        raise _RecordError(detail, "t", Reason.BAD_TIME)
    return (None, -micros) if seconds < ABSOLUTE else (micros, 0)
