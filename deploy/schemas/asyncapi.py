"""The AsyncAPI 3 document of MQTT: topics, who publishes there and what; Pharos is the application it describes."""

from importlib.metadata import version
from typing import Any, Final

from deploy.schemas import payloads
from ingest.decoders import DECODERS
from ingest.model.sparkplug import rebirth_topic
from ingest.status import STATES
from ingest.topics import Channel, topic

SPECIFICATION: Final = "3.0.0"
JSON: Final = "application/json"
TEXT: Final = "text/plain"
_ADDRESSED: Final = {"city": "The name of the city.", "device": "The native id of the device, or of the gateway."}

Document = dict[str, Any]


def document() -> Document:
    """Return the document as JSON types."""
    payload, feedback, schemas = payloads.components("#/components/schemas/")
    return {
        "asyncapi": SPECIFICATION,
        "info": {
            "title": "Pharos over MQTT",
            "version": version("pharos-monitoring"),
            "description": "What devices publish, and what they are told. MQTT 3.1.1; a message has at most 1 MiB.",
        },
        "defaultContentType": JSON,
        "servers": {
            "broker": {
                "host": "broker.example:1883",
                "protocol": "mqtt",
                "protocolVersion": "3.1.1",
                "description": "Each device or gateway has a user of its own, which pharos device add prints.",
                "security": [{"$ref": "#/components/securitySchemes/credential"}],
            }
        },
        "channels": {
            "telemetry": _native(Channel.TELEMETRY, "Readings of a device.", "readings"),
            "status": _native(Channel.STATUS, "Whether a device is there; usually its last will.", "status"),
            "feedback": _native(Channel.FEEDBACK, "What was understood of a device; retained.", "feedback"),
            "bound": {
                "address": None,
                "title": "Topics of bindings",
                "description": "Topics that the bindings of a city file give to a format; other devices keep theirs.",
                "messages": {name: _message(name) for name in _foreign()},
            },
            "rebirth": {
                "address": rebirth_topic("spBv1.0/{group}/{node}"),
                "description": "Commands to edge nodes of Sparkplug B, whose births are needed.",
                "parameters": {"group": _parameter("The group."), "node": _parameter("The edge node.")},
                "messages": {"rebirth": _message("rebirth")},
            },
        },
        "operations": {
            "takeReadings": _operation("receive", "telemetry", "readings"),
            "takeStatus": _operation("receive", "status", "status"),
            "takeOtherFormats": _operation("receive", "bound", *_foreign()),
            "tellFeedback": _operation("send", "feedback", "feedback"),
            "askForBirths": _operation("send", "rebirth", "rebirth"),
        },
        "components": {
            "messages": {
                "readings": {"contentType": JSON, "title": DECODERS["pharos"].title, "payload": payload},
                "status": {
                    "contentType": TEXT,
                    "payload": {"type": "string", "enum": [each.decode() for each in STATES]},
                },
                "feedback": {"contentType": JSON, "payload": feedback},
                "rebirth": {"contentType": "application/octet-stream", "title": "Node Control/Rebirth"},
                **{name: {"title": DECODERS[name].title} for name in _foreign()},
            },
            "schemas": schemas,
            "securitySchemes": {"credential": {"type": "userPassword"}},
        },
    }


def _foreign() -> list[str]:
    return sorted(name for name, decoder in DECODERS.items() if decoder.foreign)


def _native(channel: Channel, description: str, message: str) -> Document:
    return {
        "address": topic("{city}", "{device}", channel),
        "description": description,
        "parameters": {name: _parameter(meaning) for name, meaning in _ADDRESSED.items()},
        "messages": {message: _message(message)},
    }


def _parameter(description: str) -> Document:
    return {"description": description}


def _message(name: str) -> Document:
    return {"$ref": f"#/components/messages/{name}"}


def _operation(action: str, channel: str, *messages: str) -> Document:
    place = f"#/channels/{channel}"
    return {
        "action": action,
        "channel": {"$ref": place},
        "messages": [{"$ref": f"{place}/messages/{message}"} for message in messages],
    }
