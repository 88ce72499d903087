"""A building's heat meter (EN 1434): what load and heating curve make of flow and temperatures, and its registers.

Flow [m3/h], supply and return temperature [degC] are linear between the points of the raster; volume [m3], E8 and E9
[m3.degC] are their exact integrals, and energy [kWh] is k * (E8 - E9).
"""

from typing import Final

import numpy as np

from ingest.model.time import HOUR
from simulators.device import Readings
from simulators.noise import FloatColumn, IntColumn, derive, smooth, uniform
from simulators.place import Conditions
from simulators.premises.heat_load import Building
from simulators.raster import Counter, Polynomials, linear, product

# kWh/(m3 K) of a meter in the supply pipe; right within 1.2 % from 60/30 to 95/45 degC (IAPWS-IF97, 1.6 MPa).
HEAT_COEFFICIENT: Final = 1.1325

_SMALLEST_DROP: Final = 8.0  # K between supply and return


class HeatMeter:
    """The heat meter of one building; registers begin at zero on the day it was installed."""

    def __init__(self, building: Building) -> None:
        self.building = building
        self._counter = Counter(self.rates)

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times``; before installation is a SimulationError."""
        count = self._counter.at(times)
        flow, warmth, remainder, supply, back = count.rates
        volume, e8, e9, _, _ = count.registers
        return {
            "heat_energy": HEAT_COEFFICIENT * (e8 - e9),
            "volume": volume,
            "volume_supply_temperature": e8,
            "volume_return_temperature": e9,
            "supply_temperature": supply,
            "return_temperature": back,
            "heat_power": HEAT_COEFFICIENT * (warmth - remainder),
            "flow": flow,
        }

    def rates(self, begin: int, end: int) -> Polynomials:
        """Return flow, flow times supply and flow times return temperature, and both temperatures, of some days."""
        conditions = self.building.place.during(begin, end)
        load = self.building.load(conditions)
        supply = self._supply(conditions)
        back = np.minimum(self._return(load), supply - _SMALLEST_DROP)
        flow = load / (HEAT_COEFFICIENT * (supply - back))
        return np.concatenate(
            [linear(flow), product(flow, supply), product(flow, back), linear(supply), linear(back)], axis=0
        )

    def _supply(self, conditions: Conditions) -> FloatColumn:
        """Heating curve of the network: 60 degC at 16 degC outdoors, 85 degC at -12 degC, and what the pipe loses."""
        cold = np.clip(16.0 - conditions.daily_mean, 0.0, 28.0)
        pipe = 1.0 + 3.0 * self._chance("pipe")
        return np.asarray(
            60.0 + 25.0 / 28.0 * cold - pipe + 0.4 * smooth(self.building.seed, conditions.times, 2 * HOUR)
        )

    def _return(self, load: FloatColumn) -> FloatColumn:
        """Little load lets warm circulation return; a worn substation returns everything warmer, by up to 8 K."""
        idle = np.exp(-load / (0.12 * self.building.design_load))
        fouling = 8.0 * self._chance("fouling") ** 3
        return np.asarray(self.building.kind.return_temperature + fouling + 14.0 * idle)

    def _chance(self, name: str) -> float:
        return float(uniform(derive(self.building.seed, name), np.zeros(1, np.int64))[0])
