"""What the value of a metric is as a number or a text, by its datatype."""

from math import isfinite
from typing import Final

from ingest.decoder import Flaw, quoted
from ingest.reasons import Reason
from ingest.sparkplug.payload import GOOD, DataType, SparkplugMetric

_BITS: Final = {
    DataType.INT8: 8,
    DataType.INT16: 16,
    DataType.INT32: 32,
    DataType.INT64: 64,
    DataType.UINT8: 8,
    DataType.UINT16: 16,
    DataType.UINT32: 32,
    DataType.UINT64: 64,
}
_SIGNED: Final = frozenset((DataType.INT8, DataType.INT16, DataType.INT32, DataType.INT64))
_REALS: Final = frozenset((DataType.FLOAT, DataType.DOUBLE))
_TEXTS: Final = frozenset((DataType.STRING, DataType.TEXT, DataType.UUID))
_NAMES: Final = {each.value: each.name for each in DataType}
_SIGN: Final = 1 << 31  # below it a whole number is the same, signed or not
_WRITTEN_BITS: Final = (32, 64)  # of the two fields that whole numbers stand in


def value_of(metric: SparkplugMetric, name: str, datatype: int) -> float | str | Flaw | None:
    """Return the value, None for "no reading"; what is none, and what its source calls bad or stale, is a flaw."""
    value = metric.value
    if metric.is_null or value is None:
        return None
    if metric.quality != GOOD:
        detail = f"{quoted(name)} has the quality {metric.quality}; expected {GOOD}, which is good"
        return Flaw(Reason.BAD_QUALITY, detail, field=name)
    found: float | str | Flaw | None = None
    if datatype in _REALS and isinstance(value, float):
        found = value if isfinite(value) else _refused(name, f"is {value}; expected a finite number")
    elif datatype in _BITS and type(value) is int:
        found = _whole(value, datatype, name)
    elif datatype == DataType.BOOLEAN and isinstance(value, bool):
        found = float(value)
    elif datatype in _TEXTS and isinstance(value, str):
        found = value
    if found is not None:
        return found
    called = _NAMES.get(datatype, f"of the unknown datatype {datatype}")
    return _refused(name, f"is {called}, which no series takes; expected a number, a boolean or a string of its own")


def datatype_of(metric: SparkplugMetric) -> int:
    """Return a datatype that a value has whatever its birth says, 0 where it may be above zero or below."""
    value = metric.value
    if metric.is_null or isinstance(value, float):
        return DataType.DOUBLE
    if isinstance(value, bool):
        return DataType.BOOLEAN
    if isinstance(value, int):
        return DataType.UINT64 if value < _SIGN else 0
    return DataType.STRING if isinstance(value, str) else 0


def _whole(value: int, datatype: int, name: str) -> float | Flaw:
    """Return a whole number; one below zero is in two's complement, of its own bits or of those of its field."""
    bits, number = _BITS[DataType(datatype)], value
    if datatype in _SIGNED and value >= 1 << (bits - 1):
        number -= next((1 << each for each in (bits, *_WRITTEN_BITS) if value < 1 << each), 0)
    low, high = (-(1 << (bits - 1)), 1 << (bits - 1)) if datatype in _SIGNED else (0, 1 << bits)
    if low <= number < high:
        return float(number)
    return _refused(name, f"is {value}; expected what {DataType(datatype).name} holds")


def _refused(name: str, what: str) -> Flaw:
    return Flaw(Reason.NOT_A_NUMBER, f"{quoted(name)} {what}", field=name)
