"""Encrypted wireless telegrams made clear, each by the key of its meter; and layers left out that say nothing of it.

Security modes 5 (AES-CBC, its vector of the header) and 7 (the same by a key that is derived for each telegram) of
EN 13757-7, and the session of the extended link layer (AES-CTR, EN 13757-4; Kamstrup). After the OMS Specification,
volume 2 (recalled). What is in clear says so: by the two fillers it begins with, or by the CRC of the extended link
layer. So a key that is wrong is told, and never makes a reading.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from ingest.decoders.mbus.compact import expanded
from ingest.decoders.mbus.frames import crc
from ingest.errors import DecodeError

_BLOCK: Final = 16  # bytes
_LINK: Final = 10  # bytes before the first CI: length, C, manufacturer, address
_EXTENDED_SHORT, _EXTENDED, _FRAGMENTS = 0x8C, 0x8D, 0x90  # CI of the layers before that of the application
_LONG, _SHORT, _COMPACT = 0x72, 0x7A, 0x79  # CI of records, by the header before them
_OF_MANUFACTURERS: Final = range(0xA0, 0xB8)
_OF_WIRED: Final = (0x68, 0x10, 0xE5)
_FILLERS: Final = b"\x2f\x2f"
_HAS_COUNTER, _HAS_KEY_NUMBER, _HAS_CONTROL, _HAS_MORE = 0x0800, 0x0200, 0x2000, 0x4000  # bits of a fragment
_ALL_BLOCKS: Final = 15
_CBC, _CBC_DERIVED = 5, 7

Keys = Callable[[], Mapping[str, bytes]]
"""Returns the key of each meter, of 16 bytes, by the number that is printed on it; asked only where one is needed."""


class _Header(NamedTuple):
    """What stands before records: whose they are, ``clear`` as it is without encryption, and how they are encrypted."""

    number: str
    vector: bytes
    clear: bytes
    mode: int
    blocks: int
    length: int


def opened(frame: bytes, keys: Keys) -> bytes:
    """Return a wireless frame in clear; raises DecodeError where that needs a key that ``keys`` does not have.

    A frame that ends before its header does is returned as it is.
    """
    link, rest, counter = frame[:_LINK], frame[_LINK:], b""
    try:
        if rest[0] == _EXTENDED_SHORT:
            rest = rest[3:]
        elif rest[0] == _EXTENDED:
            rest = _session(link, rest, keys)
        if rest[0] == _FRAGMENTS:
            counter, rest = _unfragmented(rest)
        return _framed(link, _application(link, rest, counter, keys))
    except IndexError:
        return frame


def _application(link: bytes, rest: bytes, counter: bytes, keys: Keys) -> bytes:
    if rest[0] in _OF_MANUFACTURERS:
        raise DecodeError(f"the telegram is in a format of its manufacturer (CI {rest[0]:02X}), not of EN 13757-3")
    if rest[0] == _COMPACT:
        return expanded(rest)
    if rest[0] not in (_LONG, _SHORT):
        return rest
    header = _header(link, rest)
    records = rest[header.length :]
    if header.mode not in (_CBC, _CBC_DERIVED) or not header.blocks:
        return rest
    if not records.startswith(_FILLERS):
        records = _decrypted(header, records, counter, keys)
    return header.clear + records


def _header(link: bytes, rest: bytes) -> _Header:
    at = 9 if rest[0] == _LONG else 1
    address = rest[5:7] + rest[1:5] + rest[7:9] if rest[0] == _LONG else link[2:10]
    configuration = rest[at + 2] | rest[at + 3] << 8
    mode, blocks = configuration >> 8 & 0x1F, configuration >> 4 & 0x0F
    length = at + 4 + (mode == _CBC_DERIVED)
    clear = rest[: at + 2] + bytes(2)
    return _Header(_number(address), address + bytes((rest[at],)) * 8, clear, mode, blocks, length)


def _decrypted(header: _Header, records: bytes, counter: bytes, keys: Keys) -> bytes:
    key, vector = _key(header.number, f"mode {header.mode}", keys), header.vector
    if header.mode == _CBC_DERIVED:
        key, vector = _derived(key, counter, header.vector[2:6]), bytes(_BLOCK)
    whole = len(records) // _BLOCK
    end = _BLOCK * (whole if header.blocks == _ALL_BLOCKS else min(header.blocks, whole))
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    clear = decryptor.update(records[:end]) + decryptor.finalize()
    if not clear.startswith(_FILLERS):
        raise _wrong(header.number)
    return clear + records[end:]


def _session(link: bytes, rest: bytes, keys: Keys) -> bytes:
    """Return what the extended link layer holds, whose CRC is right when it is in clear."""
    head, body = rest[1:7], rest[7:]  # control, access number and session, then CRC and what it is of
    if _is_whole(body):
        return body[2:]
    number = _number(link[2:10])
    if not head[5] >> 5:
        raise DecodeError("the CRC of the extended link layer is wrong: the telegram was received badly")
    start = link[2:10] + head[:1] + head[2:6] + bytes(3)
    decryptor = Cipher(algorithms.AES(_key(number, "extended link layer", keys)), modes.CTR(start)).decryptor()
    clear = decryptor.update(body) + decryptor.finalize()
    if not _is_whole(clear):
        raise _wrong(number)
    return clear[2:]


def _is_whole(body: bytes) -> bool:
    return crc(body[2:])[::-1] == body[:2]


def _unfragmented(rest: bytes) -> tuple[bytes, bytes]:
    """Return the counter of messages of the fragmentation layer, and what it holds."""
    control, at = rest[2] | rest[3] << 8, 4
    if control & _HAS_MORE:
        raise DecodeError("the telegram is a fragment of one; expected a whole one")
    at += bool(control & _HAS_CONTROL) + 2 * bool(control & _HAS_KEY_NUMBER)
    return rest[at : at + 4] if control & _HAS_COUNTER else b"", rest[2 + rest[1] :]


def _derived(key: bytes, counter: bytes, identification: bytes) -> bytes:
    if not counter:
        raise DecodeError("the telegram is encrypted in mode 7, and lacks the counter of messages of its key")
    mac = CMAC(algorithms.AES(key))
    mac.update(bytes(1) + counter + identification + bytes((7,)) * 7)
    return mac.finalize()


def _key(number: str, how: str, keys: Keys) -> bytes:
    key = keys().get(number)
    if key is None:
        expected = "expected one that its receiver decrypted, or the key of its meter in the keys of the binding"
        raise DecodeError(f"the telegram of {number} is encrypted ({how}); {expected}")
    return key


def _wrong(number: str) -> DecodeError:
    return DecodeError(
        f"the telegram of {number} is encrypted, and the key in the keys of the binding does not open it"
    )


def _number(address: bytes) -> str:
    """Return the identification number of an address, which begins with the manufacturer."""
    return address[5:1:-1].hex()


def _framed(link: bytes, rest: bytes) -> bytes:
    """Return a frame of its own length, which is none that a wired frame could begin with."""
    length = _LINK - 1 + len(rest)
    if length in _OF_WIRED:
        return _framed(link, rest + _FILLERS[:1])
    return bytes((length & 0xFF,)) + link[1:] + rest
