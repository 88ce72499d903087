"""DSMR 2.2 to 5.0.2: telegrams of port P1 of Dutch, Belgian, Luxembourgish and similar smart meters.

After "P1 Companion Standard" 5.0.2 of Netbeheer Nederland (recalled), with the OBIS codes of IEC 62056-61 as fields:
``1-0:1.8.1``. The checksum is CRC16 over everything from ``/`` to ``!``. The S or W behind a time says summer or winter
time of Central Europe, which is its offset. A value with a time of its own, such as that of a gas or heat meter behind
this one (``0-1:24.2.1``), is a sample of its own, of the meter whose number the telegram gives for that channel. What a
meter counted over all tariffs is ``1-0:1.8.0``, as those meters call it that send it; of others it is the sum.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from ingest.decoder import SERIAL_NUMBER, Decoder, Flaw, Sample, quoted
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.time import HOUR, to_micros
from ingest.payloads.fields import Fields
from ingest.reasons import Reason

_TELEGRAM: Final = re.compile(rb"\s*(/.*!)([0-9A-Fa-f]{4})?\s*", re.DOTALL)
# Versions 2 and 3 have no checksum, and no line that says a version; the value of a meter behind is on its next line.
_VERSION: Final = re.compile(rb"^\s*\d-\d:0\.2\.8\(|^\s*0-0:96\.1\.4\(|^\s*0-0:1\.0\.0\(", re.MULTILINE)
_OLDER_LINE: Final = re.compile(
    rb"^\s*(0-\d):24\.3\.0\((\d{12})\)(?:\([^()]*\)){3}\(0-\d:(24\.\d\.\d)\)\(([^()]*)\)\s*\n\s*\(([\d.]+)\)",
    re.MULTILINE,
)
_LINE: Final = re.compile(r"(\d{1,3}-\d{1,3}:\d{1,3}\.\d{1,3}\.\d{1,3})(?:[.*]\d{1,3})?((?:\([^()]*\))+)", re.ASCII)
_GROUP: Final = re.compile(r"\(([^()]*)\)")
_NUMBER: Final = re.compile(r"-?\d{1,20}(?:\.\d{1,12})?", re.ASCII)
_COUNT: Final = re.compile(r"\d{1,8}", re.ASCII)
_TIME: Final = re.compile(r"(\d{12})([SW]?)", re.ASCII)
_IS_SERIAL_NUMBER: Final = re.compile(SERIAL_NUMBER).fullmatch

_WRITTEN_AT: Final = "0-0:1.0.0"
_NUMBERS: Final = re.compile(r"0-(\d):96\.1\.[01]", re.ASCII)  # of the meter, channel 0, and of those behind it
_OF_RATES: Final = {f"1-0:{direction}.8.0": f"1-0:{direction}.8." for direction in (1, 2)}
_OFFSETS: Final = {"S": 2 * HOUR, "W": HOUR}
_MEANINGS: Final = {"1-0:1.8.0": "electricity_energy", "1-0:1.7.0": "electricity_power"}


def _remainder(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


_REMAINDERS: Final = tuple(map(_remainder, range(256)))


class _Line(NamedTuple):
    field: str
    groups: list[str]


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the samples of a telegram: the meter's, and one for each time that a value of it has for itself.

    Raises DecodeError for what is no telegram, or has another checksum than it says.
    """
    lines = list(_lines(_checked(payload), limits))
    if not lines:
        raise DecodeError("expected lines of an OBIS code and values, such as 1-0:1.8.1(004213.761*kWh)")
    numbers = {channel: number for line in lines if (found := _number_of(line)) for channel, number in (found,)}
    own: list[_Line] = []
    timed: dict[tuple[str, str], list[_Line]] = defaultdict(list)
    written_at = None
    for line in lines:
        if line.field == _WRITTEN_AT:
            written_at = line.groups[0]
        elif len(line.groups) == 1:
            own.append(line)
        elif len(line.groups) == 2 and (_TIME.fullmatch(line.groups[0]) or not line.groups[0]):
            timed[_channel(line.field), line.groups[0]].append(_Line(line.field, line.groups[1:]))
    samples = [_sample(own, written_at, numbers.get("0"), _WRITTEN_AT)]
    samples += (_sample(some, time, numbers.get(channel), some[0].field) for (channel, time), some in timed.items())
    return samples


def crc16(text: bytes) -> int:
    """Return the checksum of a telegram: polynomial x16 + x15 + x2 + 1, least significant bit first, from 0."""
    remainder = 0
    for byte in text:
        remainder = remainder >> 8 ^ _REMAINDERS[(remainder ^ byte) & 0xFF]
    return remainder


def _checked(payload: bytes) -> str:
    """Return a telegram whose checksum is right; of one whose line ends were shortened on the way, as it was sent.

    One of versions 2 and 3, which have none, is returned with its lines as later ones write them.
    """
    found = _TELEGRAM.fullmatch(payload)
    if not found or (found[2] is None and _VERSION.search(found[1])):
        raise DecodeError(f"expected a telegram from / to ! and its checksum of 4 digits, found {quoted(payload)}")
    if found[2] is None:
        return _OLDER_LINE.sub(rb"\1:\3(\2)(\5*\4)", found[1]).decode("latin-1")
    text = found[1] if b"\r\n" in found[1] else found[1].replace(b"\n", b"\r\n")
    if (computed := crc16(text)) != int(found[2], 16):
        said = found[2].decode().upper()
        raise DecodeError(f"the checksum of the telegram is {computed:04X}, it says {said}: it was received badly")
    return text.decode("latin-1")


def _lines(telegram: str, limits: PayloadLimits) -> Iterator[_Line]:
    lines = telegram.splitlines()
    if len(lines) > limits.readings:
        raise OverLimitError("lines", len(lines), limits.readings, len(lines))
    for line in lines:
        if found := _LINE.fullmatch(line.strip()):
            yield _Line(found[1], _GROUP.findall(found[2]))


def _channel(field: str) -> str:
    """Return by which channel a meter behind this one is read, 0 for this one."""
    return field[2 : field.index(":")] if field.startswith("0-") else "0"


def _number_of(line: _Line) -> tuple[str, str] | None:
    """Return the channel and the number of a meter, which is written in hexadecimal digits of ASCII."""
    channel = _NUMBERS.fullmatch(line.field)
    if not channel or len(line.groups) != 1:
        return None
    try:
        number = bytes.fromhex(line.groups[0]).decode("ascii").strip()
    except ValueError:
        number = line.groups[0].strip()
    return (channel[1], number) if _IS_SERIAL_NUMBER(number) else None


def _sample(lines: list[_Line], written_at: str | None, number: str | None, key: str) -> Sample:
    """Return the sample of some lines of one time; ``key``: the line that says the time."""
    taken, units, flaws = Fields({}, {}), dict[str, str](), list[Flaw]()
    for line in lines:
        if line.field in taken.values or line.field in taken.texts:
            flaws.append(
                Flaw(Reason.DUPLICATE_KEY, f"{line.field} is given twice; its first value is kept", 1, line.field)
            )
        elif not _NUMBERS.fullmatch(line.field):
            _put(taken, units, line)
    _add_totals(taken, units)
    try:
        time, local = _when(written_at)
    except ValueError:
        expected = "expected YYMMDDhhmmss with S or W behind it"
        readings = max(len(taken.values), 1)
        return Sample(
            None, {}, flaws=(Flaw(Reason.BAD_TIME, f"{key} is {quoted(written_at)}; {expected}", readings, key),)
        )
    return Sample(time, taken.values, units, tuple(flaws), taken.texts, number, device=number, local=local)


def _put(taken: Fields, units: dict[str, str], line: _Line) -> None:
    said, star, unit = line.groups[0].partition("*")
    if _NUMBER.fullmatch(said) if star else _COUNT.fullmatch(said):
        taken.values[line.field] = float(said)
        if star:
            units[line.field] = unit
    elif line.groups[0]:
        taken.texts[line.field] = line.groups[0]


def _add_totals(taken: Fields, units: dict[str, str]) -> None:
    """Add what was counted over all tariffs, where only the tariffs are given, and in one unit."""
    for total, prefix in _OF_RATES.items():
        rates = [field for field in taken.values if field.startswith(prefix)]
        if total not in rates and len(rates) > 1 and len({units.get(rate) for rate in rates}) == 1:
            taken.values[total] = float(sum(Decimal(str(taken.values[rate])) for rate in rates))
            if unit := units.get(rates[0]):
                units[total] = unit


def _when(written_at: str | None) -> tuple[int | None, int | None]:
    """Return the instant of a time, or what the clock showed where nothing says its offset; raises ValueError."""
    if written_at is None:
        return None, None
    found = _TIME.fullmatch(written_at)
    if not found:
        raise ValueError(written_at)
    digits = found[1]
    year, month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(0, len(digits), 2))
    shown = to_micros(datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC))
    return (shown - _OFFSETS[found[2]], None) if found[2] else (None, shown)


DECODER: Final = Decoder(
    name="dsmr",
    title="DSMR telegrams of port P1",
    keys=frozenset((_WRITTEN_AT,)),
    decode=decode,
    meanings=_MEANINGS,
    foreign=True,
    topics=("dsmr/{reader}", "p1/{reader}"),
)
