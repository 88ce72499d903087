"""What a building uses electricity for, as data: watts per square metre by kind of building, and what drives each use.

A sub-meter measures the end use whose word is in its name or title, and otherwise a part of the appliances.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.city.assets import Device
from ingest.model.time import MINUTE
from simulators.noise import FloatColumn, derive, smooth
from simulators.place import Conditions
from simulators.premises.kinds import BLOCK, HOUSE, OFFICE, SCHOOL, SPORTS_HALL, BuildingKind
from simulators.premises.presence import active, is_day_off

Driver = Callable[[BuildingKind, Conditions], FloatColumn]
"""How much of a use's switchable part is on, 0 to 1."""

_DAYLIGHT: Final = 120.0  # W/m2 outdoors above which rooms need little light
_HABIT: Final = 45 * MINUTE  # for how long someone who switched something on keeps it on


@dataclass(frozen=True)
class EndUse:
    """One use: ``always`` on and ``switched`` on at most, in W per m2 of floor area."""

    known_by: tuple[str, ...]
    always: float
    switched: float
    driver: Driver


def _lit(kind: BuildingKind, conditions: Conditions) -> FloatColumn:
    dark = 1.0 - np.clip(conditions.irradiance.total / _DAYLIGHT, 0.0, 1.0)
    return np.asarray(active(kind, conditions) * (0.3 + 0.7 * dark))


def _running(kind: BuildingKind, conditions: Conditions) -> FloatColumn:
    begin, end = kind.in_use
    open_ = (conditions.hour >= begin) & (conditions.hour < end)
    return np.asarray((open_ & (kind.weekends | ~is_day_off(kind, conditions))).astype(np.float64))


def _meals(kind: BuildingKind, conditions: Conditions) -> FloatColumn:
    hours = (11.5,) if kind is SCHOOL else (7.5, 12.5, 18.5)
    near = (np.exp(-(((conditions.hour - hour) / 1.1) ** 2)) for hour in hours)
    return np.asarray(sum(near, start=np.zeros(1)) * active(kind, conditions))


_LIGHTING: Final = "lighting", "lights"
_VENTILATION: Final = "ventilation", "air handling"
_KITCHEN: Final = "kitchen", "canteen", "cooking"
_SERVERS: Final = "server", "data room"
_LIFT: Final = "lift", "elevator", "staircase"
_APPLIANCES: Final[tuple[str, ...]] = ()

_DWELLING: Final = (
    EndUse(_APPLIANCES, 1.90, 2.40, active),
    EndUse(_LIGHTING, 0.08, 1.10, _lit),
    EndUse(_KITCHEN, 0.0, 1.40, _meals),
    EndUse(_VENTILATION, 0.25, 0.0, _running),
)

_END_USES: Final = {
    HOUSE.name: _DWELLING,
    BLOCK.name: (*_DWELLING, EndUse(_LIFT, 0.12, 0.35, active)),
    SCHOOL.name: (
        EndUse(_APPLIANCES, 0.60, 2.60, active),
        EndUse(_LIGHTING, 0.20, 5.50, _lit),
        EndUse(_KITCHEN, 0.25, 2.80, _meals),
        EndUse(_VENTILATION, 0.15, 2.60, _running),
    ),
    OFFICE.name: (
        EndUse(_APPLIANCES, 0.90, 5.50, active),
        EndUse(_LIGHTING, 0.25, 5.00, _lit),
        EndUse(_VENTILATION, 0.20, 2.60, _running),
        EndUse(_SERVERS, 1.40, 0.10, active),
    ),
    SPORTS_HALL.name: (
        EndUse(_APPLIANCES, 0.60, 1.60, active),
        EndUse(_LIGHTING, 0.30, 7.00, _lit),
        EndUse(_VENTILATION, 0.40, 3.20, _running),
    ),
}


def end_uses(kind: BuildingKind) -> tuple[EndUse, ...]:
    """Return what a kind of building uses electricity for, appliances first."""
    return _END_USES[kind.name]


def end_use_of(device: Device, kind: BuildingKind) -> EndUse:
    """Return what a sub-meter measures."""
    label = f"{device.name} {device.title or ''}".replace(device.site, "").lower()
    uses = end_uses(kind)
    return next((use for use in uses if any(word in label for word in use.known_by)), uses[0])


def power(use: EndUse, kind: BuildingKind, area: float, conditions: Conditions, seed: int) -> FloatColumn:
    """Return the power in kW that ``use`` takes in a building of ``area`` m2; ``seed`` is the building's."""
    spread = 1.4 / np.sqrt(kind.users)
    habit = smooth(derive(seed, *use.known_by, "habit"), conditions.times, _HABIT)
    switched = use.switched * use.driver(kind, conditions) * np.maximum(0.0, 1.0 + spread * habit)
    return np.asarray(area / 1000.0 * (use.always + switched))
