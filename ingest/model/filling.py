"""Filling: how long a silence of a series may be bridged by what its readings on both sides say.

Time between two readings is measured up to ``max_gap`` and interpolated up to ``filling``. Beyond, it is unknown of a
gauge and estimated of a register, whose amount stays exact while its place in time is a guess. A filling no longer than
max_gap interpolates nothing. A city file may declare another one for any series.
"""

from datetime import timedelta
from typing import Final

from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import ReadingKind

# CalTRACK 2.2: linear interpolation of temperature only, and of at most six consecutive hours.
OF_TEMPERATURES: Final = timedelta(hours=6)
TEMPERATURE: Final = "degC"  # the canonical unit of every temperature
# The finest figures are made of hours: what was counted in a silence of an hour moves by less than one.
OF_REGISTERS: Final = timedelta(hours=1)
NONE: Final = timedelta(0)
FILLED: Final = (ReadingKind.GAUGE, ReadingKind.REGISTER)


def usual_filling(quantity: str, kind: ReadingKind) -> timedelta:
    """Return the filling of a series that declares none; nothing bridges a missing interval or session."""
    if kind is ReadingKind.REGISTER:
        return OF_REGISTERS
    is_temperature = QUANTITIES[quantity].unit == TEMPERATURE
    return OF_TEMPERATURES if kind is ReadingKind.GAUGE and is_temperature else NONE
