"""NGSI-v2: entities of FIWARE, normalized or as key-values, alone, in arrays and in notifications.

FIWARE-NGSI v2.0 (JSON representations of entities, notification messages; recalled) with the metadata that IoT agents
and Orion add (TimeInstant, dateModified, unitCode), for the Smart Data Models and any other entity. A field is an
attribute.
"""

from typing import Any, Final

from ingest.decoder import Decoder, Sample
from ingest.fiware import notifications
from ingest.fiware.data_models import MEANINGS
from ingest.fiware.entity import Attribute, Entity
from ingest.limits import DEFAULT, PayloadLimits
from ingest.payloads import decimals

_NO_ATTRIBUTES: Final = frozenset({"id", "type", "@context"})
_NO_READINGS: Final = ("geo:", "Relationship", "DateTime")  # types of attributes, by how they begin
_NUMBERS: Final = ("Number", "Float", "Integer")
_OBSERVED: Final = ("TimeInstant", "timestamp", "observedAt", "dateObserved")


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the samples of the entities in a message; raises DecodeError where there is none."""
    return notifications.decode(payload, limits, _entity)


def _entity(name: str, found: dict[str, Any]) -> Entity:
    kind = found.get("type")
    attributes = [
        one
        for key, given in found.items()
        if key not in _NO_ATTRIBUTES
        and (one := _attribute(key, given) if type(given) is dict else Attribute(key, given)) is not None
    ]
    return Entity(name, kind if isinstance(kind, str) else "", attributes)


def _attribute(name: str, given: dict[str, Any]) -> Attribute | None:
    if "value" not in given or len(given) > 1 + ("type" in given) + ("metadata" in given):
        return Attribute(name, given)
    kind, metadata, value = given.get("type"), given.get("metadata"), given["value"]
    if kind in _NUMBERS:
        value = _number(value) if type(value) is str else value
    elif isinstance(kind, str) and kind.startswith(_NO_READINGS):
        return Attribute(name, value) if kind == "DateTime" else None
    if not isinstance(metadata, dict) or not metadata:
        return Attribute(name, value)
    code = _said(metadata, "unitCode")
    observed = None
    for key in _OBSERVED:
        if key in metadata and (observed := _said(metadata, key)) is not None:
            break
    return Attribute(name, value, code if isinstance(code, str) else None, observed, _said(metadata, "dateModified"))


def _number(value: str) -> object:
    """Return the number that a text is, as agents send it whose protocol has texts only; else what it is."""
    found = decimals.of_text(value)
    return value if found is None else found


def _said(metadata: dict[str, Any], key: str) -> object:
    """Return the value of a piece of metadata, which some brokers give bare."""
    given: object = metadata.get(key)
    return given.get("value") if isinstance(given, dict) else given


DECODER: Final = Decoder(
    name="ngsi_v2",
    title="FIWARE NGSI-v2",
    keys=frozenset({"id", "type", "data"}),
    decode=decode,
    meanings=MEANINGS,
    foreign=True,
    topics=("fiware/{service}/notify",),
)
