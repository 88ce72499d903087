"""Uplinks of Actility ThingPark and ThingPark X IoT Flow in JSON (documentation of the uplink message, read).

Fields are those of ``payload``, as the driver names them, and of ``points``, which have a unit; an older IoT Flow gives
a point several ``records``, each with its time (recalled). ``Time`` is that of receipt.
"""

from collections.abc import Iterator
from typing import Any, Final, TypeGuard

from ingest.decoder import Decoder, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.lorawan import uplink
from ingest.payloads.document import record
from ingest.payloads.fields import fields
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
    points = {name: point for name, point in uplink.part(received, "points").items() if isinstance(point, dict)}
    found, past = uplink.decoded(uplink.part(received, "payload"), "payload", limits)
    found.add(fields({name: point.get("record") for name, point in points.items()}, "points", limits))
    paths = ((f"points.{name}", point.get("unitId")) for name, point in points.items())
    symbols = {path: units.of_value(symbol) for path, symbol in paths if path in found.values and _is_unit(symbol)}
    time = "Time", received.get("Time")
    timed = [sample for name, point in points.items() for sample in _timed(device, name, point, time, limits)]
    timed += (uplink.sample(device, when, each, None) for when, each in past)
    sent = uplink.frame(received.get("payload_hex"), received.get("FPort"), uplink.of_hex)
    if not found and (timed or not sent):
        return timed
    return [uplink.sample(device, time, found, sent, symbols), *timed]


def _timed(
    device: str | None, name: str, point: dict[str, Any], time: tuple[str, object], limits: PayloadLimits
) -> Iterator[Sample]:
    """Yield a sample for each of the records of a point, with its own time where it has one."""
    records, symbol = point.get("records"), point.get("unitId")
    for one in records if isinstance(records, list) else ():
        given = fields(one.get("value") if isinstance(one, dict) else None, f"points.{name}", limits)
        if given:
            symbols = dict.fromkeys(given.values, units.of_value(symbol)) if _is_unit(symbol) else {}
            when = ("eventTime", one["eventTime"]) if "eventTime" in one else time
            yield uplink.sample(device, when, given, None, symbols)


def _is_unit(symbol: object) -> TypeGuard[str]:
    return isinstance(symbol, str) and symbol != ""


DECODER: Final = Decoder(
    "thingpark",
    "Actility ThingPark, uplinks",
    KEYS,
    decode,
    foreign=True,
    spelling=uplink.spelling,
    topics=("thingpark/{connection}/uplink",),
)
