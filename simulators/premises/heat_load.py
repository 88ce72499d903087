"""Heat a building asks for [kW]: its losses below the heating limit, its night set-back, its hot-water draws."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.time import MINUTE
from simulators.civil_clock import is_weekend
from simulators.noise import FloatColumn, derive, uniform
from simulators.place import Conditions, Place
from simulators.premises.kinds import BuildingKind

DESIGN_TEMPERATURE: Final = -12.0  # degC outdoors for which heating is sized in Denmark (DS 418)

_MASS: Final = 0.7  # share of the outdoor temperature that reaches the rooms only through the building's mass
_MORNING_BOOST: Final = 0.2
_CIRCULATION: Final = 0.35  # share of hot water that is circulation loss, drawn or not
_DRAW_WIDTH: Final = 1.6  # hours


@dataclass(frozen=True)
class Building:
    """One building, its area in m2; ``seed`` is its own, the sky over its place is shared with its neighbours."""

    kind: BuildingKind
    area: float
    place: Place
    seed: int

    @property
    def loss(self) -> float:
        """Heat loss in kW/K: the kind's, within 15 % because no two buildings are alike."""
        spread = 0.85 + 0.3 * float(uniform(derive(self.seed, "loss"), np.zeros(1, np.int64))[0])
        return self.kind.heat_loss * self.area * spread / 1000.0

    @property
    def design_load(self) -> float:
        """Heat load in kW at the design temperature, hot water included."""
        hot_water = self.kind.hot_water * self.area / 1000.0
        return self.loss * (self.kind.heating_limit - DESIGN_TEMPERATURE) + hot_water

    def load(self, conditions: Conditions) -> FloatColumn:
        """Return the heat load in kW, above zero, under ``conditions``."""
        return np.asarray(self._heating(conditions) + self._hot_water(conditions))

    def _heating(self, conditions: Conditions) -> FloatColumn:
        felt = _MASS * conditions.daily_mean + (1.0 - _MASS) * conditions.outdoor_temperature
        missing = np.maximum(0.0, self.kind.heating_limit - felt)
        return np.asarray(self.loss * missing * self._schedule(conditions))

    def _schedule(self, conditions: Conditions) -> FloatColumn:
        hour = conditions.hour
        begin, end = self.kind.in_use
        used = (hour >= begin) & (hour < end) & (self.kind.weekends | ~is_weekend(conditions.wall))
        warming_up = used & (hour < begin + 2.0)
        return 1.0 - self.kind.setback * ~used + _MORNING_BOOST * warming_up

    def _hot_water(self, conditions: Conditions) -> FloatColumn:
        rhythm = sum((_around(conditions.hour, centre) for centre in self.kind.draws), start=np.zeros(1))
        rhythm *= 24.0 / (len(self.kind.draws) * _DRAW_WIDTH * np.sqrt(np.pi))  # its mean over a day is one
        chance = -np.log(uniform(derive(self.seed, "draws"), conditions.times // (5 * MINUTE)))
        drawn = rhythm * (1.0 + (chance - 1.0) / np.sqrt(self.kind.users))
        mean = self.kind.hot_water * self.area / 1000.0
        return np.asarray(mean * (_CIRCULATION + (1.0 - _CIRCULATION) * drawn))


def _around(hour: FloatColumn, centre: float) -> FloatColumn:
    distance = (hour - centre + 12.0) % 24.0 - 12.0
    return np.asarray(np.exp(-((distance / _DRAW_WIDTH) ** 2)))
