"""The units readings may be declared in, and their linear conversion; pint holds the definitions.

Symbols are the ones integrators write; each maps to the pint expression that defines it. What pint makes of them stands
in ``conversions``, so that no process has to load pint and its definitions.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from ingest.errors import UnitError
from ingest.model.quantities.conversions import CONVERSIONS

EXPRESSIONS: Final[dict[str, str]] = {
    "1": "dimensionless",
    "%": "percent",
    "percent": "percent",
    "ppm": "ppm",
    "Wh": "watt_hour",
    "kWh": "kilowatt_hour",
    "MWh": "megawatt_hour",
    "GWh": "gigawatt_hour",
    "J": "joule",
    "kJ": "kilojoule",
    "MJ": "megajoule",
    "GJ": "gigajoule",
    "TJ": "terajoule",
    "W.min": "watt * minute",
    "W": "watt",
    "kW": "kilowatt",
    "MW": "megawatt",
    "MJ/h": "megajoule / hour",
    "m3": "meter ** 3",
    "l": "liter",
    "m3/h": "meter ** 3 / hour",
    "l/h": "liter / hour",
    "m3/min": "meter ** 3 / minute",
    "m3/s": "meter ** 3 / second",
    "l/s": "liter / second",
    "degC": "degC",
    "degF": "degF",
    "K": "kelvin",
    "K.d": "delta_degC * day",
    "m3.degC": "meter ** 3 * delta_degC",
    "kg": "kilogram",
    "t": "metric_ton",
    "EUR": "euro",
    "EUR/kWh": "euro / kilowatt_hour",
    "EUR/MWh": "euro / megawatt_hour",
    "kg/kWh": "kilogram / kilowatt_hour",
    "g/kWh": "gram / kilowatt_hour",
    "t/MWh": "metric_ton / megawatt_hour",
    "m": "meter",
    "km": "kilometer",
    "m2": "meter ** 2",
    "ha": "hectare",
    "km2": "kilometer ** 2",
    "s": "second",
    "min": "minute",
    "h": "hour",
    "m/s": "meter / second",
    "km/h": "kilometer / hour",
    "W/m2": "watt / meter ** 2",
    "lx": "lux",
}


@dataclass(frozen=True)
class Conversion:
    """``canonical = value * scale + offset``."""

    scale: float
    offset: float

    def __call__(self, value: float) -> float:
        """Return ``value`` in the canonical unit."""
        return value * self.scale + self.offset


@cache
def conversion(unit: str, canonical: str) -> Conversion:
    """Return the conversion of ``unit`` to ``canonical``; raises UnitError naming what would do."""
    for symbol in (unit, canonical):
        if symbol not in EXPRESSIONS:
            raise UnitError(f"unknown unit {symbol!r}; known are {', '.join(sorted(EXPRESSIONS))}")
    if unit == canonical:
        return Conversion(1.0, 0.0)
    if (unit, canonical) not in CONVERSIONS:
        raise UnitError(f"{unit!r} cannot be converted to {canonical!r}")
    return Conversion(*CONVERSIONS[unit, canonical])
