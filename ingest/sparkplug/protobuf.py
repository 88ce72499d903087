"""Protocol Buffers as Sparkplug needs them: the fields of one message by their tags, read and written.

After "Encoding" of the Protocol Buffers documentation (read). A tag is the number of a field times eight, plus how it
is written: 0 a varint, 1 eight bytes, 2 bytes with their length, 5 four bytes. Groups, which ended with version 2 of
the language, are refused. A field that is written otherwise than its schema says has another tag, and is unknown.
"""

from collections.abc import Iterator

from ingest.errors import DecodeError

_LONGEST_VARINT = 10
_WIDE = 2**64 - 1


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield tag and content of each field: a number for a varint, else its bytes; raises DecodeError where it ends."""
    at, end = 0, len(data)
    while at < end:
        tag = data[at]
        at += 1
        if tag >= 0x80:
            tag, at = _varint(data, at - 1)
        kind = tag & 7
        if kind == 0:
            number = data[at] if at < end else 0x80
            at += 1
            if number >= 0x80:
                number, at = _varint(data, at - 1)
            yield tag, number
            continue
        if kind == 2:
            length, at = _varint(data, at)
        elif kind in {1, 5}:
            length = 8 if kind == 1 else 4
        else:
            raise DecodeError(f"expected a message of Protocol Buffers; there is none with a field of kind {kind}")
        if at + length > end:
            raise DecodeError(f"the message ends before its field {tag >> 3} does: expected {length} bytes more")
        yield tag, data[at : at + length]
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number at ``at``, of 64 bits as any reader takes it, and where it ends."""
    found = 0
    for place, byte in enumerate(data[at : at + _LONGEST_VARINT]):
        found |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return found & _WIDE, at + place + 1
    raise DecodeError("the message ends within a number, or has one of more than 64 bits")


def varint(number: int) -> bytes:
    """Return a number from 0 to 2**64 - 1 as it is written."""
    written = bytearray()
    while number >= 0x80:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*written, number))


def field(tag: int, content: int | bytes) -> bytes:
    """Return a field as it is written."""
    if isinstance(content, int):
        return varint(tag) + varint(content)
    return varint(tag) + (varint(len(content)) if tag & 7 == 2 else b"") + content
