"""What a cabinet's programme has made its lamps do since the installation: level [percent], hours burnt, hours at full.

The cabinet's photocell switches on and off, its programme dims in between. Times are summed as integers, so that they
are exact and the same whatever was asked for.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ingest.model.time import DAY, HOUR, MINUTE, SECOND
from simulators.device import INSTALLED, since_installation
from simulators.insolation import cloud_cover
from simulators.noise import FloatColumn, IntColumn
from simulators.smart_lighting.dusk import YEAR, Switching, switching
from simulators.smart_lighting.streets import Street, level_changes
from simulators.weather import Climate

OVERCAST = 9 * MINUTE  # by which a wholly clouded sky makes dusk earlier and dawn later


@dataclass(frozen=True)
class LampState:
    """At some instants: the level in percent (0 is off), hours burnt so far, and the same weighted by the level."""

    level: FloatColumn
    burning_hours: FloatColumn
    full_hours: FloatColumn


@dataclass(frozen=True)
class _Timeline:
    """Level from each instant on, and what had been counted by then in microseconds and percent-microseconds."""

    instants: IntColumn
    level: IntColumn
    burnt: IntColumn
    weighted: IntColumn

    @classmethod
    def of(cls, instants: IntColumn, level: IntColumn) -> "_Timeline":
        lasted = np.diff(instants)
        burnt, weighted = (
            np.concatenate([[0], (lasted * factor[:-1]).cumsum()]) for factor in ((level > 0).astype(np.int64), level)
        )
        return cls(instants, level, burnt, weighted)

    def at(self, times: IntColumn) -> LampState:
        row = np.searchsorted(self.instants, times, side="right") - 1
        level, lasted = self.level[row], times - self.instants[row]
        return LampState(
            level=level.astype(np.float64),
            burning_hours=(self.burnt[row] + lasted * (level > 0)) / HOUR,
            full_hours=(self.weighted[row] + lasted * level) / (100 * HOUR),
        )


class Programme:
    """One cabinet's photocell and dimming: ``reluctance`` is by how many microseconds it waits for deeper dusk."""

    def __init__(self, street: Street, zone: str, climate: Climate, sky: int, reluctance: int) -> None:
        self._street, self._zone = street, zone
        self._climate, self._sky = climate, sky
        self._reluctance = reluctance
        self._timeline = lru_cache(maxsize=1)(self._compute)

    def at(self, times: IntColumn) -> LampState:
        """Return the lamps' state at ascending ``times``; before installation is a SimulationError."""
        return self._timeline(int(since_installation(times)[-1]) // (YEAR * DAY) + 1).at(times)

    def _compute(self, years: int) -> _Timeline:
        sun = switching(self._climate.latitude, self._climate.longitude, years)
        switched = self._photocell(sun)
        since, level = level_changes(self._street, self._zone, years)
        instants = np.union1d(switched, since)
        dark = sun.dark[np.searchsorted(switched, instants, side="right") - 1]
        levels = level[np.searchsorted(since, instants, side="right") - 1]
        return _Timeline.of(instants, np.where(dark, levels, 0))

    def _photocell(self, sun: Switching) -> IntColumn:
        """Return when the photocell follows the sun: earlier at dusk and later at dawn under clouds."""
        gloom = OVERCAST * cloud_cover(self._sky, self._climate, sun.instants) ** 2
        shift = (self._reluctance - gloom.astype(np.int64)) * np.where(sun.dark, 1, -1)
        switched = (sun.instants + shift) // SECOND * SECOND
        switched[0] = INSTALLED
        return np.asarray(np.maximum.accumulate(switched))
