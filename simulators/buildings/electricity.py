"""Electricity of a building [kW, kWh]: its roof, its connection to the grid, and the sub-meters behind it.

The main meter stands at the connection and counts import only (OBIS 1.8.0, its power 1.7.0): what the building takes
less what its photovoltaics cover at that moment, never below zero. What is fed into the grid, a meter of direction
production beside it counts (OBIS 2.8.0 and 2.7.0), if there is one: what the photovoltaics yield beyond the load. So a
main meter is the sum of its sub-meters and the unmetered rest wherever there are no photovoltaics; what stands behind
it from another vertical, a charging point for one, comes on top (``simulators.fleet``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from simulators.buildings.end_uses import EndUse, end_uses, power
from simulators.device import Readings
from simulators.noise import FloatColumn, IntColumn
from simulators.place import Conditions, Place
from simulators.premises.kinds import BuildingKind
from simulators.raster import Counter, Polynomials, linear

_TILT = 30.0  # degrees
_PERFORMANCE = 0.88  # what wiring, dirt and inverter leave
_PER_KELVIN = 0.004  # that cells lose above 25 degC
_HEATING = 0.028  # K of a cell per W/m2


@dataclass(frozen=True)
class Consumer:
    """One building as its wires see it: ``area`` in m2, ``capacity`` of its photovoltaics in kW."""

    kind: BuildingKind
    area: float
    capacity: float
    place: Place
    seed: int

    def load(self, conditions: Conditions) -> FloatColumn:
        """Return what all end uses take, in kW."""
        return sum((self.part(use, conditions) for use in end_uses(self.kind)), start=np.zeros(1))

    def part(self, use: EndUse, conditions: Conditions) -> FloatColumn:
        """Return what one end use takes, in kW."""
        return power(use, self.kind, self.area, conditions, self.seed)

    def yield_(self, conditions: Conditions) -> FloatColumn:
        """Return what the photovoltaics deliver, in kW."""
        sunshine = conditions.irradiance.on_roof(_TILT)
        warmth = conditions.outdoor_temperature + _HEATING * sunshine - 25.0
        return np.asarray(self.capacity * _PERFORMANCE * sunshine / 1000.0 * (1.0 - _PER_KELVIN * warmth))

    def imported(self, conditions: Conditions) -> FloatColumn:
        """Return what comes from the grid, in kW."""
        load = self.load(conditions)
        return np.maximum(load - self.yield_(conditions), 0.0) if self.capacity else load

    def exported(self, conditions: Conditions) -> FloatColumn:
        """Return what is fed into the grid, in kW."""
        load = self.load(conditions)
        return np.maximum(self.yield_(conditions) - load, 0.0) if self.capacity else np.zeros_like(load)


@dataclass(frozen=True)
class ElectricityMeter:
    """A meter of ``power`` [kW] at a place; main meter, sub-meter and inverter differ only in what they measure."""

    place: Place
    power: Callable[[Conditions], FloatColumn]
    _counter: Counter = field(init=False)

    def __post_init__(self) -> None:
        """Begin to count at zero."""
        object.__setattr__(self, "_counter", Counter(self.rates))

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times``; before installation is a SimulationError."""
        count = self._counter.at(times)
        return {"electricity_energy": count.registers[0], "electricity_power": count.rates[0]}

    def rates(self, begin: int, end: int) -> Polynomials:
        """Return the power of some days as polynomials."""
        return linear(self.power(self.place.during(begin, end)))
