"""Records as fields: what each measures, what sets it apart from the present value, and its unit."""

from decimal import Decimal
from typing import Any, Final

from ingest.decoders.mbus.records import UNREADABLE
from ingest.payloads.fields import Fields

MEANINGS: Final = {
    "Energy": "heat_energy",
    "Energy, Accumulation only if value is positive": "heat_energy",
    "Volume": "volume",
    "Volume flow": "flow",
    "Power": "heat_power",
    "Flow temperature": "supply_temperature",
    "Return temperature": "return_temperature",
    "Relative humidity": "relative_humidity",
    "KAM.07": "volume_supply_temperature",
    "KAM.08": "volume_return_temperature",
}  # of heat meters; a meter of electricity names its energy and its power as one of heat does
_UNITS: Final = {
    "W.h": ("kWh", -3),
    "J": ("GJ", -9),
    "W": ("kW", -3),
    "J.h-1": ("MJ/h", -6),
    "m3": ("m3", 0),
    "m3.h-1": ("m3/h", 0),
    "m3.min-1": ("m3/min", 0),
    "m3.s-1": ("m3/s", 0),
    "Cel": ("degC", 0),
    "[degF]": ("degF", 0),
    "K": ("K", 0),
    "%": ("percent", 0),
    "kg": ("kg", 0),
    "s": ("s", 0),
    "min": ("min", 0),
    "h": ("h", 0),
}  # by what pymbusparser calls them, after UCUM: the one that meters show, and the power of ten between both
_OF_MANUFACTURERS: Final = {"KAM.07": "m3.degC", "KAM.08": "m3.degC"}  # E8 and E9 of Kamstrup (recalled)

_MANUFACTURER_SPECIFIC: Final = "Manufacturer specific"
_FUNCTIONS: Final = {"Maximum value": "maximum", "Minimum value": "minimum", "Value during error state": "in_error"}
_SET_APART: Final = ("tariff", "storage_number", "subunit")
_UNSAID: Final = frozenset(("Record error codes", "Reserved for object actions"))
_EXTENSIONS: Final = (0xFB, 0xFD)
_ERRORS: Final = {
    0x01: "too many DIFEs",
    0x02: "storage number not implemented",
    0x03: "unit number not implemented",
    0x04: "tariff number not implemented",
    0x05: "function not implemented",
    0x06: "data class not implemented",
    0x07: "data size not implemented",
    0x0B: "too many VIFEs",
    0x0C: "illegal VIF group",
    0x0D: "illegal VIF exponent",
    0x0E: "VIF and DIF do not fit",
    0x0F: "action not implemented",
    0x15: "no data available",
    0x16: "data overflow",
    0x17: "data underflow",
    0x18: "data error",
    0x1C: "premature end of record",
}  # of a record, told by a VIFE in an answer (EN 13757-3, recalled)


def name(record: dict[str, Any], manufacturer: str | None, taken: Fields) -> str:
    """Return what a record is called; one that is called as one before it gets a number."""
    parts = [_measured(record, manufacturer)]
    parts += [_FUNCTIONS[record["function"]]] if record["function"] in _FUNCTIONS else []
    parts += (f"{key.removesuffix('_number')}_{record[key]}" for key in _SET_APART if record[key])
    found, number = ".".join(parts), 2
    first = found
    while found in taken.values or found in taken.texts:
        found, number = f"{first}#{number}", number + 1
    return found


def put(taken: Fields, field: str, record: dict[str, Any]) -> None:
    """Add what a record says; what is no number though it should be is a text that says why."""
    kind, value = record["value"]["kind"], record["value"].get("value")
    if error := _error(record):
        taken.texts[field] = error
    elif kind == UNREADABLE:
        taken.texts[field] = f"no number: {value}"
    elif kind in ("decimal", "float"):
        number = Decimal(str(value))
        if number.is_finite():
            taken.values[field] = float(number.scaleb(_UNITS.get(record.get("unit", ""), ("", 0))[1]))
        else:
            taken.texts[field] = "no finite number"
    elif isinstance(value, str):
        taken.texts[field] = value


def unit(record: dict[str, Any], field: str) -> str | None:
    """Return the unit of a record, None where it has none; what Pharos does not know is handed on as it is called."""
    said = record.get("unit")
    return _OF_MANUFACTURERS.get(field.partition("#")[0]) if said is None else _UNITS.get(said, (said, 0))[0]


def _measured(record: dict[str, Any], manufacturer: str | None) -> str:
    named = [one for one in record["quantities"] if one not in _UNSAID]
    if named == [_MANUFACTURER_SPECIFIC]:
        return f"{manufacturer or _MANUFACTURER_SPECIFIC}.{record['header_hex'].rpartition(' ')[2]}"
    return ", ".join(named)


def _error(record: dict[str, Any]) -> str | None:
    """Return the error that a record tells of itself, which makes its value none."""
    if "Record error codes" not in record["quantities"]:
        return None
    header = bytes.fromhex(record["header_hex"])
    at = next(place for place, byte in enumerate(header) if not byte & 0x80) + 1 if header[0] & 0x80 else 1
    codes = [code & 0x7F for code in header[at + (2 if header[at] in _EXTENSIONS else 1) :]]
    return next((_ERRORS[code] for code in codes if code in _ERRORS), "record error")
