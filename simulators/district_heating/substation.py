"""A substation's heat meter (EN 1434): what load and heating curve make of flow and temperatures, and its registers.

Flow [m3/h], supply and return temperature [degC] are linear between the points of a 15-minute grid; volume [m3],
E8 and E9 [m3.degC] are their exact integrals since the meter was installed, and energy [kWh] is k * (E8 - E9).
So registers never contradict gauges, and a value is the same whether it is asked for live or years later.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from ingest.model.time import DAY, HOUR, MINUTE, isoformat
from simulators.device import INSTALLED, Readings
from simulators.district_heating.heat_load import Building
from simulators.errors import SimulationError
from simulators.noise import FloatColumn, IntColumn, derive, smooth, uniform
from simulators.weather import daily_mean

# kWh/(m3 K) of a meter in the supply pipe; right within 1.2 % from 60/30 to 95/45 degC (IAPWS-IF97, 1.6 MPa).
HEAT_COEFFICIENT: Final = 1.1325

_STEP: Final = 15 * MINUTE
_CELLS: Final = DAY // _STEP
_STEP_HOURS: Final = _STEP / HOUR
_SMALLEST_DROP: Final = 8.0  # K between supply and return


@dataclass(frozen=True)
class _Hydraulics:
    """Flow and temperatures at grid points."""

    flow: FloatColumn
    supply: FloatColumn
    back: FloatColumn

    def registers(self, cell: IntColumn, share: FloatColumn) -> FloatColumn:
        """Return volume, E8 and E9 (three columns) counted within each ``cell`` up to ``share`` of it."""
        one = np.ones(len(self.flow))
        counted = (_integral(self.flow, other, cell, share) for other in (one, self.supply, self.back))
        return np.stack([_STEP_HOURS * amount for amount in counted], axis=-1)


@dataclass(frozen=True)
class _Days:
    """Consecutive days of a meter: grid points, and the registers at the beginning of each cell."""

    hydraulics: _Hydraulics
    opening: FloatColumn

    def at(self, since: IntColumn) -> Readings:
        """Return canonical values by quantity at instants since the first midnight."""
        cell, rest = np.divmod(since, _STEP)
        share = rest / _STEP
        volume, e8, e9 = (self.opening[cell] + self.hydraulics.registers(cell, share)).T
        flow = _between(self.hydraulics.flow, cell, share)
        supply = _between(self.hydraulics.supply, cell, share)
        back = _between(self.hydraulics.back, cell, share)
        return {
            "heat_energy": HEAT_COEFFICIENT * (e8 - e9),
            "volume": volume,
            "volume_supply_temperature": e8,
            "volume_return_temperature": e9,
            "supply_temperature": supply,
            "return_temperature": back,
            "heat_power": HEAT_COEFFICIENT * flow * (supply - back),
            "flow": flow,
        }


class Substation:
    """The heat meter of one building; registers begin at zero on the day it was installed."""

    def __init__(self, building: Building) -> None:
        self.building = building
        self._totals = np.zeros((1, 3))  # registers at the beginning of each day
        self._days = lru_cache(maxsize=4)(self._compute_days)

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times``; before installation is a SimulationError."""
        since = times - INSTALLED
        if since[0] < 0:
            raise SimulationError(
                f"no reading at {isoformat(times[0])}: the simulated meters were installed at {isoformat(INSTALLED)}"
            )
        first, last = (int(each) // DAY for each in since[[0, -1]])
        return self._days(first, last + 1).at(since - first * DAY)

    def _compute_days(self, begin: int, end: int) -> _Days:
        """Sum registers day by day from the start, whatever was asked for, so that sums round alike."""
        self._extend(end - 1)
        hydraulics = self._hydraulics(begin, end)
        counted = _per_day(hydraulics)
        opening = np.concatenate([np.zeros((end - begin, 1, 3)), counted[:, :-1]], axis=1)
        opening += self._totals[begin:end, np.newaxis]
        return _Days(hydraulics, opening.reshape(-1, 3))

    def _extend(self, day: int) -> None:
        known = len(self._totals) - 1
        if day > known:
            counted = _per_day(self._hydraulics(known, day))[:, -1]
            totals = np.vstack([self._totals[-1:], counted]).cumsum(axis=0)
            self._totals = np.vstack([self._totals, totals[1:]])

    def _hydraulics(self, begin: int, end: int) -> _Hydraulics:
        """Return the grid points of the days [begin, end), both edges included."""
        times = INSTALLED + begin * DAY + np.arange((end - begin) * _CELLS + 1) * _STEP
        building = self.building
        load = building.load(times)
        supply = self._supply(times)
        idle = np.exp(-load / (0.12 * building.design_load))  # little load: warm circulation returns
        back = building.kind.return_temperature + self._fouling + 14.0 * idle
        back = np.minimum(back, supply - _SMALLEST_DROP)
        return _Hydraulics(load / (HEAT_COEFFICIENT * (supply - back)), supply, back)

    def _supply(self, times: IntColumn) -> FloatColumn:
        """Heating curve of the network: 60 degC at 16 degC outdoors, 85 degC at -12 degC, and what the pipe loses."""
        building = self.building
        cold = np.clip(16.0 - daily_mean(building.sky, building.climate, times), 0.0, 28.0)
        pipe = 1.0 + 3.0 * self._chance("pipe")
        return np.asarray(60.0 + 25.0 / 28.0 * cold - pipe + 0.4 * smooth(building.seed, times, 2 * HOUR))

    @property
    def _fouling(self) -> float:
        """K by which this substation cools worse than it should: little for most, 8 K for the worst."""
        return 8.0 * self._chance("fouling") ** 3

    def _chance(self, name: str) -> float:
        return float(uniform(derive(self.building.seed, name), np.zeros(1, np.int64))[0])


def _per_day(hydraulics: _Hydraulics) -> FloatColumn:
    """Return what each cell's end adds to its day's beginning: days, cells, registers."""
    cells = np.arange(len(hydraulics.flow) - 1)
    counted = hydraulics.registers(cells, np.ones(len(cells)))
    return np.asarray(counted.reshape(-1, _CELLS, 3).cumsum(axis=1))


def _between(points: FloatColumn, cell: IntColumn, share: FloatColumn) -> FloatColumn:
    return np.asarray(points[cell] + (points[cell + 1] - points[cell]) * share)


def _integral(a: FloatColumn, b: FloatColumn, cell: IntColumn, share: FloatColumn) -> FloatColumn:
    """Integrate the product of two piecewise linear functions over [0, share) of each cell, in cells."""
    a0, b0 = a[cell], b[cell]
    da, db = a[cell + 1] - a0, b[cell + 1] - b0
    return np.asarray(share * (a0 * b0 + share * ((a0 * db + b0 * da) / 2.0 + share * da * db / 3.0)))
