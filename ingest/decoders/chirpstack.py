"""Uplink events of ChirpStack in JSON: version 4, and version 3 in both of its forms (documentation of both, read).

Of the event ``up`` the decoded ``object`` is taken, in version 3 the text ``objectJSON``, and ``data`` as it was sent.
The time is that of receipt: ``time``, in version 3 that of the first gateway which has one, or ``publishedAt``.
"""

from typing import Any, Final

from ingest.decoder import Decoder, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.lorawan import uplink
from ingest.payloads.document import record

KEYS: Final = frozenset({"devEui", "devEUI", "time", "object", "objectJSON", "data", "fPort"})


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the sample of an uplink; raises DecodeError for what is no event of ChirpStack."""
    event = record(payload)
    info = uplink.part(event, "deviceInfo")
    key = next((key for key, held in (("devEui", info), ("devEUI", event)) if key in held), None)
    if key is None:
        raise DecodeError("expected an event of ChirpStack, with deviceInfo.devEui, or devEUI before version 4")
    device = uplink.eui(info.get(key, event.get(key)), key)
    sent = uplink.frame(event.get("data"), event.get("fPort"), uplink.of_base64)
    samples = uplink.of_codec(device, _time(event), uplink.decoded(_object(event), "object", limits), sent)
    return uplink.within(samples, limits) or [
        uplink.nothing(device, "the event holds no decoded object and no data; expected an uplink")
    ]


def _object(event: dict[str, Any]) -> dict[str, Any]:
    """Return what the codec of the device profile made of the data."""
    text = event.get("objectJSON")
    return record(text.encode()) if isinstance(text, str) and text else uplink.part(event, "object")


def _time(event: dict[str, Any]) -> tuple[str, object]:
    if "deviceInfo" in event:
        return "time", event.get("time")
    gateways = event.get("rxInfo")
    for gateway in gateways if isinstance(gateways, list) else ():
        if isinstance(gateway, dict) and gateway.get("time") is not None:
            return "rxInfo.time", gateway["time"]
    return "publishedAt", event.get("publishedAt")


DECODER: Final = Decoder(
    "chirpstack",
    "ChirpStack, uplink events of versions 3 and 4",
    KEYS,
    decode,
    foreign=True,
    spelling=uplink.spelling,
    topics=("application/{application}/device/{device}/event/up",),
)
