"""When people are in a building, and when they are busy there: shares of its fullest hour, by kind and civil time."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulators.civil_clock import is_weekend
from simulators.noise import FloatColumn, IntColumn
from simulators.place import Conditions
from simulators.premises.kinds import BLOCK, HOUSE, OFFICE, SCHOOL, SPORTS_HALL, BuildingKind

Knots = tuple[tuple[float, float], ...]
"""Pairs of hour of day and share; linear between them and across midnight."""

_EMPTY: Final[Knots] = ((0, 0.002),)


@dataclass(frozen=True)
class Rhythm:
    """Who is there (``present``) and who uses something (``active``) on working days and on days off.

    ``summer``: what July and early August leave of both; ``closes``: whether holidays count as days off.
    """

    present: Knots
    active: Knots
    present_off: Knots
    active_off: Knots
    summer: float = 1.0
    closes: bool = True


_LESSONS: Final = ((0, 0.0), (6, 0.01), (8, 0.85), (9, 1.0), (12, 0.95), (14, 0.6), (15.5, 0.25), (18, 0.05), (20, 0.0))
_DESKS: Final = (
    (0, 0.01),
    (6, 0.02),
    (8, 0.6),
    (9.5, 1.0),
    (12, 0.8),
    (13.5, 1.0),
    (15.5, 0.8),
    (17, 0.3),
    (19.5, 0.04),
)
_TRAINING: Final = ((0, 0.0), (7, 0.02), (9, 0.4), (14, 0.4), (16, 0.75), (18, 1.0), (20.5, 0.9), (22.5, 0.05))
_MATCHES: Final = ((0, 0.0), (8, 0.02), (10, 0.7), (16, 0.8), (19, 0.2), (21, 0.02))
_HOME: Final = ((0, 1.0), (6, 0.95), (8.5, 0.45), (15, 0.45), (18, 0.85), (22, 1.0))
_HOME_OFF: Final = ((0, 1.0), (9, 0.95), (13, 0.65), (18, 0.85), (22, 1.0))
_CHORES: Final = (
    (0, 0.18),
    (2, 0.06),
    (5.5, 0.06),
    (7, 0.55),
    (9, 0.4),
    (14, 0.42),
    (17, 0.85),
    (19.5, 1.0),
    (22, 0.65),
)
_CHORES_OFF: Final = ((0, 0.2), (2, 0.07), (6.5, 0.06), (9.5, 0.65), (14, 0.6), (17, 0.85), (19.5, 1.0), (22, 0.6))

_DWELLING: Final = Rhythm(_HOME, _CHORES, _HOME_OFF, _CHORES_OFF, summer=0.85, closes=False)
_RHYTHMS: Final = {
    HOUSE.name: _DWELLING,
    BLOCK.name: _DWELLING,
    SCHOOL.name: Rhythm(_LESSONS, _LESSONS, _EMPTY, _EMPTY, summer=0.08),
    OFFICE.name: Rhythm(_DESKS, _DESKS, _EMPTY, _EMPTY, summer=0.7),
    SPORTS_HALL.name: Rhythm(_TRAINING, _TRAINING, _MATCHES, _MATCHES, summer=0.45),
}


def present(kind: BuildingKind, conditions: Conditions) -> FloatColumn:
    """Return the share of the building's people who are in it, 0 to 1."""
    rhythm = _RHYTHMS[kind.name]
    return _course(kind, rhythm.present, rhythm.present_off, conditions)


def active(kind: BuildingKind, conditions: Conditions) -> FloatColumn:
    """Return how much of what people may switch on is on, 0 to 1."""
    rhythm = _RHYTHMS[kind.name]
    return _course(kind, rhythm.active, rhythm.active_off, conditions)


def is_day_off(kind: BuildingKind, conditions: Conditions) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return when the building has its weekend or a holiday that all the cities keep."""
    month_day = _month_day(conditions.wall)
    holiday = np.isin(month_day, (101, 1225, 1226)) | ((month_day >= 1222) & (kind is SCHOOL))
    return np.asarray(is_weekend(conditions.wall) | (holiday & _RHYTHMS[kind.name].closes))


def _course(kind: BuildingKind, working: Knots, off: Knots, conditions: Conditions) -> FloatColumn:
    at_work, resting = (_between(conditions.hour, knots) for knots in (working, off))
    share = np.where(is_day_off(kind, conditions), resting, at_work)
    month_day = _month_day(conditions.wall)
    return np.asarray(share * np.where((month_day >= 701) & (month_day < 809), _RHYTHMS[kind.name].summer, 1.0))


def _between(hour: FloatColumn, knots: Knots) -> FloatColumn:
    hours, shares = zip(*knots, strict=True)
    return np.asarray(np.interp(hour, hours, shares, period=24.0))


def _month_day(wall: IntColumn) -> IntColumn:
    """Return month and day as one number: 1224 on Christmas Eve."""
    days = wall.astype("datetime64[us]").astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    return np.asarray((months.astype(np.int64) % 12 + 1) * 100 + (days - months).astype(np.int64) + 1)
