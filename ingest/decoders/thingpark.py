"""Uplinks of Actility ThingPark and ThingPark X IoT Flow in JSON (documentation of the uplink message, read).

Fields are those of ``payload``, as the driver names them, and of ``points``, which have a unit; an older IoT Flow gives
a point several ``records``, each with its time (recalled). ``Time`` is that of receipt.
"""

from typing import Any, Final

from ingest.decoder import Decoder, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.lorawan import uplink
from ingest.payloads.document import record
from ingest.payloads.fields import Fields, fields
from ingest.senml import units

KEYS: Final = frozenset({"DevEUI", "Time", "payload", "points", "payload_hex", "FPort"})


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the samples of an uplink; raises DecodeError for what is no message of ThingPark."""
    message = record(payload)
    received = uplink.part(message, "DevEUI_uplink") if "DevEUI_uplink" in message else message
    if "DevEUI" not in received:
        if any(str(key).startswith("DevEUI_") for key in message):
            return [uplink.nothing(None, "the message holds no uplink; expected DevEUI_uplink")]
        raise DecodeError("expected a message of ThingPark, with DevEUI_uplink")
    device = uplink.eui(received["DevEUI"], "DevEUI")
    samples = uplink.within(_samples(device, received, limits), limits)
    return samples or [uplink.nothing(device, "the uplink holds no payload and no payload_hex")]


def _samples(device: str | None, received: dict[str, Any], limits: PayloadLimits) -> list[Sample]:
    """Return a sample of what was measured when the uplink was received, and one for each record with a time."""
    found = fields(uplink.part(received, "payload"), "payload", limits)
    symbols: dict[str, str] = {}
    timed: list[Sample] = []
    for name, point in uplink.part(received, "points").items():
        if not isinstance(point, dict):
            continue
        records, symbol, path = point.get("records"), point.get("unitId"), f"points.{name}"
        if not isinstance(records, list):
            given = fields(point.get("record"), path, limits)
            found.add(given)
            symbols |= _units(symbol, given)
            continue
        for one in records:
            given = fields(one.get("value") if isinstance(one, dict) else None, path, limits)
            if given and "eventTime" in one:
                timed.append(uplink.sample(device, ("eventTime", one["eventTime"]), given, None, _units(symbol, given)))
            elif given:
                found.add(given)
                symbols |= _units(symbol, given)
    sent = uplink.frame(received.get("payload_hex"), received.get("FPort"), uplink.of_hex)
    if not found and (timed or not sent):
        return timed
    return [uplink.sample(device, ("Time", received.get("Time")), found, sent, symbols), *timed]


def _units(symbol: object, found: Fields) -> dict[str, str]:
    return dict.fromkeys(found.values, units.of_value(symbol)) if isinstance(symbol, str) and symbol else {}


DECODER: Final = Decoder("thingpark", "Actility ThingPark, uplinks", KEYS, decode, foreign=True)
