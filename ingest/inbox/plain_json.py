"""How JSON of no known format would be read, told from the names of its members: time, device and what it measures."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pydantic import ValidationError

from ingest.decoder import Decoder
from ingest.decoders import mapping as mapped
from ingest.inbox import field_names
from ingest.inbox.plain_names import DEVICE, MOST, TIME, clock
from ingest.model.payload_mapping import PayloadMapping

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEEPEST: Final = 4
_LARGEST: Final = 16 * 2**10  # bytes that are looked at


def decoder_of(mapping: PayloadMapping) -> Decoder:
    """Return the decoder of what a mapping reads."""
    return mapped.decoder_of(mapping)


def mapping(payloads: Sequence[bytes]) -> PayloadMapping | None:
    """Return how ``payloads`` would be read; None where they are no JSON objects, or no name says what is measured."""
    first = next((found for payload in payloads if (found := _object(payload)) is not None), None)
    if first is None:
        return None
    rows, members = first
    document: dict[str, Any] = {"values": []}
    if rows:
        document["rows"] = rows
    taken: set[str] = set()
    every = list(_members(members))
    quantities = field_names.quantities([path for path, _ in every])
    for path, value in every:
        name = path.lower()
        if "time" not in document and TIME.search(name) and (said := clock(value)) is not None:
            document["time"] = {"column": path, **said}
        elif "device" not in document and DEVICE.search(name) and isinstance(value, (str, int)):
            document["device"] = {"column": path}
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and len(document["values"]) < MOST:
            quantity = quantities[path]
            if quantity is not None and quantity not in taken:
                taken.add(quantity)
                unit = field_names.unit(path, quantity)
                document["values"].append({"column": path, "quantity": quantity} | ({"unit": unit} if unit else {}))
    try:
        return PayloadMapping.model_validate(document)
    except ValidationError:
        return None


def _object(payload: bytes) -> tuple[str | None, dict[str, Any]] | None:
    if len(payload) > _LARGEST:
        return None
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if isinstance(document, list) and document and isinstance(document[0], dict):
        return None, document[0]
    return (None, document) if isinstance(document, dict) else None


def _members(document: dict[str, Any], before: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        path = f"{before}{name}"
        if not _PLAIN.fullmatch(name):
            continue
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _members(value, f"{path}.", depth + 1)
        else:
            yield path, value
