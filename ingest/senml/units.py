"""The symbols of SenML (IANA registry "SenML Units" and "Secondary Units", read) as Pharos writes the same units."""

from typing import Final

SYMBOLS: Final = {
    "Cel": "degC",
    "%RH": "percent",
    "%EL": "percent",
    "%": "percent",
    "/": "1",
    "count": "1",
}
# A sum is in the unit of the value times seconds (RFC 8428, 4.2).
_INTEGRALS: Final = {"W": "J", "kW": "kJ", "m3/s": "m3", "l/s": "l"}


def of_value(symbol: str) -> str:
    """Return the unit of a value; a symbol that Pharos spells alike, or does not know, stays as it is."""
    return SYMBOLS.get(symbol, symbol)


def of_sum(symbol: str) -> str:
    """Return the unit of a sum of values in ``symbol``."""
    return _INTEGRALS.get(symbol, f"{symbol}.s")
