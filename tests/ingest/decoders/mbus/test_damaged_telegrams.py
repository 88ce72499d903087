"""Telegrams of M-Bus that were damaged where no checksum sees it, and the checksums themselves."""

from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoders import mbus
from ingest.decoders.mbus.frames import crc, frame
from ingest.errors import DecodeError

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "mbus"
WIRED: Final = [
    frame((GOLDEN / case / "payload.hex").read_bytes())
    for case in ("heat_meter", "negative_bcd", "no_digits_cost_nothing_else", "errors_of_records_and_of_the_meter")
]
CHECKSUM: Final = 4  # what it sums up begins there


@settings(max_examples=min(60, settings().max_examples))
@given(telegram=st.sampled_from(WIRED), damage=st.dictionaries(st.integers(6, 250), st.integers(0, 255), max_size=6))
def test_a_damaged_telegram_gives_samples_or_a_decode_error(telegram: bytes, damage: dict[int, int]) -> None:
    text = bytearray(telegram)
    for at, byte in damage.items():
        text[6 + at % (len(text) - 8)] = byte
    text[-2] = sum(text[CHECKSUM:-2]) & 0xFF
    with suppress(DecodeError):
        for sample in mbus.decode(bytes(text)):
            assert all(type(value) is float and isfinite(value) for value in sample.values.values())
            assert not sample.values.keys() & sample.texts.keys()


def test_the_crc_of_wireless_telegrams_is_that_of_en_13757() -> None:
    assert crc(b"123456789").hex() == "c2b7"


@pytest.mark.parametrize("at", range(0, 24, 5))
def test_a_wireless_telegram_with_a_wrong_bit_is_refused_whichever_block_it_is_in(at: int) -> None:
    received = bytearray((GOLDEN / "wireless_format_a" / "payload.bin").read_bytes())
    received[10 + at] ^= 0x10
    with pytest.raises(DecodeError, match=r"the CRC of block \d of the wireless telegram is wrong"):
        mbus.decode(bytes(received))


@pytest.mark.parametrize("records", [0, 2, 12, 13, 14, 15, 16, 17, 22])
def test_frame_format_b_is_read_at_every_length_and_refused_where_one_of_its_crcs_is_wrong(records: int) -> None:
    """Its third part begins behind 128 bytes; a length that no such frame can have is one without CRCs."""
    body = bytes.fromhex("442D2C1298436832047A2A00000004067E650C00") + bytes.fromhex("44067E650C00") * records
    sent = bytes((len(body) + 2,)) + body
    if len(sent) <= 126:
        sent += crc(sent)
    else:
        sent = bytes((len(body) + 4,)) + body
        sent = sent[:126] + crc(sent[:126]) + sent[126:] + crc(sent[126:])
    assert frame(sent) == bytes((len(body),)) + body
    assert mbus.decode(sent) == mbus.decode(frame(sent))
    for at in {len(sent) - 1, 127} & set(range(len(sent))):
        damaged = bytearray(sent)
        damaged[at] ^= 0x10
        with pytest.raises(DecodeError, match="it was received badly"):
            mbus.decode(bytes(damaged))


def test_digits_may_have_room_between_them() -> None:
    digits = (GOLDEN / "heat_meter" / "payload.hex").read_text().replace(" ", "\n").lower()
    assert mbus.decode(digits.encode()) == mbus.decode(WIRED[0])


def test_more_than_a_telegram_is_refused() -> None:
    with pytest.raises(DecodeError, match="expected one telegram"):
        mbus.decode(b"68 " * 1000)
