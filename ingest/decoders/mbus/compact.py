"""Compact frames (EN 13757-3, CI 79): data without the headers of their records, which a signature stands for.

The signature is the CRC of those headers, one behind the other; a second CRC is of headers and data together. Meters
send a full frame (CI 78) in between, whose headers they are. Known here are those of Kamstrup water meters (recalled);
each is told by its signature and proved by the second CRC, so that none is guessed.
"""

from itertools import accumulate, pairwise
from typing import Final

from ingest.decoders.mbus.frames import crc
from ingest.errors import DecodeError

FULL: Final = 0x78
_CRCS: Final = 5  # bytes of CI, signature and CRC
_HEADERS: Final = (
    "02FF20 0413 4413",
    "02FF20 0413 523B",
    "02FF20 0413 4413 615B 5167",
    "02FF20 0413 4413 615B 6167",
    "02FF20 0413 4413 A1015B 8101E7FF0F",
    "02FF20 0413 92013B A1015B 8101E7FF0F",
    "02FF20 0413 4413 426C 523B 615B 6167 5167 8101E7FF0F 06FF1B",
    "04FF23 4413 523B 06FF1B 426C 6167 5167 023B 0413 8101E7FF0F",
    "04FF23 0413 4413 426C 023B 92013B A2013B 06FF1B A1015B 91015B A10167",
)  # MULTICAL 21 and flowIQ: information codes, volume, that of the last month, flow, temperatures of water and around
_KNOWN: Final = {
    crc(bytes.fromhex(headers))[::-1]: [bytes.fromhex(header) for header in headers.split()] for headers in _HEADERS
}
_LENGTHS: Final = (0, 1, 2, 3, 4, 4, 6, 8)  # bytes of data, by the data field of a DIF


def expanded(rest: bytes) -> bytes:
    """Return the full frame, from its CI on, that a compact one from its CI on stands for.

    Raises DecodeError where nobody knows its headers, or where what comes out is not what the meter says.
    """
    headers = _KNOWN.get(rest[1:3])
    if headers is None:
        raise DecodeError(
            f"the telegram is a compact frame of unknown headers (signature {rest[2:0:-1].hex().upper()}), which only "
            "a full one explains (CI 78); nothing is lost: the meter sends full ones in between"
        )
    ends = accumulate((_LENGTHS[header[0] & 0x0F] for header in headers), initial=_CRCS)
    parts = [header + rest[start:end] for header, (start, end) in zip(headers, pairwise(ends), strict=True)]
    full = b"".join(parts)
    if crc(full)[::-1] != rest[3:_CRCS]:
        raise DecodeError("the CRC of the compact frame is wrong: it was received badly")
    return bytes((FULL,)) + full
