"""Uplinks of LORIOT in JSON, by MQTT, WebSocket or HTTP push (documentation of its application output, read).

Taken are the commands ``rx`` and ``gw``, which tell of the same uplink with the same time: of the device's ``data``, in
hexadecimal, and of what a payload decoder made of it at ``decoded`` (that key is recalled). ``ts`` are milliseconds.
"""

from typing import Final

from ingest.decoder import Decoder, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.lorawan import uplink
from ingest.payloads.document import named, record

KEYS: Final = frozenset({"cmd", "EUI", "ts", "data", "decoded", "port"})


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the sample of an uplink; raises DecodeError for what is no message of LORIOT."""
    message = record(payload)
    if "cmd" not in message:
        raise DecodeError("expected a message of LORIOT, with cmd")
    device = uplink.eui(message.get("EUI"), "EUI")
    if message["cmd"] not in ("rx", "gw"):
        return [uplink.nothing(device, f"cmd is {named(message['cmd'])}; expected an uplink, rx or gw")]
    found = uplink.decoded(uplink.part(message, "decoded"), "decoded", limits)
    sent = uplink.frame(message.get("data"), message.get("port"), uplink.of_hex)
    samples = uplink.of_codec(device, ("ts", message.get("ts")), found, sent)
    if not samples:
        encrypted = "; it is encrypted, LORIOT lacks its AppSKey" if message.get("encdata") else ""
        return [uplink.nothing(device, f"the uplink holds no decoded object and no data{encrypted}")]
    return uplink.within(samples, limits)


DECODER: Final = Decoder(
    "loriot",
    "LORIOT, uplinks",
    KEYS,
    decode,
    foreign=True,
    spelling=uplink.spelling,
    topics=("loriot/{application}",),
)
