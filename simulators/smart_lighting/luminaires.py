"""Luminaires with their controllers, and the cabinets that feed and meter them: power [kW] and registers [kWh, h].

What a lamp takes is linear in its level, above what its driver loses; the controller takes a little by day, too. So
energy is exactly the integral of power, and a cabinet's is the sum of its luminaires' and its own; both are counted in
whole Wh.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.time import HOUR
from simulators.device import INSTALLED, Readings
from simulators.noise import FloatColumn, IntColumn
from simulators.smart_lighting.lamp_hours import LampState, Programme

DRIVER_LOSS: Final = 0.05  # of the rated power, at any level
CONTROLLER: Final = 0.0005  # kW, day and night
CABINET: Final = 0.014  # kW of a cabinet's own controls

_PER_KWH: Final = 1000.0  # steps of the register


@dataclass(frozen=True)
class Load:
    """Lamps of one programme, together: rated power of the lamps, and what is taken day and night, in kW."""

    lamps: float
    always: float

    def power(self, state: LampState) -> FloatColumn:
        """Return kW."""
        taken = (1.0 - DRIVER_LOSS) * state.level / 100.0 + DRIVER_LOSS * (state.level > 0.0)
        return np.asarray(self.lamps * taken + self.always)

    def energy(self, state: LampState, times: IntColumn) -> FloatColumn:
        """Return kWh since the installation, in whole Wh."""
        lamps = (1.0 - DRIVER_LOSS) * state.full_hours + DRIVER_LOSS * state.burning_hours
        energy = self.lamps * lamps + self.always * ((times - INSTALLED) / HOUR)
        return np.asarray(np.floor(energy * _PER_KWH) / _PER_KWH)


@dataclass(frozen=True)
class Luminaire:
    """One luminaire and its controller."""

    programme: Programme
    rated_power: float

    @property
    def load(self) -> Load:
        """What it takes."""
        return Load(self.rated_power, CONTROLLER)

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times``."""
        state = self.programme.at(times)
        return {
            "electricity_energy": self.load.energy(state, times),
            "electricity_power": self.load.power(state),
            "dimming_level": state.level,
            "burning_hours": state.burning_hours,
        }


@dataclass(frozen=True)
class Cabinet:
    """The cabinet of ``load``: all of its luminaires and its own controls."""

    programme: Programme
    load: Load

    @classmethod
    def of(cls, programme: Programme, luminaires: Sequence[Luminaire]) -> "Cabinet":
        """Return the cabinet that feeds ``luminaires``."""
        loads = [luminaire.load for luminaire in luminaires]
        return cls(programme, Load(sum(each.lamps for each in loads), CABINET + sum(each.always for each in loads)))

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times``."""
        state = self.programme.at(times)
        return {
            "electricity_energy": self.load.energy(state, times),
            "electricity_power": self.load.power(state),
        }
