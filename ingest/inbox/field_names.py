"""What fields whose meaning no format fixes most likely are: a quantity by the words of a name, and its unit.

A guess, and told as one. The first row that fits holds.
"""

import re
from collections.abc import Iterable
from typing import Final

from ingest.errors import UnitError
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.quantities.units import conversion

_WORDS: Final = tuple(
    (re.compile(pattern), quantity)
    for pattern, quantity in (
        (r"co2|carbon_?dioxide", "co2_concentration"),
        (r"humid|(^|[._])rh($|[._])|feuchte", "relative_humidity"),
        (r"irradi|solar_?rad", "global_irradiance"),
        (r"wind", "wind_speed"),
        (r"dim(ming)?([._]|$)|brightness", "dimming_level"),
        (r"burn|operating_?hours|lamp_?hours", "burning_hours"),
        (r"(supply|flow|forward|inlet|vorlauf)[._ ]?(temp|t$)", "supply_temperature"),
        (r"(return|outlet|r.cklauf)[._ ]?(temp|t$)", "return_temperature"),
        (r"(out(door|side)|ambient|air)[._ ]?temp", "outdoor_temperature"),
        (r"temp(erature)?([._]|$)", "indoor_temperature"),
        (r"(heat|thermal|w.rme)\w*[._ ]?(power|kw$)", "heat_power"),
        (r"(heat|thermal|w.rme)|(^|[._])gj$", "heat_energy"),
        (r"volume|(^|[._])m3$", "volume"),
        (r"power|watt|(^|[._])k?w$", "electricity_power"),
        (r"energy|[km]?wh($|[._])|import|meter_?reading|counter|total", "electricity_energy"),
    )
)
_NOTHING: Final = re.compile(  # that has a quantity, whatever it is part of
    r"volt|(^|_)current$|amp(ere)?s?$|frequency|(^|_)hz$|factor|apparent|reactive|k?var(h|$)|rssi|snr|signal|battery|link"
)
_OF_HEAT: Final = frozenset({"supply_temperature", "return_temperature", "volume", "heat_power", "heat_energy"})
_AS_HEAT: Final = {"electricity_energy": "heat_energy", "electricity_power": "heat_power"}
_ELECTRIC: Final = re.compile(r"elec|strom|(^|[._])el[._]|pump|compressor")
_UNITS: Final = {
    "kwh": "kWh",
    "mwh": "MWh",
    "wh": "Wh",
    "gj": "GJ",
    "mj": "MJ",
    "kw": "kW",
    "w": "W",
    "m3": "m3",
    "c": "degC",
    "degc": "degC",
    "ppm": "ppm",
    "percent": "percent",
}


def quantities(fields: Iterable[str]) -> dict[str, str | None]:
    """Return what each of the fields of one device most likely measures, by its name, and by those beside it.

    Energy and power beside the temperatures or the volume of a flow are heat, where no name says otherwise.
    """
    found = {field: quantity(field) for field in fields}
    if _OF_HEAT.isdisjoint(found.values()):
        return found
    return {
        field: one if one is None or _ELECTRIC.search(field.lower()) else _AS_HEAT.get(one, one)
        for field, one in found.items()
    }


def quantity(field: str) -> str | None:
    """Return what a field most likely measures, by its name alone; its last part goes before what it is part of."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", field).lower()
    if _NOTHING.search(name.rpartition(".")[2]):
        return None
    return next((quantity for pattern, quantity in _WORDS if pattern.search(name)), None)


def unit(field: str, of: str) -> str | None:
    """Return the unit that a name ends in, where it is one of the quantity ``of``."""
    last = re.split(r"[^a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", field).lower())[-1]
    found = _UNITS.get(last)
    try:
        return found if found and conversion(found, QUANTITIES[of].unit) else None
    except UnitError:
        return None
