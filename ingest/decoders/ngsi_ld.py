"""NGSI-LD: entities normalized, concise or as key-values, alone, in arrays, in notifications, as features of GeoJSON.

ETSI GS CIM 009 v1.8.1 (representations of entities, notification data; recalled): Property with ``observedAt`` and
``unitCode``, arrays of instances told apart by ``datasetId``. A field is the short name of a property, with its
``datasetId`` behind a dot where it has one.
"""

from collections.abc import Iterator
from typing import Any, Final

from ingest.decoder import Decoder, Sample
from ingest.fiware import notifications
from ingest.fiware.data_models import MEANINGS
from ingest.fiware.entity import Attribute, Entity, short
from ingest.limits import DEFAULT, PayloadLimits

_NO_ATTRIBUTES: Final = frozenset({"id", "type", "@context", "scope"})
_PROPERTY: Final = "Property"
_NULL: Final = "urn:ngsi-ld:null"  # of an attribute that is deleted: no reading
_VOCABULARY: Final = "VocabProperty"
_OTHER_ATTRIBUTES: Final = frozenset(
    {
        "Relationship",
        "GeoProperty",
        "LanguageProperty",
        _VOCABULARY,
        "JsonProperty",
        "ListProperty",
        "ListRelationship",
    }
)


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the samples of the entities in a message; raises DecodeError where there is none."""
    return notifications.decode(payload, limits, _entity)


def _entity(name: str, found: dict[str, Any]) -> Entity:
    kinds = found.get("type")
    kind = kinds[0] if isinstance(kinds, list) and kinds else kinds
    attributes: list[Attribute] = []
    for key, given in found.items():
        if key in _NO_ATTRIBUTES:
            continue
        if isinstance(given, (dict, list)):
            attributes += _attributes(short(key), given)
        else:
            attributes.append(Attribute(short(key), None if given == _NULL else given))
    return Entity(name, short(kind) if isinstance(kind, str) else "", attributes)


def _attributes(name: str, given: dict[str, Any] | list[Any]) -> Iterator[Attribute]:
    """Yield the instances of a property; nothing of a relationship and what else is no number, text or structure."""
    if isinstance(given, list):
        if given and all(_is_property(one) for one in given):
            for one in given:
                yield from _attributes(name, one)
        else:
            yield Attribute(name, given)
    elif _is_property(given):
        code, instance = given.get("unitCode"), given.get("datasetId")
        yield Attribute(
            f"{name}.{instance}" if isinstance(instance, str) else name,
            _plain(given["value"]),
            code if isinstance(code, str) else None,
            given.get("observedAt"),
            given.get("modifiedAt"),
        )
    elif given.get("type") == _VOCABULARY and isinstance(given.get("vocab"), str):
        yield Attribute(name, short(given["vocab"]), None, given.get("observedAt"), given.get("modifiedAt"))
    elif str(given.get("type")) not in _OTHER_ATTRIBUTES and "object" not in given:
        yield Attribute(name, _plain(given))


def _is_property(given: object) -> bool:
    return isinstance(given, dict) and "value" in given and given.get("type", _PROPERTY) == _PROPERTY


def _plain(value: object) -> object:
    """Return a typed value of JSON-LD as the value alone."""
    if isinstance(value, dict) and "@value" in value:
        return value["@value"]
    return None if value == _NULL else value


DECODER: Final = Decoder(
    name="ngsi_ld",
    title="NGSI-LD",
    keys=frozenset({"id", "type", "data", "@context"}),
    decode=decode,
    meanings=MEANINGS,
    foreign=True,
)
