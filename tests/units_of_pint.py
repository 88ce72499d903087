"""The conversions of pint for the symbols of units, from which the product's table is made.

To make it anew after a symbol was added: ``.venv/bin/python -m tests.units_of_pint``.
"""

from pathlib import Path
from typing import Final

import pint

from ingest.model.quantities import conversions
from ingest.model.quantities.units import EXPRESSIONS, Conversion

HEADING: Final = '''"""How units are converted; made from pint by ``python -m tests.units_of_pint``, not by hand."""

from collections.abc import Mapping
from typing import Final

# By (unit, canonical unit): scale and offset. Units that are not here together cannot be converted.
CONVERSIONS: Final[Mapping[tuple[str, str], tuple[float, float]]] = {
'''


def of_pint() -> dict[tuple[str, str], Conversion]:
    """Return every conversion of a symbol to another, by both."""
    registry: pint.UnitRegistry[float] = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    registry.define("euro = [currency]")  # another currency is converted by whoever states it, at a rate of its day
    units = {symbol: registry.Unit(expression) for symbol, expression in EXPRESSIONS.items()}
    found = {}
    for symbol, source in units.items():
        zero, one = (registry.Quantity(value, source) for value in (0.0, 1.0))
        for canonical, target in units.items():
            if symbol != canonical and source.dimensionality == target.dimensionality:
                step = (registry.Quantity(1.0, target) - registry.Quantity(0.0, target)).units
                scale, offset = (one - zero).to(step).magnitude, zero.to(target).magnitude
                found[symbol, canonical] = Conversion(float(scale), float(offset))
    return found


def text() -> str:
    """Return the module that the product reads."""
    rows = (
        f'    ("{unit}", "{canonical}"): ({one.scale!r}, {one.offset!r}),\n'
        for (unit, canonical), one in of_pint().items()
    )
    return f"{HEADING}{''.join(rows)}}}\n"


if __name__ == "__main__":
    Path(str(conversions.__file__)).write_text(text(), encoding="utf-8")
