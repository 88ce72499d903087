"""The data records of a telegram (EN 13757-3), each for itself: one that cannot be read costs none behind it."""

from collections.abc import Iterator
from typing import Any, Final

import pymbusparser

Record = dict[str, Any]

_FLOAT: Final = "float"
UNREADABLE: Final = "unreadable"  # the kind of a value that no number says, such as BCD with a digit beyond 9

_HEADERS: Final = {"long_tpl": 13, "short_tpl": 5, "none": 1}  # bytes before the first record
_PARTIAL: Final = "application.record_partial"
_LAST_MODE: Final = 15  # of encryption; older wired meters fill its place with anything, and encrypt nothing
_EXTENDED, _FIELD, _PLAIN_TEXT = 0x80, 0x0F, 0x7C
_VARIABLE, _SPECIAL, _FILLER = 0x0D, 0x0F, 0x2F
_LENGTHS: Final = (0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 0, 6, 0)  # of data, by the data field of a DIF
_STRAY: Final = 2  # bytes of a CRC
_LONGEST_TEXT, _FIRST_WORDS = 0xBF, 0xF0  # of the byte that says the length of data of variable length


def is_encrypted(telegram: dict[str, Any]) -> bool:
    """Whether the records of a telegram are encrypted, in a mode that there is."""
    security = telegram["security"]
    is_clear = security["payload_protection"] == "cleartext"
    return not (is_clear or (telegram["protocol"] == "wired" and security.get("mode_code", 0) > _LAST_MODE))


def records(telegram: dict[str, Any]) -> list[Record]:
    """Return the records of a telegram, fillers and what its manufacturer alone can read left out."""
    found: list[Record] = list(telegram["records"])
    stop = next((one["offset_start"] for one in telegram["diagnostics"] if one["code"] == _PARTIAL), None)
    if telegram["security"]["payload_protection"] != "cleartext":
        stop = 0
    header = _HEADERS.get(telegram["transport"].get("header_kind"))
    if stop is not None and header is not None:
        found += _one_by_one(bytes.fromhex(telegram["raw"]["payload_hex"])[header + stop :])
    return [_scaled(record) for record in found if record["quantities"]]


def has_stray_bytes(telegram: dict[str, Any]) -> bool:
    """Whether the last two bytes of a telegram are no record that says anything, as a CRC that was left in."""
    header = _HEADERS.get(telegram["transport"].get("header_kind"))
    rest = b"" if header is None else bytes.fromhex(telegram["raw"]["payload_hex"])[header:]
    while rest:
        if rest[0] & _FIELD == _SPECIAL and rest[0] != _FILLER:
            return False  # of a manufacturer, up to the end
        ahead, data = _extent(rest)
        if not ahead or ahead + data > len(rest):
            return len(rest) <= _STRAY
        if ahead + data == len(rest) == _STRAY and not data:
            return True
        rest = rest[ahead + data :]
    return False


def _scaled(record: Record) -> Record:
    """Return a record whose float is in its unit: the package leaves out the power of ten that its VIF says."""
    if record["value"]["kind"] != _FLOAT:
        return record
    header = bytes.fromhex(record["header_hex"])
    one = _read(bytes((header[0] - 1,)) + header[1:] + b"\1\0\0\0", len(header))  # as a whole number it is right
    factor = one[0]["value"].get("value", "1") if one else "1"
    return record | {"value": record["value"] | {"value": float(record["value"]["value"]) * float(factor)}}


def _one_by_one(rest: bytes) -> Iterator[Record]:
    while rest:
        header, data = _extent(rest)
        end = header + data
        if header and end <= len(rest):
            yield from _read(rest[:end], header)
        rest = rest[end:] if header else b""


def _read(record: bytes, header: int) -> list[Record]:
    """Read one record; the value of one that cannot be read is told in hexadecimal digits."""
    try:
        found: list[Record] = pymbusparser.parse_records(record)
    except pymbusparser.MbusParserError:
        if any(record[header:]):
            blank = _read(record[:header] + bytes(len(record) - header), header)
            told = {"kind": UNREADABLE, "value": record[header:].hex(" ").upper()}
            return [one | {"value": told} for one in blank[:1]]
        return []
    return found


def _extent(rest: bytes) -> tuple[int, int]:
    """Return how many bytes the header of the first record has and how many its data; 0, 0 where that is not said."""
    if rest[0] == _FILLER:
        return 1, 0
    if rest[0] & _FIELD == _SPECIAL:
        return 0, 0
    try:
        at = _behind(rest, 0)
        if rest[at] & ~_EXTENDED == _PLAIN_TEXT:
            is_extended, at = rest[at] & _EXTENDED, at + 2 + rest[at + 1]
            at = _behind(rest, at) if is_extended else at
        else:
            at = _behind(rest, at)
        return at, _length(rest, at)
    except IndexError:
        return 0, 0


def _behind(rest: bytes, at: int) -> int:
    """Return where a chain of bytes ends of which each but the last is marked as extended."""
    while rest[at] & _EXTENDED:
        at += 1
    return at + 1


def _length(rest: bytes, at: int) -> int:
    field = rest[0] & _FIELD
    if field != _VARIABLE:
        return _LENGTHS[field]
    said = rest[at]
    if said >= _FIRST_WORDS:
        return 1 + 4 * (said - _FIRST_WORDS + 4)
    return 1 + (said if said <= _LONGEST_TEXT else said & 0x0F)
