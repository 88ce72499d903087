"""The air of a room: CO2 [ppm] as people breathe and ventilation carries away, temperature [degC], humidity [percent].

One well-mixed zone (mass balance as in EN 16798-7, recalled): CO2 tends to outdoor air plus what the people present
exhale over the air change, at the pace of the air change. Every UTC day is reckoned from the day before it, which is
long enough to forget where one began.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from ingest.model.time import DAY, HOUR
from simulators.device import Readings, since_installation
from simulators.noise import FloatColumn, IntColumn, derive, smooth, uniform
from simulators.place import Conditions, Place
from simulators.premises.kinds import BLOCK, HOUSE, OFFICE, SCHOOL, SPORTS_HALL, BuildingKind
from simulators.premises.presence import present
from simulators.raster import CELLS, STEP
from simulators.weather import vapour_pressure

OUTDOORS: Final = 422.0  # ppm of CO2

_EXHALED: Final = 0.018  # m3 of CO2 an hour and person, sitting
_LEAKAGE: Final = 0.35  # air changes an hour without ventilation
_STEP_HOURS: Final = STEP / HOUR
_QUIET: Final = ("archive", "stacks", "stair", "storage", "corridor", "foyer")


@dataclass(frozen=True)
class Room:
    """One room: ``people`` per 100 m3 when it is full, ``air_changes`` an hour while the building is in use."""

    kind: BuildingKind
    place: Place
    people: float
    air_changes: float
    seed: int

    def occupancy(self, conditions: Conditions) -> FloatColumn:
        """Return how full the room is, 0 to 1: groups come for about an hour, and not every time."""
        comes = uniform(derive(self.seed, "groups"), conditions.wall // HOUR)
        return np.asarray(present(self.kind, conditions) * np.where(comes < 0.2, 0.15, 0.55 + 0.45 * comes))

    def change(self, conditions: Conditions) -> FloatColumn:
        """Return the air change in 1/h."""
        begin, end = self.kind.in_use
        running = (conditions.hour >= begin) & (conditions.hour < end)
        return np.where(running, self.air_changes, _LEAKAGE)

    def carbon_dioxide(self, conditions: Conditions) -> FloatColumn:
        """Return CO2 in ppm at points that are a raster step apart; the first is that of outdoor air."""
        change = self.change(conditions)
        exhaled = 1e6 * _EXHALED * self.people / 100.0 * self.occupancy(conditions)
        level, above = 0.0, [0.0]
        for tends_to, kept in zip((exhaled / change).tolist(), np.exp(-change * _STEP_HOURS).tolist(), strict=True):
            level = tends_to + (level - tends_to) * kept
            above.append(level)
        return OUTDOORS + np.array(above[:-1])


class IndoorClimateSensor:
    """The sensor on a room's wall; linear between the points of the raster."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._days = lru_cache(maxsize=4)(self._compute_day)

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times``; before installation is a SimulationError."""
        day, rest = np.divmod(since_installation(times), DAY)
        parts = [self._within(int(each), rest[day == each]) for each in np.unique(day)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _within(self, day: int, rest: IntColumn) -> Readings:
        points = np.arange(CELLS + 1) * STEP
        return {name: np.interp(rest, points, values) for name, values in self._days(day).items()}

    def _compute_day(self, day: int) -> Readings:
        """Return the points of one day since installation, both edges included."""
        room = self._room
        carbon_dioxide = room.carbon_dioxide(room.place.during(day - 1, day + 1))[CELLS:]
        conditions = room.place.during(day, day + 1)
        temperature = self._temperature(conditions, carbon_dioxide)
        vapour = conditions.relative_humidity / 100.0 * vapour_pressure(conditions.outdoor_temperature)
        vapour += 0.0016 * (carbon_dioxide - OUTDOORS)  # people exhale water, too
        return {
            "indoor_temperature": temperature,
            "relative_humidity": (100.0 * vapour / vapour_pressure(temperature)).clip(8.0, 95.0),
            "co2_concentration": carbon_dioxide,
        }

    def _temperature(self, conditions: Conditions, carbon_dioxide: FloatColumn) -> FloatColumn:
        """Heated to what the room's people like, a little less at night; people and warm days add to it."""
        room = self._room
        liked = 20.8 + 1.6 * float(uniform(derive(room.seed, "liked"), np.zeros(1, np.int64))[0])
        asleep = np.cos(2.0 * np.pi * (conditions.hour - 4.0) / 24.0).clip(0.0)
        warm = np.maximum(0.0, 0.8 * conditions.daily_mean + 0.2 * conditions.outdoor_temperature - 14.0)
        people = 0.0012 * (carbon_dioxide - OUTDOORS)
        drift = 0.25 * smooth(derive(room.seed, "drift"), conditions.times, 5 * HOUR)
        return np.asarray(liked - 3.0 * room.kind.setback * asleep + 0.4 * warm + people + drift)


def room_of(kind: BuildingKind, label: str, place: Place, seed: int) -> Room:
    """Return the room a sensor hangs in; ``label`` is the sensor's name and title."""
    people, air_changes = _ROOMS[kind.name]
    quiet = any(word in label.lower() for word in _QUIET)
    spread = 0.8 + 0.4 * float(uniform(derive(seed, "size"), np.zeros(1, np.int64))[0])
    return Room(kind, place, people * spread * (0.1 if quiet else 1.0), air_changes, seed)


_ROOMS: Final = {  # people per 100 m3 when full, air changes an hour while in use
    HOUSE.name: (1.1, 0.45),
    BLOCK.name: (1.5, 0.5),
    SCHOOL.name: (12.0, 2.8),
    OFFICE.name: (3.5, 1.4),
    SPORTS_HALL.name: (2.2, 1.5),
}
