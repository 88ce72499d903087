"""Shelly, generation 1 and generations 2 to 4, over MQTT, and by webhooks.

After Shelly's API documentation, "Gen 1: MQTT" (recalled) and "Gen 2: Notifications, MQTT, components" (read).
Generation 1 publishes one bare number or word per topic, ``shellies/DEVICE/emeter/0/total``; its last level says which.
Later generations publish the status of a component, ``PREFIX/status/switch:0``, without a time, and notifications
``PREFIX/events/rpc``: frames that name the device (``src``), the time (``params.ts``, in seconds since 1970) and the
components that changed. A field is then the path below the component: ``switch:0.aenergy.total``.
A webhook brings the query of an address, an object of texts: a generation 1 sensor appends ``hum``, ``temp`` and ``id``
to the address it is given, of later ones whoever sets it up writes names and values (both recalled).
"""

import re
from typing import Any, Final

from ingest.decoder import BARE, Decoder, Flaw, Sample, quoted
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.payloads import instants
from ingest.payloads.document import record
from ingest.payloads.fields import fields
from ingest.reasons import Reason

_NUMBER: Final = re.compile(rb"-?\d{1,300}(\.\d{1,300})?", re.ASCII)
_WORD: Final = re.compile(rb"[a-z][a-z_ ]{0,31}")

# Components that measure nothing; a device tells of them by the hour, which is nobody's fault.
_HOUSEKEEPING: Final = frozenset(("sys", "wifi", "eth", "cloud", "mqtt", "ws", "ble", "ui", "matter", "modbus", "knx"))
_OF_TOPICS: Final = {
    "total": "Wh",
    "total_returned": "Wh",
    "energy": "W.min",
    "power": "W",
    "humidity": "percent",
    "lux": "lx",
}  # of generation 1, by the last level of a topic: of an emeter, of a relay, of both, of a sensor
_OF_COMPONENTS: Final = {
    "aenergy.total": "Wh",
    "ret_aenergy.total": "Wh",
    "total_act_energy": "Wh",
    "total_act_ret_energy": "Wh",
    "total_act": "Wh",
    "total_act_ret": "Wh",
    "apower": "W",
    "act_power": "W",
    "total_act_power": "W",
    "tC": "degC",
    "tF": "degF",
    "temperature.tC": "degC",
    "temperature.tF": "degF",
    "rh": "percent",
    "lux": "lx",
} | {
    f"{phase}_{field}": unit
    for phase in "abc"
    for field, unit in {"act_power": "W", "total_act_energy": "Wh", "total_act_ret_energy": "Wh"}.items()
}
# A temperature alone is in the unit that the device is set to.
_OF_QUERIES: Final = _OF_COMPONENTS | {"hum": "percent", "lux": "lx"}
# Of devices with several channels the city file says which it means; the first is that of a device with one.
_MEANINGS: Final = {
    "total": "electricity_energy",
    "energy": "electricity_energy",
    "power": "electricity_power",
    **dict.fromkeys((f"{one}:0.aenergy.total" for one in ("switch", "pm1", "cover", "light")), "electricity_energy"),
    **dict.fromkeys((f"{one}:0.apower" for one in ("switch", "pm1", "cover", "light")), "electricity_power"),
    "em1data:0.total_act_energy": "electricity_energy",
    "emdata:0.total_act": "electricity_energy",
    "em1:0.act_power": "electricity_power",
    "em:0.total_act_power": "electricity_power",
    "humidity": "relative_humidity",
    "hum": "relative_humidity",
    "humidity:0.rh": "relative_humidity",
}


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the sample of a message; raises DecodeError for what no Shelly publishes."""
    text = payload.strip()
    if text.startswith(b"{"):
        message = record(payload)
        if message and all(isinstance(one, str) for one in message.values()):
            return [_asked(message, limits)]
        return [_notified(message, limits) if "method" in message else _status(message, limits)]
    if _NUMBER.fullmatch(text):
        return [Sample(None, {BARE: float(text)})]
    if _WORD.fullmatch(text):
        return [Sample(None, {}, texts={BARE: text.decode()})]
    raise DecodeError(f"expected a number, a word such as on, or a JSON object, found {quoted(payload)}")


def _notified(frame: dict[str, Any], limits: PayloadLimits) -> Sample:
    """Return the sample of a notification: of a status, or of an event, which is no reading."""
    device, parameters = frame.get("src"), frame.get("params")
    if not isinstance(device, str) or not device or not isinstance(parameters, dict):
        raise DecodeError("expected a notification with the device at 'src' and an object at 'params'")
    if frame["method"] not in ("NotifyStatus", "NotifyFullStatus"):
        return Sample(None, {}, device=device)
    stamp = parameters.pop("ts", None)
    try:
        time = None if stamp is None else instants.of_number(stamp)
    except ValueError:
        return Sample(None, {}, flaws=(instants.bad_time("params.ts", stamp, "seconds since 1970"),), device=device)
    components = {name: told for name, told in parameters.items() if name.partition(":")[0] not in _HOUSEKEEPING}
    taken = fields(components, "", limits)
    units = {name: unit for name in taken.values if (unit := _OF_COMPONENTS.get(name.partition(".")[2]))}
    return Sample(time, taken.values, units, texts=taken.texts, device=device)


def _asked(query: dict[str, str], limits: PayloadLimits) -> Sample:
    """Return the sample of a query: what reads as a number is one."""
    said = {name: float(text) if _NUMBER.fullmatch(text.encode()) else text for name, text in query.items()}
    device = query.get("id") or None
    said.pop("id", None)
    taken = fields(said, "", limits)
    if not taken:
        return Sample(None, {}, flaws=(Flaw(Reason.EMPTY, "the query says nothing", 0),), device=device)
    units = {
        name: unit
        for name in taken.values
        if (unit := _OF_QUERIES.get(name) or _OF_QUERIES.get(name.partition(".")[2]))
    }
    return Sample(None, taken.values, units, texts=taken.texts, device=device)


def _status(component: dict[str, Any], limits: PayloadLimits) -> Sample:
    taken = fields(component, "", limits)
    if not taken:
        return Sample(None, {}, flaws=(Flaw(Reason.EMPTY, "the object says nothing of a component", 0),))
    units = {name: unit for name in taken.values if (unit := _OF_COMPONENTS.get(name))}
    return Sample(None, taken.values, units, texts=taken.texts)


DECODER: Final = Decoder(
    name="shelly",
    title="Shelly",
    keys=frozenset(("src", "params", "params.ts")),
    decode=decode,
    meanings=_MEANINGS,
    units=_OF_TOPICS,
    foreign=True,
    topics=(
        "{device}/events/rpc",
        "shelly/{device}/events/rpc",
        "{device}/status/{component}",
        "shelly/{device}/status/{component}",
        "shellies/{device}/emeter/0/{field}",
        "shellies/{device}/emeter/1/{field}",
        "shellies/{device}/emeter/2/{field}",
        "shellies/{device}/relay/0/{field}",
        "shellies/{device}/relay/1/{field}",
        "shellies/{device}/sensor/{field}",
    ),
)
