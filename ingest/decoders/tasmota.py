"""Tasmota 14: telemetry of ``tele/TOPIC/SENSOR``, or the same in answer to ``Status 10``; a JSON object.

After its documentation, "MQTT", "JSON Status Responses" and the command ``Time`` (read). The time of a message is
``Epoch``, in seconds since 1970, after ``Time 2``; a number at ``Time``, likewise, after ``Time 3``; else what the
device's clock shows, without offset. What stands in a module's object is a field such as ``ENERGY.Total``; the phases
of a meter with several are ``ENERGY.Power.0`` and so on.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from ingest.decoder import Decoder, Flaw, Sample
from ingest.limits import DEFAULT, PayloadLimits
from ingest.payloads import instants, local
from ingest.payloads.document import record
from ingest.payloads.fields import fields
from ingest.reasons import Reason

_STATUS: Final = ("StatusSNS", "StatusSTS")
_TEMPERATURES: Final = frozenset(("Temperature", "DewPoint", "ObjTmp", "AmbTmp"))
_TEMPERATURE_UNITS: Final = {"C": "degC", "F": "degF"}
_UNITS: Final = {
    "Total": "kWh",
    "Yesterday": "kWh",
    "Today": "kWh",
    "Power": "W",
    "Humidity": "percent",
    "CarbonDioxide": "ppm",
    "Illuminance": "lx",
}
_OF_ENERGY: Final = frozenset(("Total", "Yesterday", "Today", "Power"))  # elsewhere such names measure something else
_MEANINGS: Final = {"ENERGY.Total": "electricity_energy", "ENERGY.Power": "electricity_power"}


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the sample of a message; raises DecodeError for what is no JSON object."""
    message = record(payload)
    for status in _STATUS:
        if isinstance(found := message.get(status), dict):
            message = found
    shown, epoch, unit = message.pop("Time", None), message.pop("Epoch", None), message.pop("TempUnit", None)
    taken = fields(message, "", limits)
    if not taken:
        return [Sample(None, {}, flaws=(Flaw(Reason.EMPTY, "the object holds no sensor", 0),))]
    try:
        time, clock = _when(shown, epoch)
    except ValueError:
        key, found = ("Time", shown) if epoch is None else ("Epoch", epoch)
        expected = f"{local.EXPECTED}, or seconds since 1970"
        return [Sample(None, {}, flaws=(instants.bad_time(key, found, expected),))]
    of_temperatures = _TEMPERATURE_UNITS.get(unit) if isinstance(unit, str) else None
    units = _units(tuple(taken.values), of_temperatures)
    return [Sample(time, taken.values, units, texts=taken.texts, local=clock)]


def _when(shown: object, epoch: object) -> tuple[int | None, int | None]:
    """Return the instant of a message, or what its clock showed; raises ValueError for what is no time."""
    if epoch is not None:
        return instants.of_number(epoch), None
    if shown is None:
        return None, None
    return local.or_instant(shown) if isinstance(shown, str) else (instants.of_number(shown), None)


@lru_cache(1024)
def _units(names: tuple[str, ...], of_temperatures: str | None) -> Mapping[str, str]:
    """Return the units of fields by their names, which are the same in all messages of a device."""
    return {name: unit for name in names if (unit := _unit(name, of_temperatures))}


def _unit(field: str, of_temperatures: str | None) -> str | None:
    module, *names = field.split(".")
    name = next((name for name in names if not name.isdecimal()), "")
    if name in _TEMPERATURES:
        return of_temperatures
    return None if name in _OF_ENERGY and module != "ENERGY" else _UNITS.get(name)


DECODER: Final = Decoder(
    name="tasmota",
    title="Tasmota telemetry",
    keys=frozenset(("Time", "Epoch")),
    decode=decode,
    meanings=_MEANINGS,
    foreign=True,
    topics=("tele/{device}/SENSOR", "tasmota/tele/{device}/SENSOR"),
)
