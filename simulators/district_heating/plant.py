"""The heat plant: delivers what the substations take and the pipes lose, and says how its heat was made.

Base load comes from waste and biomass, the rest from a gas boiler; the emission factor [kg/kWh] of an hour follows the
load at its beginning and stands until the next one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.time import DAY, HOUR
from simulators.device import INSTALLED, Readings
from simulators.district_heating.substation import Substation
from simulators.noise import FloatColumn, IntColumn, smooth

BASE_FACTOR: Final = 0.045  # kg/kWh heat: waste and biomass, their fossil part
PEAK_FACTOR: Final = 0.227  # kg/kWh heat: natural gas, 0.204 kg/kWh fuel at 90 % efficiency

_MIXED: Final = "supply_temperature", "return_temperature"


@dataclass(frozen=True)
class HeatPlant:
    """One plant for all ``substations``; ``base_capacity`` and ``pipe_loss`` in kW."""

    substations: tuple[Substation, ...]
    base_capacity: float
    pipe_loss: float
    seed: int

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times``."""
        readings = [substation.at(times) for substation in self.substations]
        flow = _total(readings, "flow")
        temperatures = {
            name: sum((each["flow"] * each[name] for each in readings), np.zeros(len(times))) / flow for name in _MIXED
        }
        return {
            "heat_energy": _total(readings, "heat_energy") + self.pipe_loss * (times - INSTALLED) / HOUR,
            "heat_power": _total(readings, "heat_power") + self.pipe_loss,
            "supply_temperature": temperatures["supply_temperature"] + 3.0,  # before the pipes cool it
            "return_temperature": temperatures["return_temperature"],
            "heat_emission_factor": self._emission_factor(times),
        }

    def _emission_factor(self, times: IntColumn) -> FloatColumn:
        hours, position = np.unique(times - times % HOUR, return_inverse=True)
        power = _total([substation.at(hours) for substation in self.substations], "heat_power") + self.pipe_loss
        waste = BASE_FACTOR * (1.0 + 0.15 * smooth(self.seed, hours, 2 * DAY).clip(-2.5, 2.5))
        gas_share = np.maximum(0.0, power - self.base_capacity) / power
        return np.asarray((waste + (PEAK_FACTOR - waste) * gas_share)[position])


def _total(readings: list[Readings], quantity: str) -> FloatColumn:
    return sum((each[quantity] for each in readings), np.zeros(len(readings[0][quantity])))
