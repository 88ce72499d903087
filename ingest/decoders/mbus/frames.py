"""Frames as receivers hand them over: bytes or hexadecimal digits, and wireless ones with their CRCs or without.

Frame format A of EN 13757-4 has a CRC behind its first block of 10 bytes and behind each further one of 16; the length
at its start counts none of them. Format B has one behind its first two blocks, 128 bytes at most, and one behind what
follows them; its length counts both.
"""

import re
from typing import Final

from ingest.decoder import quoted
from ingest.errors import DecodeError

_DIGITS: Final = re.compile(rb"(?:0[xX])?((?:[0-9A-Fa-f]{2}\s*)+)")
_TEXT: Final = re.compile(rb"[ -~\s]+")
_LONG_FRAME, _SHORT_FRAME, _ACKNOWLEDGED, _END = 0x68, 0x10, 0xE5, 0x16  # by which wired ones begin, and end
_FIRST, _BLOCK, _CRC = 10, 16, 2  # bytes
_LONGEST_B: Final = 128
_LONGEST: Final = 4 * 512  # bytes of a payload: what the longest frame is in hexadecimal digits, with room between them
_POLYNOMIAL: Final = 0x3D65
_LONG_HEADER, _NUMBER = b"\x72", 4  # the CI of records behind a header with a number, and its bytes
_WIRED_CI, _WIRELESS_NUMBER = 6, 4


def _remainder(byte: int) -> int:
    remainder = byte << 8
    for _ in range(8):
        remainder = (remainder << 1 & 0xFFFF) ^ (_POLYNOMIAL if remainder & 0x8000 else 0)
    return remainder


_REMAINDERS: Final = tuple(map(_remainder, range(256)))


def frame(payload: bytes) -> bytes:
    """Return a frame as bytes, a wireless one without CRCs; raises DecodeError where one of them is wrong."""
    return checked(received(payload))


def received(payload: bytes) -> bytes:
    """Return the bytes of a payload that may be hexadecimal digits; raises DecodeError for what is no telegram."""
    if len(payload) > _LONGEST:
        raise DecodeError(f"expected one telegram, of at most 255 bytes of data, found {len(payload):,} bytes")
    text = payload.strip()
    if digits := _DIGITS.fullmatch(text):
        return bytes.fromhex(digits[1].decode())
    if not payload:
        raise DecodeError("expected a telegram, found nothing")
    if _TEXT.fullmatch(payload):
        raise DecodeError(f"expected a telegram as bytes or as hexadecimal digits, found the text {quoted(text)}")
    return payload


def checked(found: bytes) -> bytes:
    """Return a frame without the CRCs of wireless ones; raises DecodeError where one of them is wrong."""
    if is_wired(found):
        return found
    length = found[0] + 1
    blocks = 1 + -(-max(length - _FIRST, 0) // _BLOCK)
    if len(found) == length + blocks * _CRC:
        return _format_a(found)
    if len(found) == length:
        return _format_b(found)
    if len(found) < length:
        raise DecodeError(
            f"the wireless telegram is cut off: it says that it has {length} bytes, {len(found)} are there"
        )
    raise DecodeError(
        f"the wireless telegram says that it has {length} bytes, {len(found)} are there; expected as many, or"
        f" {length + blocks * _CRC} with the CRCs of frame format A"
    )


def is_wired(found: bytes) -> bool:
    """Whether a frame is one of the wired bus: it could begin as a wireless one does with its length."""
    if found[0] == _LONG_FRAME:
        return len(found) < 4 or (found[3] == _LONG_FRAME and found[1] == found[2])
    return (found[0] == _SHORT_FRAME and found[-1] == _END) or (found[0] == _ACKNOWLEDGED and len(found) == 1)


def numbered(found: bytes) -> tuple[bytes, str | None]:
    """Return a frame and the number of its meter, that of its records before that of the radio, None without one.

    Some meters print a number with letters, which are no digits of BCD; whoever reads records takes none of such a
    meter. They are zeros in the frame that is returned.
    """
    number = None
    for place in _numbers(found):
        digits = found[place : place + _NUMBER]
        number = digits[::-1].hex()
        if not number.isdecimal():
            found = found[:place] + bytes(_NUMBER) + found[place + _NUMBER :]
            if is_wired(found):
                found = found[:-2] + bytes((found[-2] - sum(digits) & 0xFF,)) + found[-1:]  # as right as it was
    return found, number


def _numbers(found: bytes) -> list[int]:
    """Return where the identification numbers of a frame are."""
    at = _WIRED_CI if is_wired(found) else _FIRST
    own = [at + 1] if found[at : at + 1] == _LONG_HEADER else []
    places = own if is_wired(found) else [_WIRELESS_NUMBER, *own]
    return [place for place in places if len(found) > place + _NUMBER + 2]


def crc(block: bytes) -> bytes:
    """Return the CRC of EN 13757-4 over a block."""
    remainder = 0
    for byte in block:
        remainder = (remainder << 8 & 0xFFFF) ^ _REMAINDERS[remainder >> 8 ^ byte]
    return (remainder ^ 0xFFFF).to_bytes(_CRC, "big")


def _format_a(found: bytes) -> bytes:
    blocks = [found[: _FIRST + _CRC]]
    blocks += (found[at : at + _BLOCK + _CRC] for at in range(_FIRST + _CRC, len(found), _BLOCK + _CRC))
    for number, block in enumerate(blocks, start=1):
        if crc(block[:-_CRC]) != block[-_CRC:]:
            raise DecodeError(f"the CRC of block {number} of the wireless telegram is wrong: it was received badly")
    return b"".join(block[:-_CRC] for block in blocks)


def _format_b(found: bytes) -> bytes:
    """Return a frame without its CRCs, as it is where it has none: a receiver took them out."""
    blocks = [found[:_LONGEST_B]] if len(found) <= _LONGEST_B + _CRC else [found[:_LONGEST_B], found[_LONGEST_B:]]
    right = [crc(block[:-_CRC]) == block[-_CRC:] for block in blocks]
    if all(right) and sum(map(len, blocks)) == len(found):
        return bytes((found[0] - _CRC * len(blocks),)) + b"".join(block[:-_CRC] for block in blocks)[1:]
    if any(right):
        number = 1 + right.index(False) if False in right else 2
        raise DecodeError(f"the CRC of part {number} of the wireless telegram is wrong: it was received badly")
    return found
