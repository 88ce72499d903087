"""Kinds of street, as data: their luminaires [kW] and how they are dimmed [percent] by the clock on the wall.

A site's kind follows the words of its name and title, else its fact ``rated_power`` [kW of each of its luminaires].
The powers and the levels are plausible for LED luminaires, not measured.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from ingest.model.city.assets import Site
from ingest.model.time import DAY, MINUTE
from simulators.civil_clock import hour_of_day, local
from simulators.device import INSTALLED
from simulators.noise import FloatColumn, IntColumn, derive, uniform
from simulators.smart_lighting.dusk import YEAR

STEP: Final = 15 * MINUTE  # programmes change on quarter-hours, and so do the offsets of zones


@dataclass(frozen=True)
class Street:
    """One kind of street: usual ``rated_power`` of a luminaire, and its level from each hour of the day on.

    A site is of this kind where a word of its name or title begins with one of ``words``.
    """

    name: str
    words: tuple[str, ...]
    rated_power: float
    levels: tuple[tuple[float, int], ...]

    def level(self, hour: FloatColumn) -> IntColumn:
        """Return the level at each ``hour`` of the day."""
        begins, levels = (np.array(column) for column in zip(*self.levels, strict=True))
        return np.asarray(levels[np.searchsorted(begins, hour, side="right") - 1], dtype=np.int64)


STREETS: Final = (
    Street("path", ("path", "park", "cycle", "promenade"), 0.016, ((0, 30), (5.5, 100), (22, 30))),
    Street("residential street", ("resident", "lane", "hous"), 0.036, ((0, 50), (5, 100), (23, 50))),
    Street("collector road", ("collector",), 0.060, ((0, 50), (5, 80), (6, 100), (23, 80))),
    Street("main road", ("main", "avenue", "ring", "arterial", "motorway"), 0.092, ((0, 60), (5, 100), (22, 80))),
    Street("square", ("square", "market", "station"), 0.075, ((0, 100), (1, 70), (5, 100))),
)


def street_of(site: Site, seed: int) -> Street:
    """Return the kind of street that ``site`` is: by its words, else by its luminaires' power, else by chance."""
    words = re.findall(r"\w+", f"{site.name} {site.title or ''}".lower())
    named = next((street for street in STREETS if any(word.startswith(street.words) for word in words)), None)
    power = declared_power(site)
    if named or power is None:
        chance = uniform(derive(seed, "street", site.name), np.zeros(1, np.int64))
        return named or STREETS[int(chance[0] * len(STREETS))]
    return min(STREETS, key=lambda street: abs(street.rated_power - power))


def declared_power(site: Site) -> float | None:
    """Return the rated power of each luminaire of ``site`` in kW, where a fact states it."""
    return next((fact.value for fact in site.facts if fact.name == "rated_power"), None)


@lru_cache(maxsize=64)
def level_changes(street: Street, zone: str, years: int) -> tuple[IntColumn, IntColumn]:
    """Return since when which level holds, from the installation on for ``years`` of 366 days."""
    grid = INSTALLED + np.arange(years * YEAR * (DAY // STEP)) * STEP
    level = street.level(hour_of_day(local(grid, zone)))
    changed = np.concatenate([[0], np.flatnonzero(np.diff(level)) + 1])
    return grid[changed], level[changed]
