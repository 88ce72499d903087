"""When it is dark enough for street lighting: the real sun (astral), below the threshold of a photocell.

Instants are microseconds. The sun's times are worked out once for a place and whole years since the installation.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

import numpy as np
from astral import Observer
from astral.sun import dawn, dusk, elevation, noon

from ingest.model.time import DAY, from_micros, to_micros
from simulators.device import INSTALLED
from simulators.noise import IntColumn

# Degrees of the sun below the horizon at which a clear sky gives about 35 lux, a usual threshold (both recalled).
DEPRESSION: Final = 3.2

YEAR: Final = 366  # days


@dataclass(frozen=True)
class Switching:
    """Ascending instants, and whether it is dark from then on; the first is the installation."""

    instants: IntColumn
    dark: np.ndarray[tuple[int], np.dtype[np.bool_]]


@lru_cache(maxsize=64)
def switching(latitude: float, longitude: float, years: int) -> Switching:
    """Return when it becomes dark and light at a place (degrees) in the first ``years`` of 366 days."""
    observer, solar = Observer(latitude, longitude), timezone(timedelta(hours=longitude / 15.0))
    first = from_micros(INSTALLED - DAY).date()
    days = (first + timedelta(days=day) for day in range(years * YEAR + 3))
    changes = sorted(change for day in days for change in _changes(observer, solar, day) if change[0] > INSTALLED)
    instants, dark = zip((INSTALLED, _is_dark(observer, from_micros(INSTALLED))), *changes, strict=True)
    return Switching(np.array(instants), np.array(dark))


def _changes(observer: Observer, solar: timezone, day: date) -> Iterator[tuple[int, bool]]:
    """Yield the changes of one day in solar time; where the sun does not cross the threshold, what is so at noon."""
    at_dawn, at_dusk = (_crossing(which, observer, solar, day) for which in (dawn, dusk))
    if at_dawn is None or at_dusk is None:
        midday = noon(observer, day, solar)
        yield to_micros(midday), _is_dark(observer, midday)
    if at_dawn is not None:
        yield to_micros(at_dawn), False
    if at_dusk is not None:
        yield to_micros(at_dusk), True


def _crossing(find: Callable[..., datetime], observer: Observer, solar: timezone, day: date) -> datetime | None:
    try:
        return find(observer, day, depression=DEPRESSION, tzinfo=solar)
    except ValueError:  # what astral says where the sun stays above or below all day
        return None


def _is_dark(observer: Observer, instant: datetime) -> bool:
    return elevation(observer, instant, with_refraction=False) < -DEPRESSION
