"""How a battery takes its charge: constant power, then an exponential taper to a small rest, then nothing.

Columns are one value per session: power in kW, energy in kWh, time in hours since the vehicle was plugged in.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulators.noise import FloatColumn, IntColumn

CUT_OFF: Final = 0.06  # share of the constant power at which the charger ends the charge

_SHORTEST_TAPER: Final = 0.01  # hours


@dataclass(frozen=True)
class Charges:
    """Sessions: ``power`` for ``constant`` hours, then falling with the time constant ``taper`` until ``end``."""

    power: FloatColumn
    constant: FloatColumn
    taper: FloatColumn
    end: FloatColumn

    @classmethod
    def of(cls, demand: FloatColumn, power: FloatColumn, taper: FloatColumn) -> "Charges":
        """Return charges that give ``demand`` if nobody unplugs before; a small demand is all taper."""
        fastest = demand / (power * (1.0 - CUT_OFF))
        constants = np.clip(taper, _SHORTEST_TAPER, None)
        constants = np.minimum(constants, fastest)
        constant = demand / power - constants * (1.0 - CUT_OFF)
        return cls(power, constant, constants, constant - constants * np.log(CUT_OFF))

    def energy(self, session: IntColumn, hours: FloatColumn) -> FloatColumn:
        """Return what each ``session`` has taken ``hours`` after it was plugged in."""
        full = np.minimum(hours, self.constant[session])
        falling = np.clip(hours, None, self.end[session]) - full
        taper = self.taper[session]
        return np.asarray(self.power[session] * (full - taper * np.expm1(-falling / taper)))

    def power_at(self, session: IntColumn, hours: FloatColumn) -> FloatColumn:
        """Return the power of each ``session`` ``hours`` after it was plugged in."""
        falling = np.clip(hours - self.constant[session], 0.0, None)
        power = self.power[session] * np.exp(-falling / self.taper[session])
        return np.asarray(np.where(hours < self.end[session], power, 0.0))
