"""When it is dark enough for street lighting: the real sun, below the threshold of a photocell.

Instants are microseconds. The sun's times are worked out at once for a place and whole years since the installation.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from ingest.model.sun import sun
from ingest.model.time import DAY
from simulators.device import INSTALLED
from simulators.noise import FloatColumn, IntColumn

# Degrees of the sun below the horizon at which a clear sky gives about 35 lux, a usual threshold (both recalled).
DEPRESSION: Final = 3.4

YEAR: Final = 366  # days

_APPROXIMATIONS: Final = 3  # of the declination at dusk; the second is right within a second


@dataclass(frozen=True)
class Switching:
    """Ascending instants, and whether it is dark from then on; the first is the installation."""

    instants: IntColumn
    dark: np.ndarray[tuple[int], np.dtype[np.bool_]]


@lru_cache(maxsize=64)
def switching(latitude: float, longitude: float, years: int) -> Switching:
    """Return when it becomes dark and light at a place (degrees) in the first ``years`` of 366 days."""
    noons = _noons(longitude, years * YEAR + 3)
    dawn, highest_at_dawn = _crossing(noons, -1, latitude, longitude)
    dusk, highest_at_dusk = _crossing(noons, 1, latitude, longitude)
    # A day without light has a dusk at noon and no dawn; a night without darkness has a dawn at midnight and no dusk.
    instants = np.concatenate([dawn[highest_at_dawn < 1.0], dusk[highest_at_dusk > -1.0]])
    dark = np.arange(len(instants)) >= (highest_at_dawn < 1.0).sum()
    order = np.argsort(instants, kind="stable")
    order = order[instants[order] > INSTALLED]
    return Switching(
        np.concatenate([[INSTALLED], instants[order]]),
        np.concatenate([[_is_dark_when_installed(latitude, longitude)], dark[order]]),
    )


def _noons(longitude: float, days: int) -> IntColumn:
    """Return when the sun stands highest, on each of ``days`` from the day before the installation on."""
    mean = INSTALLED + (np.arange(days) - 1) * DAY + int((0.5 - longitude / 360.0) * DAY)
    return np.asarray(mean - _time_of(_wrapped(sun(mean, longitude).hour_angle), DAY))


def _crossing(noons: IntColumn, side: int, latitude: float, longitude: float) -> tuple[IntColumn, FloatColumn]:
    """Return when the sun crosses the threshold before (-1) or after (1) each noon but the last.

    Beside it the cosine of its hour angle: 1 or more where it stays below all day, -1 or less where it stays above.
    """
    noon, length = noons[:-1], np.diff(noons)
    crossing, cosine = noon, np.zeros(len(noon))
    threshold, place = np.sin(np.radians(-DEPRESSION)), np.radians(latitude)
    for _ in range(_APPROXIMATIONS):
        declination = sun(crossing, longitude).declination
        across = np.cos(place) * np.cos(declination)
        cosine = (threshold - np.sin(place) * np.sin(declination)) / across
        crossing = noon + side * _time_of(np.arccos(np.clip(cosine, -1.0, 1.0)), length)
    return crossing, cosine


def _is_dark_when_installed(latitude: float, longitude: float) -> bool:
    height = sun(np.array([INSTALLED]), longitude).height(latitude)
    return bool(height[0] < np.sin(np.radians(-DEPRESSION)))


def _wrapped(angle: FloatColumn) -> FloatColumn:
    return np.asarray((angle + np.pi) % (2.0 * np.pi) - np.pi)


def _time_of(angle: FloatColumn, day: IntColumn | int) -> IntColumn:
    """Return how long the sun takes for an ``angle`` in radians on a solar ``day`` of microseconds."""
    return np.asarray(angle / (2.0 * np.pi) * day).astype(np.int64)
