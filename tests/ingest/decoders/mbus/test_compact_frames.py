"""Compact frames say what the full ones of the same meter say. Written here, by the rules of EN 13757-3."""

import pytest

from ingest.decoders import mbus
from ingest.decoders.mbus.frames import crc
from ingest.errors import DecodeError

HEADERS = ("02FF20", "0413", "4413", "615B", "6167")
# In the order of the headers, the least byte first: code 0, 123.456 m3, 100.000 m3 a month ago, 7 degC, 21 degC.
DATA = ("0000", "40E20100", "A0860100", "07", "15")
LINK = "442D2C7856341216068C2071"  # Kamstrup 12345678, a short extended link layer


def telegram(rest: bytes) -> bytes:
    """Return a frame with its length and what follows the link layer."""
    body = bytes.fromhex(LINK) + rest
    return bytes((len(body),)) + body


def full() -> bytes:
    """Return the records with their headers."""
    return b"".join(bytes.fromhex(header + data) for header, data in zip(HEADERS, DATA, strict=True))


def compact(checked: bytes, data: bytes) -> bytes:
    """Return a compact frame of ``data`` with the CRC of what was ``checked``."""
    signature = crc(bytes.fromhex("".join(HEADERS)))[::-1]
    return telegram(b"\x79" + signature + crc(checked)[::-1] + data)


def test_a_compact_frame_says_what_the_full_one_says() -> None:
    (sample,) = mbus.decode(compact(full(), bytes.fromhex("".join(DATA))))
    (whole,) = mbus.decode(telegram(b"\x78" + full()))
    assert sample == whole
    assert sample.device == "12345678"
    assert sample.values["Volume"] == 123.456
    assert sample.values["Volume.storage_1"] == 100.0
    assert {7.0, 21.0} <= set(sample.values.values())


def test_one_that_was_received_badly_is_refused() -> None:
    wrong = bytes.fromhex("".join(DATA)).replace(b"\x40\xe2", b"\x41\xe2")
    with pytest.raises(DecodeError, match="received badly"):
        mbus.decode(compact(full(), wrong))


@pytest.mark.parametrize("length", range(15, 27))
def test_one_that_is_cut_off_is_refused(length: int) -> None:
    whole = compact(full(), bytes.fromhex("".join(DATA)))
    with pytest.raises(DecodeError):
        mbus.decode(bytes((length - 1,)) + whole[1:length])
