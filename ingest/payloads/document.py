"""A JSON document of a format that is not ours: read whatever stands in it, or refused in plain words.

What is no JSON number but stands where one could (NaN, Infinity, 1e999) is read as a float, so that it costs itself and
not the message.
"""

import json
import re
from typing import Any, Final

import msgspec

from ingest.decoder import quoted
from ingest.errors import DecodeError
from ingest.payloads.json_text import parsed

_HALF_A_PAIR: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_READER: Final = msgspec.json.Decoder()


def document(payload: bytes) -> object:
    """Return what a JSON text holds; raises DecodeError for what is no JSON."""
    try:
        found: object = _READER.decode(payload)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return _patiently(payload)
    return found


def record(payload: bytes) -> dict[str, Any]:
    """Return the JSON object that a text holds; raises DecodeError for what is none."""
    found = document(payload)
    if not isinstance(found, dict):
        raise DecodeError(f"expected a JSON object, found {named(found)}")
    return found


def named(found: object) -> str:
    """Return what stands somewhere in a document, in words."""
    if found is None:
        return "nothing"
    if isinstance(found, str):
        return f"the text {quoted(found)}"
    kinds = ((dict, "an object"), (list, "an array"), (bool, "true or false"), (bytes, "bytes"))
    if words := next((words for kind, words in kinds if isinstance(found, kind)), None):
        return words
    return f"the number {quoted(found)}" if isinstance(found, (int, float)) else "something else"


def _patiently(payload: bytes) -> object:
    found = parsed(payload, "a JSON document")
    try:
        if _HALF_A_PAIR.search(payload):
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise DecodeError("expected text, found half of a surrogate pair") from error
    return found
