"""M-Bus and wireless M-Bus telegrams of meters (EN 13757-2, -3 and -4), as bytes or as their hexadecimal digits.

After EN 13757-3 (recalled); frames and records are read by the package pymbusparser (decision 0060). Wired frames
are checked by their checksum, wireless ones by their CRCs where a receiver leaves them in. A record is a field named
after what it measures, ``Energy``, and what sets it apart from the present value: ``Energy.storage_1``,
``Power.maximum``, ``Energy.tariff_2``. A record that says no number, or an error in its place, is a text that tells so.
The time of a telegram is that of the meter's own clock, which has no offset.
"""

from typing import Any, Final

import pymbusparser

from ingest.decoder import Decoder, Flaw, Sample, quoted
from ingest.decoders.mbus import fields
from ingest.decoders.mbus.frames import checked, is_wired, numbered, received
from ingest.decoders.mbus.records import has_stray_bytes, is_encrypted, records
from ingest.decoders.mbus.security import Keys, opened
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.payloads import local as clock
from ingest.payloads.fields import Fields
from ingest.reasons import Reason

_CLOCK: Final = "Time point (date and time)"
_IS_WRONG: Final = 0x80  # of the byte of minutes: the clock was set by nobody
_MINUTES: Final = {4: 0, 6: 1}  # where that byte is, by the length of a time (types F and I)
_FIXED_STRUCTURE: Final = ("73", "77")
_STATUS: Final = (
    (0x03, 0x01, "application busy"),
    (0x03, 0x02, "application error"),
    (0x03, 0x03, "abnormal condition"),
    (0x04, 0x04, "power low"),
    (0x08, 0x08, "permanent error"),
    (0x10, 0x10, "temporary error"),
)


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the sample of a telegram; raises DecodeError for what is none, or is encrypted."""
    return decrypt(dict, payload, limits)


def decrypt(keys: Keys, payload: bytes, limits: PayloadLimits) -> list[Sample]:  # noqa: ARG001 # a frame has 255 bytes
    """Return the sample of a telegram that may be encrypted; raises DecodeError where no key of ``keys`` opens it."""
    found = received(payload)
    bytes_of_frame, is_proved = checked(found), True
    if not is_wired(found):
        is_proved = len(bytes_of_frame) < len(found)
        bytes_of_frame = opened(bytes_of_frame, keys)
    bytes_of_frame, number = numbered(bytes_of_frame)
    try:
        telegram: dict[str, Any] = pymbusparser.parse(bytes_of_frame, include_enrichment=False)
    except pymbusparser.MbusParserError:
        expected = "expected a telegram of M-Bus or wireless M-Bus, whole and with the right checksum"
        raise DecodeError(f"{expected}, found {quoted(bytes_of_frame.hex())}") from None
    _check(telegram, number)
    if not is_proved and has_stray_bytes(telegram):
        raise DecodeError(
            "the wireless telegram ends in bytes that are no record, as the CRC of frame format B is where it is wrong:"
            " it was received badly"
        )
    meter = telegram["meter"].get("identity", {})
    taken, units, local = Fields({}, {}), dict[str, str](), None
    for record in records(telegram):
        name = fields.name(record, meter.get("manufacturer_code"), taken)
        fields.put(taken, name, record)
        if name in taken.values and (unit := fields.unit(record, name)):
            units[name] = unit
        if name == _CLOCK:
            local = _shown(record)
    if not taken:
        return [Sample(None, {}, flaws=(Flaw(Reason.EMPTY, "the telegram holds no record", 0),), device=number)]
    if status := _status(telegram):
        taken.texts["Status"] = status
    return [Sample(None, taken.values, units, (), taken.texts, number, device=number, local=local)]


def _check(telegram: dict[str, Any], number: str | None) -> None:
    """Raise DecodeError for a telegram that says nothing in records that can be read."""
    if telegram["frame"]["kind"] not in ("long", "wireless"):
        raise DecodeError("expected the answer of a meter with its data, found a frame of the bus without any")
    if is_encrypted(telegram):
        mode = telegram["security"].get("mode_code")
        told = f"the telegram of {number or 'a meter without a number'} is encrypted (mode {mode})"
        raise DecodeError(f"{told}; keys open modes 5 and 7 only: expected one that its receiver decrypted")
    if telegram["raw"]["payload_hex"][:2] in _FIXED_STRUCTURE:
        raise DecodeError("expected the variable data structure of EN 13757-3, found the fixed one of older meters")


def _shown(record: dict[str, Any]) -> int | None:
    """Return what the clock of the meter showed, None where it says that it is wrong."""
    data = bytes.fromhex(record["data_hex"])
    if data[_MINUTES[len(data)]] & _IS_WRONG or record["value"]["kind"] != "datetime":
        return None
    try:
        return clock.of_text(record["value"]["value"])
    except ValueError:
        return None


def _status(telegram: dict[str, Any]) -> str:
    """Return the status of a meter in words, nothing where its telegram has none."""
    raw = next((one["raw"] for one in telegram["transport"].get("statuses", ())), None)
    if raw is None:
        return ""
    bits = int(raw, 16)
    words = [word for mask, value, word in _STATUS if bits & mask == value]
    return ", ".join(words + [f"manufacturer's bits {bits >> 5:03b}"] * bool(bits >> 5)) or "no error"


DECODER: Final = Decoder(
    name="mbus",
    title="M-Bus and wireless M-Bus telegrams",
    keys=frozenset(),
    decode=decode,
    decrypt=decrypt,
    meanings=fields.MEANINGS,
    foreign=True,
    topics=("mbus/{line}",),
)
