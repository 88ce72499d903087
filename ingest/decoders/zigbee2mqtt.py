"""Zigbee2MQTT 2: what ``zigbee2mqtt/FRIENDLY_NAME`` says of a device, a JSON object of what the device exposes.

After its documentation, "MQTT Topics and Messages" and "Exposes" (read). ``last_seen`` is when the device was last
heard, where ``advanced.last_seen`` switches it on: RFC 3339, or milliseconds since 1970. With
``include_device_information`` the object ``device`` says which it is, by its IEEE address.
"""

from typing import Final

from ingest.decoder import Decoder, Flaw, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.time import SECOND
from ingest.payloads import instants
from ingest.payloads.document import record
from ingest.payloads.fields import fields
from ingest.reasons import Reason

_UNITS: Final = {
    "temperature": "degC",
    "humidity": "percent",
    "energy": "kWh",
    "produced_energy": "kWh",
    "power": "W",
    "co2": "ppm",
    "illuminance": "lx",
}
_MEANINGS: Final = {
    "energy": "electricity_energy",
    "power": "electricity_power",
    "humidity": "relative_humidity",
    "co2": "co2_concentration",
}


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the sample of a message; raises DecodeError for what is no JSON object."""
    message = record(payload)
    last_seen, about = message.pop("last_seen", None), message.pop("device", None)
    taken = fields(message, "", limits)
    if not taken:
        return [Sample(None, {}, flaws=(Flaw(Reason.EMPTY, "the object says nothing of the device", 0),))]
    try:
        time = None if last_seen is None else _instant(last_seen)
    except ValueError:
        expected = "RFC 3339 with offset, or milliseconds since 1970"
        return [Sample(None, {}, flaws=(instants.bad_time("last_seen", last_seen, expected),))]
    units = {name: unit for name, unit in _UNITS.items() if name in taken.values}
    return [Sample(time, taken.values, units, texts=taken.texts, device=_address(about))]


def _instant(last_seen: object) -> int:
    if isinstance(last_seen, str):
        return instants.of_text(last_seen)
    return instants.of_number(last_seen, SECOND // 1000)


def _address(about: object) -> str | None:
    """Return the IEEE address of the device, where the message says it."""
    if about is None:
        return None
    address = about.get("ieeeAddr") if isinstance(about, dict) else None
    if not isinstance(address, str) or not address:
        raise DecodeError("expected an IEEE address at device.ieeeAddr, as include_device_information gives it")
    return address


DECODER: Final = Decoder(
    name="zigbee2mqtt",
    title="Zigbee2MQTT",
    keys=frozenset(("last_seen", "device")),
    decode=decode,
    meanings=_MEANINGS,
    foreign=True,
    topics=("zigbee2mqtt/{device}",),
)
