"""Uplinks of The Things Stack v3 (The Things Network among them) in JSON, by MQTT, webhook or Pub/Sub (docs, read).

Fields are those of ``decoded_payload``, as the payload formatter names them, and of ``normalized_payload``, whose units
its schema fixes. The time is that at which the network server received the uplink; a normalized measurement may have
one of its own. A simulated uplink was measured by nobody.
"""

from typing import Any, Final

from ingest.decoder import Decoder, Flaw, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.lorawan import uplink
from ingest.payloads.document import record
from ingest.payloads.fields import Fields, fields
from ingest.reasons import Reason

KEYS: Final = frozenset({"dev_eui", "received_at", "decoded_payload", "normalized_payload", "frm_payload", "f_port"})
_NORMALIZED: Final = "normalized_payload"
_UNITS: Final = {
    f"{_NORMALIZED}.{path}": unit
    for path, unit in {
        "air.co2": "ppm",
        "air.lightIntensity": "lx",
        "air.relativeHumidity": "percent",
        "air.temperature": "degC",
        "metering.water.total": "l",
        "soil.temperature": "degC",
        "water.temperature.avg": "degC",
        "water.temperature.current": "degC",
        "water.temperature.max": "degC",
        "water.temperature.min": "degC",
        "wind.speed": "m/s",
    }.items()
}
_MEANINGS: Final = {
    f"{_NORMALIZED}.{path}": quantity
    for path, quantity in {
        "air.co2": "co2_concentration",
        "air.relativeHumidity": "relative_humidity",
        "metering.water.total": "volume",
        "wind.speed": "wind_speed",
    }.items()
}


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the decoded and the normalized samples of an uplink; raises DecodeError for what is no message of it."""
    message = record(payload)
    if "end_device_ids" not in message:
        raise DecodeError("expected a message of The Things Stack, with end_device_ids")
    device = uplink.eui(uplink.part(message, "end_device_ids").get("dev_eui"), "dev_eui")
    if message.get("simulated"):
        return [uplink.nothing(device, "the uplink is simulated; nobody measured it")]
    uplinks = [uplink.part(message, key) for key in ("uplink_message", "uplink_normalized")]
    since = message.get("received_at")
    samples = [sample for received in uplinks for sample in _samples(device, since, received, limits)]
    return uplink.within(samples, limits) or [
        uplink.nothing(device, "the message holds no payload of the device; expected an uplink")
    ]


def _samples(device: str | None, since: object, received: dict[str, Any], limits: PayloadLimits) -> list[Sample]:
    """Return a sample of what was measured when the uplink was received, and one for each time of a measurement.

    ``since``: when the message was, where the uplink does not say when it was received.
    """
    if not received:
        return []
    found, past = uplink.decoded(uplink.part(received, "decoded_payload"), "decoded_payload", limits)
    timed = [uplink.sample(device, when, each, None) for when, each in past]
    normalized = received.get(_NORMALIZED)
    measurements = normalized if isinstance(normalized, list) else [normalized]
    for measurement in measurements:
        if not isinstance(measurement, dict):
            continue
        given = fields({key: value for key, value in measurement.items() if key != "time"}, _NORMALIZED, limits)
        if "time" in measurement:
            timed.append(
                uplink.sample(device, (f"{_NORMALIZED}.time", measurement["time"]), given, None, _units(given))
            )
        elif len(measurements) > 1:
            timed.append(_timeless(device, given))
        else:
            found.add(given)
    sent = uplink.frame(received.get("frm_payload"), received.get("f_port"), uplink.of_base64)
    if not found and (timed or not sent):
        return timed
    time = "received_at", received.get("received_at", since)
    return [uplink.sample(device, time, found, sent, _units(found)), *timed]


def _timeless(device: str | None, given: Fields) -> Sample:
    detail = f"a measurement of several at {_NORMALIZED} has no time of its own; expected {uplink.RFC_3339}"
    flaw = Flaw(Reason.BAD_TIME, detail, len(given.values) + len(given.texts), _NORMALIZED)
    return Sample(None, {}, flaws=(flaw,), device=device)


def _units(given: Fields) -> dict[str, str]:
    return {path: _UNITS[path] for path in given.values if path in _UNITS}


DECODER: Final = Decoder(
    "the_things_stack",
    "The Things Stack v3, uplinks",
    KEYS,
    decode,
    meanings=_MEANINGS,
    foreign=True,
    spelling=uplink.spelling,
    topics=("v3/{application}/devices/{device}/up", "tts/uplinks/{kind}"),
)
