"""Text in UTF-8, as payloads hold it."""

from ingest.errors import DecodeError


def text(payload: bytes, encoding: str = "utf-8") -> str:
    """Return the text of a payload; raises DecodeError naming the first byte that is none of it.

    ``encoding``: utf-8, or utf-8-sig where a mark of it may stand in front.
    """
    try:
        return payload.decode(encoding)
    except UnicodeDecodeError as error:
        at = f"as byte {error.start + 1}"
        raise DecodeError(f"expected text in UTF-8, found 0x{payload[error.start]:02x} {at}") from error
