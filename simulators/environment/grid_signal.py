"""What the grid emits for each kWh [kg/kWh], and how much of it is renewable [%]: invented by the hour, never measured.

What stands for an hour follows demand, wind and sun at its beginning and stands until the next one. Yearly levels lie
near Ember's averages for 2024 (Estonia 0.341, Denmark 0.143, Spain 0.146 kg/kWh); the shapes are made up.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.time import HOUR
from simulators.civil_clock import is_weekend
from simulators.device import Readings
from simulators.noise import FloatColumn, IntColumn
from simulators.place import Conditions, Place

_WIND_FULL: Final = 9.0  # m/s at which a zone's turbines run at their rated power
_SUN_FULL: Final = 850.0  # W/m2
_PERCENT: Final = 100.0
_WEEKEND: Final = 0.9  # of the demand of a working day


@dataclass(frozen=True)
class GridMix:
    """A zone's mix: kg/kWh of its ``thermal`` plants, of its ``clean`` ones, and how much each kind can carry.

    ``wind``, ``sun`` and ``steady`` (nuclear, hydro, biomass, imports of these): share of the yearly mean demand that
    each covers at its full power; thermal plants make the rest. ``renewable``: share of ``steady`` that is.
    """

    thermal: float
    clean: float
    wind: float
    sun: float
    steady: float
    renewable: float


MIXES: Final = {
    "EE": GridMix(thermal=0.80, clean=0.03, wind=0.42, sun=0.35, steady=0.38, renewable=0.6),
    "DK-DK1": GridMix(thermal=0.52, clean=0.03, wind=1.00, sun=0.45, steady=0.44, renewable=0.8),
    "ES": GridMix(thermal=0.42, clean=0.02, wind=0.45, sun=0.55, steady=0.44, renewable=0.5),
}

_USUAL: Final = GridMix(thermal=0.55, clean=0.03, wind=0.45, sun=0.30, steady=0.40, renewable=0.5)


def mix_of(zone: str | None) -> GridMix:
    """Return the mix of a grid zone, or one of the European kind where none is known."""
    return MIXES.get(zone or "", _USUAL)


@dataclass(frozen=True)
class GridSignal:
    """The feed of one zone, under the weather of the city it serves."""

    mix: GridMix
    place: Place

    def at(self, times: IntColumn) -> Readings:
        """Return factor and renewable share at ascending ``times``: those of the hour each lies in."""
        hours, position = np.unique(times - times % HOUR, return_inverse=True)
        factor, renewable = self._hours(self.place.at(hours))
        return {"grid_emission_factor": factor[position], "grid_renewable_share": renewable[position]}

    def _hours(self, conditions: Conditions) -> tuple[FloatColumn, FloatColumn]:
        mix, demand = self.mix, _demand(conditions)
        wind = mix.wind * np.clip(conditions.wind_speed / _WIND_FULL, 0.0, 1.0) ** 2
        sun = mix.sun * np.clip(conditions.irradiance.total / _SUN_FULL, 0.0, 1.0)
        clean = mix.steady + wind + sun
        thermal = np.clip(1.0 - clean / demand, 0.03, 1.0)  # some always run, for balance
        renewable = (1.0 - thermal) * (wind + sun + mix.renewable * mix.steady) / clean
        return np.asarray(mix.clean + (mix.thermal - mix.clean) * thermal), np.asarray(_PERCENT * renewable)


def _demand(conditions: Conditions) -> FloatColumn:
    """Return the zone's demand as a share of its yearly mean: mornings and evenings, winter, working days."""
    hour = conditions.hour
    daily = 1.0 - 0.16 * np.cos(2.0 * np.pi * (hour - 3.0) / 24.0) + 0.07 * np.cos(4.0 * np.pi * (hour - 7.5) / 24.0)
    seasonal = 1.0 + 0.12 * conditions.place.climate.winter(conditions.times)
    return np.asarray(daily * seasonal * np.where(is_weekend(conditions.wall), _WEEKEND, 1.03))
