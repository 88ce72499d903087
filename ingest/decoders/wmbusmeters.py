"""wmbusmeters 1.17 and later: a telegram of a wireless or wired M-Bus meter, decoded to a JSON object by its drivers.

After its README and its drivers (read). Each number carries its unit at the end of its name: ``total_volume_m3``.
``timestamp`` is when the telegram was received, in UTC; what the meter's own clock said is a text like any other.
``id`` is the number printed on the meter.
"""

import re
from typing import Final

from ingest.decoder import SERIAL_NUMBER, Decoder, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.payloads import instants
from ingest.payloads.document import record
from ingest.payloads.fields import fields

_IS_NUMBER: Final = re.compile(SERIAL_NUMBER).fullmatch

_UNITS: Final = {
    "kwh": "kWh",
    "wh": "Wh",
    "mj": "MJ",
    "gj": "GJ",
    "m3c": "m3.degC",
    "kw": "kW",
    "w": "W",
    "mjh": "MJ/h",
    "m3": "m3",
    "l": "l",
    "m3h": "m3/h",
    "lh": "l/h",
    "c": "degC",
    "f": "degF",
    "rh": "percent",
    "pct": "percent",
    "ppm": "ppm",
    "h": "h",
    "min": "min",
    "s": "s",
    "kg": "kg",
    "m": "m",
}  # by the end of a name, which is how units.h of wmbusmeters spells a unit
_MEANINGS: Final = {
    field: quantity
    for quantity, fields_of_drivers in {
        "heat_energy": (
            "total_energy_consumption_kwh",
            "total_kwh",
            "total_energy_kwh",
            "total_heat_energy_kwh",
            "total_heating_kwh",
            "heat_kwh",
        ),
        "volume": ("total_volume_m3", "total_m3", "volume_m3", "total_heating_m3", "total_water_m3"),
        "flow": ("volume_flow_m3h", "flow_m3h", "flow_water_m3h", "current_volume_flow_m3h"),
        "heat_power": ("power_kw", "current_power_kw", "current_power_consumption_kw"),
        "supply_temperature": (
            "flow_temperature_c",
            "t1_temperature_c",
            "supply_temperature_c",
            "forward_c",
            "flow_c",
        ),
        "return_temperature": ("return_temperature_c", "t2_temperature_c", "return_c"),
        "volume_supply_temperature": ("forward_energy_m3c",),
        "volume_return_temperature": ("return_energy_m3c",),
        "relative_humidity": ("current_relative_humidity_rh",),
    }.items()
    for field in fields_of_drivers
}  # of heat and water meters, as their drivers call it; a meter of electricity names its energy as one of heat does


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the sample of a telegram; raises DecodeError for what is no telegram of wmbusmeters."""
    telegram = record(payload)
    number, timestamp = telegram.pop("id", None), telegram.pop("timestamp", None)
    if not isinstance(number, str) or not _IS_NUMBER(number):
        raise DecodeError("expected the number of a meter at 'id', as wmbusmeters gives it with format=json")
    taken = fields(telegram, "", limits)
    try:
        time = instants.of_text(timestamp)
    except ValueError:
        flaw = instants.bad_time("timestamp", timestamp, "RFC 3339 with offset, as wmbusmeters gives it")
        return [Sample(None, {}, flaws=(flaw,), device=number)]
    units = {name: unit for name in taken.values if (unit := _UNITS.get(name.rpartition("_")[2]))}
    return [Sample(time, taken.values, units, texts=taken.texts, serial_number=number, device=number)]


DECODER: Final = Decoder(
    name="wmbusmeters",
    title="wmbusmeters JSON",
    keys=frozenset(("id", "timestamp")),
    decode=decode,
    meanings=_MEANINGS,
    foreign=True,
    topics=("wmbusmeters/{device}",),
)
