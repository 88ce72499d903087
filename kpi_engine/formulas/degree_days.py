"""Degree days [K d]: how cold or warm days were, by a named and versioned definition. Pure.

All of them take the temperature of a civil day of the city; a definition says of what that is made: of the mean over
time, or of the middle between the coldest and the warmest moment. A day whose temperature is not known has none.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from ingest.model.observation import FloatColumn


class DayTemperature(StrEnum):
    """Of what the temperature of a day is made."""

    MEAN = "mean over time"
    MIDDLE = "middle of minimum and maximum"


@dataclass(frozen=True)
class DegreeDays:
    """A definition: [degC] below ``heating_base`` a day is heated, where it is no warmer than ``heated_until``.

    Above ``cooling_base`` it is cooled, where it is no colder than ``cooled_from``. None: it says nothing of that.
    """

    name: str
    version: str
    title: str
    citation: str
    day: DayTemperature
    heating_base: float | None = None
    heated_until: float | None = None
    cooling_base: float | None = None
    cooled_from: float | None = None

    @property
    def key(self) -> str:
        """Name and version, as figures carry them."""
        return f"{self.name} {self.version}"

    def heating(self, temperature: FloatColumn) -> FloatColumn:
        """Return the heating degree days of each day [K d]; NaN where its temperature is."""
        if self.heating_base is None:
            return np.full(len(temperature), np.nan)
        found = below(temperature, self.heating_base)
        return found if self.heated_until is None else np.where(temperature > self.heated_until, 0.0, found)

    def cooling(self, temperature: FloatColumn) -> FloatColumn:
        """Return the cooling degree days of each day [K d]; NaN where its temperature is."""
        if self.cooling_base is None:
            return np.full(len(temperature), np.nan)
        found = above(temperature, self.cooling_base)
        return found if self.cooled_from is None else np.where(temperature < self.cooled_from, 0.0, found)


def below(temperature: FloatColumn, base: float) -> FloatColumn:
    """Return by how much each day is colder than ``base``, 0 where it is not."""
    return np.maximum(base - temperature, 0.0)


def above(temperature: FloatColumn, base: float) -> FloatColumn:
    """Return by how much each day is warmer than ``base``, 0 where it is not."""
    return np.maximum(temperature - base, 0.0)


def middle(coldest: FloatColumn, warmest: FloatColumn) -> FloatColumn:
    """Return the temperature of days by their extremes: (minimum + maximum) / 2."""
    return (coldest + warmest) / 2.0


_TABLE: Final = (
    DegreeDays(
        "eurostat",
        "nrg_chdd",
        "Eurostat and JRC: heated up to 15 degC, counted from 18; cooled from 24 degC, counted from 21",
        "Eurostat, metadata of nrg_chdd (read as quoted elsewhere)",
        DayTemperature.MEAN,
        heating_base=18.0,
        heated_until=15.0,
        cooling_base=21.0,
        cooled_from=24.0,
    ),
    DegreeDays(
        "cbs",
        "18",
        "CBS: base 18 degC, without a threshold",
        "Statistics Netherlands, degree days (recalled)",
        DayTemperature.MEAN,
        heating_base=18.0,
    ),
    DegreeDays(
        "graddage",
        "17",
        "Danish graddage: base 17 degC",
        "Danish practice of degree days (recalled)",
        DayTemperature.MEAN,
        heating_base=17.0,
    ),
    DegreeDays(
        "eea",
        "15.5-22",
        "EEA: base 15.5 degC for heating, 22 for cooling, of the mean",
        "EEA indicator of heating and cooling degree days (bases read, the rest recalled)",
        DayTemperature.MEAN,
        heating_base=15.5,
        cooling_base=22.0,
    ),
    DegreeDays(
        "extremes",
        "18",
        "Base 18 degC for heating and cooling, of (minimum + maximum) / 2",
        "BEMServer and weather services that keep extremes only (recalled)",
        DayTemperature.MIDDLE,
        heating_base=18.0,
        cooling_base=18.0,
    ),
)

DEGREE_DAYS: Final[dict[str, DegreeDays]] = {one.name: one for one in _TABLE}
