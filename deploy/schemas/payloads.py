"""JSON Schemas (2020-12) of payloads and of the city file, from the types that read and write them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from ingest.decoders.pharos import NativeMessage
from ingest.feedback import Feedback
from ingest.model.city.assets import City

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_DESCRIPTIONS: Final = {
    "time": "when it was true: RFC 3339 with offset, or milliseconds since 1970; without it, the time of arrival",
    "values": "number by quantity, or the name of a state; null says that there is no reading",
    "units": "unit by quantity, where it is not the one of the city file",
    "serial_number": "of the meter that was read",
    "revision": "when the values were issued: RFC 3339 with offset, or a number that rises",
    "begin": "of the interval that the amounts are for; written as time is",
    "end": "of the interval that the amounts are for; written as time is",
    "accepted": "readings that were understood since `since`",
    "rejected": "readings that were refused since `since`",
    "since": "when ingest was started",
    "last_error": "what was refused last; null where nothing was",
    "errors": "the last one refused of each kind, which is reason and field; the latest first",
    "field": "the key of the payload at fault; null where it is none",
    "count": "how many of this kind were refused since `since`",
    "clock_offset_s": "by how many seconds the clock of the device seems to be ahead; null where nothing tells",
    "at": "when it was told",
    "reason": "the stable code",
    "detail": "a sentence for a person",
}


_TELEMETRY: Final = ("Native payload", NativeMessage | list[NativeMessage])
_FEEDBACK: Final = ("Feedback", Feedback)


def telemetry() -> Schema:
    """Return the schema of a native payload: one object or an array of objects."""
    return _whole(*_TELEMETRY)


def feedback() -> Schema:
    """Return the schema of what devices are told."""
    return _whole(*_FEEDBACK)


def components(place: str) -> tuple[Schema, Schema, Mapping[str, Schema]]:
    """Return the schemas of payload and feedback, and by name those that they refer to at ``place``."""
    (payload, feedback), parts = _parts(place, _TELEMETRY[1], _FEEDBACK[1])
    return payload, feedback, parts


def city_file() -> Schema:
    """Return the schema of a city file; what no single key knows of, ``pharos check`` does."""
    return {"$schema": DIALECT, **City.model_json_schema(), "patternProperties": {"^x-": {}}}  # places for anchors


def _whole(title: str, kind: object) -> Schema:
    (schema,), parts = _parts("#/$defs/", kind)
    return {"$schema": DIALECT, "title": title, **schema, "$defs": parts}


def _parts(place: str, *kinds: object) -> tuple[Sequence[Schema], Mapping[str, Schema]]:
    schemas, parts = msgspec.json.schema_components(kinds, ref_template=f"{place}{{name}}")
    return schemas, {name: _described(part) for name, part in parts.items()}


def _described(part: Schema) -> Schema:
    """Return the schema of an object with what its keys mean, and with patterns as JSON Schema writes them."""
    return {**part, "properties": {key: _key(key, schema) for key, schema in part["properties"].items()}}


def _key(key: str, schema: Schema) -> Schema:
    choices = [_pattern(each) for each in schema.get("anyOf", ())]
    return {"description": _DESCRIPTIONS[key], **schema, **({"anyOf": choices} if choices else {})}


def _pattern(schema: Schema) -> Schema:
    if "pattern" not in schema:
        return schema
    return {**schema, "pattern": schema["pattern"].replace(r"\A", "^").replace(r"\Z", "$")}
