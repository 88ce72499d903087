"""JSON as Python's own reader takes it: every fault is said in plain words, and no integer is too long."""

import json
from collections.abc import Callable
from typing import Any, Final

from ingest.decoder import quoted
from ingest.errors import DecodeError

_LONGEST_INTEGER: Final = 400  # digits; beyond it exceeds every float, and Python refuses to parse it long after

Pairs = Callable[[list[tuple[str, Any]]], object]


def parsed(payload: bytes, expected: str, pairs: Pairs | None = None) -> object:
    """Return what a JSON text holds, its objects as ``pairs`` makes them (None: dicts).

    Raises DecodeError for what is no JSON; ``expected`` says what a text of endless depth should have been.
    """
    try:
        return json.loads(payload.decode(), object_pairs_hook=pairs, parse_int=_integer)
    except UnicodeDecodeError as error:
        at = f"as byte {error.start + 1}"
        raise DecodeError(f"expected text in UTF-8, found 0x{payload[error.start]:02x} {at}") from error
    except json.JSONDecodeError as error:
        raise DecodeError(f"expected JSON, {_where_it_ends(error.doc, error.pos)}") from error
    except RecursionError as error:
        raise DecodeError(f"expected {expected}, found deep nesting") from error


def _where_it_ends(text: str, position: int) -> str:
    """Say where a text stops being JSON; a string without its end begins there."""
    if not text.strip():
        return "found nothing"
    if position >= len(text):
        return f"but the text ends after {len(text)} characters, before it is complete"
    return f"but the text stops being JSON at character {position + 1}: {quoted(text[position : position + 10])}"


def _integer(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)
