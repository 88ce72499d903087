"""Frames as receivers hand them over: bytes or hexadecimal digits, and wireless ones with their CRCs or without.

Frame format A of EN 13757-4 has a CRC behind its first block of 10 bytes and behind each further one of 16; the length
at its start counts none of them. Format B has one behind its blocks, up to 128 bytes, and its length counts it.
"""

import re
from typing import Final

from ingest.errors import DecodeError

_DIGITS: Final = re.compile(rb"([0-9A-Fa-f]{2}\s*)+")
_WIRED: Final = (0x68, 0x10, 0xE5)
_FIRST, _BLOCK, _CRC = 10, 16, 2  # bytes
_LONGEST_B: Final = 128
_LONGEST: Final = 4 * 512  # bytes of a payload: what the longest frame is in hexadecimal digits, with room between them
_POLYNOMIAL: Final = 0x3D65


def _remainder(byte: int) -> int:
    remainder = byte << 8
    for _ in range(8):
        remainder = (remainder << 1 & 0xFFFF) ^ (_POLYNOMIAL if remainder & 0x8000 else 0)
    return remainder


_REMAINDERS: Final = tuple(map(_remainder, range(256)))


def frame(payload: bytes) -> bytes:
    """Return a frame as bytes, a wireless one without CRCs; raises DecodeError where one of them is wrong."""
    if len(payload) > _LONGEST:
        raise DecodeError(f"expected one telegram, of at most 255 bytes of data, found {len(payload):,} bytes")
    text = payload.strip()
    found = bytes.fromhex(text.decode()) if _DIGITS.fullmatch(text) else payload
    if not found or found[0] in _WIRED:
        return found
    length = found[0] + 1
    blocks = 1 + -(-max(length - _FIRST, 0) // _BLOCK)
    if len(found) == length + blocks * _CRC:
        return _format_a(found)
    if len(found) == length <= _LONGEST_B and crc(found[:-_CRC]) == found[-_CRC:]:
        return bytes((found[0] - _CRC,)) + found[1:-_CRC]
    return found


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
