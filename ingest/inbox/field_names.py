"""What fields whose meaning no format fixes most likely are: a quantity by the words of a name, and its unit.

A guess, and told as one. The first row that fits holds.
"""

import re
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


def quantity(field: str) -> str | None:
    """Return what a field most likely measures, by its name."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", field).lower()
    return next((quantity for pattern, quantity in _WORDS if pattern.search(name)), None)


def unit(field: str, of: str) -> str | None:
    """Return the unit that a name ends in, where it is one of the quantity ``of``."""
    last = re.split(r"[^a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", field).lower())[-1]
    found = _UNITS.get(last)
    try:
        return found if found and conversion(found, QUANTITIES[of].unit) else None
    except UnitError:
        return None
