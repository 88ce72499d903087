"""What holds entities: an entity itself, an array, a notification (``data``), a batch (``entities``), GeoJSON."""

from collections.abc import Callable
from typing import Any, Final

from ingest.decoder import Flaw, Sample
from ingest.errors import DecodeError, OverLimitError
from ingest.fiware.entity import Entity, samples
from ingest.limits import PayloadLimits
from ingest.payloads.document import document, named
from ingest.reasons import Reason

_HOLDERS: Final = ("Notification", "FeatureCollection")
_HOLDING: Final = ("data", "entities", "features")
_LONGEST_ID: Final = 255

EntityReader = Callable[[str, dict[str, Any]], Entity]


def decode(payload: bytes, limits: PayloadLimits, read: EntityReader) -> list[Sample]:
    """Return the samples of every entity in a message; ``read`` makes an entity of its id and its object.

    Raises DecodeError where there is none, OverLimitError where it holds more than a message may.
    """
    found = _entities(document(payload))
    if len(found) > limits.samples:
        raise OverLimitError("entities", len(found), limits.samples, len(found))
    every: list[Sample] = []
    readings = 0
    for one in found:
        taken = _of(one, limits, read)
        for sample in taken:
            readings += len(sample.values) + len(sample.texts)
        if readings > limits.readings:
            raise OverLimitError("values or more", readings, limits.readings, readings)
        every += taken
    return every or [Sample(None, {}, flaws=(Flaw(Reason.EMPTY, "expected entities, found an empty array", 0),))]


def _entities(found: object) -> list[Any]:
    """Return what is held by what holds entities; an entity by itself may have an attribute of the same name."""
    if isinstance(found, dict) and _is_entity(found) and found.get("type") not in _HOLDERS:
        return [found]
    if isinstance(found, dict) and isinstance(found.get("body"), dict) and not _is_entity(found):
        found = found["body"]  # of NGSI-LD over MQTT, where headers of HTTP stand beside it
    held = [found]
    if isinstance(found, list):
        held = found
    elif isinstance(found, dict) and (found.get("type") in _HOLDERS or not _is_entity(found)):
        inside = next((found[key] for key in _HOLDING if isinstance(found.get(key), (list, dict))), None)
        if isinstance(inside, dict):  # a notification in GeoJSON
            inside = inside.get("features")
        held = inside if isinstance(inside, list) else held
    if len(held) == 1 and not _is_entity(held[0]):
        raise DecodeError(f"expected an entity with an id, found {named(held[0])}")
    return held


def _of(found: object, limits: PayloadLimits, read: EntityReader) -> list[Sample]:
    if not (isinstance(found, dict) and _is_entity(found)):
        detail = f"expected an entity with an id of 1 to {_LONGEST_ID} characters, found {named(found)}"
        return [Sample(None, {}, flaws=(Flaw(Reason.UNDECODABLE, detail),))]
    if found.get("type") == "Feature" and isinstance(found.get("properties"), dict):
        return samples(read(found["id"], found["properties"]), limits)
    return samples(read(found["id"], found), limits)


def _is_entity(found: object) -> bool:
    given = found.get("id") if isinstance(found, dict) else None
    return isinstance(given, str) and 0 < len(given) <= _LONGEST_ID
