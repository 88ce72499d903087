"""The heat plant: delivers what the meters of its network take and the pipes lose, and reports how its heat was made.

Base load comes from waste and biomass, the rest from a gas boiler; the emission factor [kg/kWh] of an hour follows the
load at its beginning and stands until the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np

from ingest.model.time import DAY, HOUR
from simulators.device import INSTALLED, Readings
from simulators.noise import FloatColumn, IntColumn, smooth
from simulators.premises.heat_meter import HEAT_COEFFICIENT, HeatMeter
from simulators.raster import Count, Counter, Polynomials

BASE_FACTOR: Final = 0.045  # kg/kWh heat: waste and biomass, their fossil part
PEAK_FACTOR: Final = 0.227  # kg/kWh heat: natural gas, 0.204 kg/kWh fuel at 90 % efficiency

_COOLING: Final = 3.0  # K that the water loses between plant and meters
_SUMMED: Final = 3  # of a meter's rates: flow, and flow times each temperature


class HeatNetwork:
    """All ``meters`` of one network as if they were one; ``pipe_loss`` in kW is what its trenches lose."""

    def __init__(self, meters: Sequence[HeatMeter], pipe_loss: float) -> None:
        self._meters = meters
        self._pipe_loss = pipe_loss
        self._counter = Counter(self._rates)

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values at the plant's side at ascending ``times``."""
        count: Count = self._counter.at(times)
        flow, warmth, remainder = count.rates
        _, e8, e9 = count.registers
        return {
            "heat_energy": HEAT_COEFFICIENT * (e8 - e9) + self._pipe_loss * (times - INSTALLED) / HOUR,
            "heat_power": HEAT_COEFFICIENT * (warmth - remainder) + self._pipe_loss,
            "supply_temperature": warmth / flow + _COOLING,
            "return_temperature": remainder / flow,
        }

    def water_at(self, times: IntColumn) -> tuple[FloatColumn, FloatColumn]:
        """Return the volume [m3] that has flowed since installation and the flow [m3/h] at ascending ``times``."""
        count: Count = self._counter.at(times)
        return count.registers[0], count.rates[0]

    def _rates(self, begin: int, end: int) -> Polynomials:
        return reduce(np.add, (meter.rates(begin, end)[:_SUMMED] for meter in self._meters))


@dataclass(frozen=True)
class HeatPlant:
    """One plant that makes ``share`` of its network's heat, up to ``base_capacity`` [kW] of it without gas."""

    network: HeatNetwork
    share: float
    base_capacity: float
    seed: int

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times``."""
        readings = self.network.at(times)
        made = {name: self.share * readings[name] for name in ("heat_energy", "heat_power")}
        return {**readings, **made, "heat_emission_factor": self._emission_factor(times)}

    def _emission_factor(self, times: IntColumn) -> FloatColumn:
        hours, position = np.unique(times - times % HOUR, return_inverse=True)
        power = self.share * self.network.at(hours)["heat_power"]
        waste = BASE_FACTOR * (1.0 + 0.15 * smooth(self.seed, hours, 2 * DAY).clip(-2.5, 2.5))
        gas_share = np.maximum(0.0, power - self.base_capacity) / power
        return np.asarray((waste + (PEAK_FACTOR - waste) * gas_share)[position])
