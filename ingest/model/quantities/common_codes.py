"""Units by their common codes (UN/CEFACT Recommendation 20), as FIWARE's ``unitCode`` gives them.

Of some 2,000 codes those of units that readings may be in; each stands for the symbol in ``units``.
"""

from typing import Final

_SYMBOLS: Final = {
    "C62": "1",
    "P1": "percent",
    "59": "ppm",
    "WHR": "Wh",
    "KWH": "kWh",
    "MWH": "MWh",
    "GWH": "GWh",
    "3B": "MJ",
    "GV": "GJ",
    "D30": "TJ",
    "WTT": "W",
    "KWT": "kW",
    "MAW": "MW",
    "MTQ": "m3",
    "LTR": "l",
    "MQH": "m3/h",
    "E32": "l/h",
    "CEL": "degC",
    "FAH": "degF",
    "KEL": "K",
    "SEC": "s",
    "MIN": "min",
    "HUR": "h",
    "MTS": "m/s",
    "KMH": "km/h",
    "D54": "W/m2",
    "LUX": "lx",
}

_OF_FIGURES: Final = {"%": "P1", "kg": "KGM", "t": "TNE", "a": "ANN", "GJ": "GV"}
_CODES: Final = {symbol: code for code, symbol in _SYMBOLS.items()} | _OF_FIGURES


def symbol(code: str) -> str:
    """Return the symbol of the unit of a common code; what is none of these codes as it is."""
    return _SYMBOLS.get(code, code)


def code(symbol: str) -> str | None:
    """Return the common code of a unit as figures have it; None where it has none, as kWh/m2."""
    return _CODES.get(symbol)
