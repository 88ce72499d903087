"""Predicted comfort of rooms by ISO 7730, hour by hour: the mean vote of many people, and how many are dissatisfied.

Temperature and humidity are those of the sensor; what people do and wear is a named policy.
"""

from typing import Final

import numpy as np
from pydantic import Field

from ingest.model.calendar import Instants, offsets
from kpi_engine.evidence.amounts import LONGEST
from kpi_engine.families.room_hours import AIR, SENSORS, RoomHours, RoomsInputs, occupied_hours
from kpi_engine.formulas.indoor_climate import OFFICE_HOURS
from kpi_engine.formulas.thermal_comfort import OFFICE, Floats, predicted_dissatisfied, predicted_mean_vote
from kpi_engine.indicator import Entry, Inputs
from kpi_engine.ports.device_hours import DeviceColumn, DeviceHours
from kpi_engine.window import Window

HUMIDITY: Final = DeviceHours("relative_humidity", SENSORS)
LEAST_DISSATISFIED, ALL = 5.0, 100.0  # %: nobody can please everybody (ISO 7730, clause 5)
ASSUMED: Final = (
    f"People sit ({OFFICE.met:g} met) in still air ({OFFICE.speed:g} m/s) and wear 1.0 clo from October to April, 0.5 "
    f"from June to August and 0.7 in May and September (policy {OFFICE.name}); radiant temperature is taken for that "
    "of the air. An hour whose humidity is not known may have had any. "
)
_DRIEST, _DAMPEST = 0.0, 100.0  # %


class VotedRooms(RoomsInputs):
    """The rooms with the hours whose vote lies in the category, and what people do and wear (``activity``)."""

    activity: str = OFFICE.name


class RoomDissatisfied(Entry):
    """Who is dissatisfied with a room in its occupied hours, as the sum over hours of percent, and its bounds.

    ``dissatisfied`` is null where nothing is known.
    """

    room: str
    occupied: float = Field(ge=0, le=LONGEST)
    known: float = Field(ge=0, le=LONGEST)
    dissatisfied: float | None = Field(ge=0, le=ALL * LONGEST)
    lower: float = Field(ge=0, le=ALL * LONGEST)
    upper: float = Field(ge=0, le=ALL * LONGEST)


class DissatisfiedInputs(Inputs):
    """The rooms, by which ``policy`` hours are occupied, and what people do and wear (``activity``)."""

    rooms: tuple[RoomDissatisfied, ...]
    policy: str = OFFICE_HOURS.name
    activity: str = OFFICE.name


def rooms_voting(window: Window, most: float) -> VotedRooms:
    """Count the occupied hours of every room whose vote lies between minus and plus ``most``."""
    humid = {one.device: one for one in window.given(HUMIDITY)}
    return VotedRooms(rooms=tuple(hours_voting(one, humid.get(one.device), most) for one in window.given(AIR)))


def rooms_dissatisfied(window: Window) -> DissatisfiedInputs:
    """Add up who is dissatisfied in the occupied hours of every room."""
    humid = {one.device: one for one in window.given(HUMIDITY)}
    return DissatisfiedInputs(rooms=tuple(dissatisfied_with(one, humid.get(one.device)) for one in window.given(AIR)))


def hours_voting(one: DeviceColumn, humid: DeviceColumn | None, most: float) -> RoomHours:
    """Count the occupied hours of a room whose vote lies between minus and plus ``most``, whatever is not known."""
    least, greatest = _votes(one, humid)
    within = (least >= -most) & (greatest <= most)
    outside = (greatest < -most) | (least > most)
    return RoomHours(
        room=one.device,
        occupied=float(len(least)),
        known=float((within | outside).sum()),
        within=float(within.sum()),
    )


def dissatisfied_with(one: DeviceColumn, humid: DeviceColumn | None) -> RoomDissatisfied:
    """Add up who is dissatisfied with a room in its occupied hours."""
    least, greatest = _votes(one, humid)
    known = ~np.isnan(least)
    low, high = predicted_dissatisfied(least[known]), predicted_dissatisfied(greatest[known])
    lower = np.where((least[known] <= 0.0) & (greatest[known] >= 0.0), LEAST_DISSATISFIED, np.minimum(low, high))
    upper, unknown = np.maximum(low, high), float((~known).sum())
    middle = predicted_dissatisfied((least[known] + greatest[known]) / 2.0)
    occupied = float(len(least))
    return RoomDissatisfied(
        room=one.device,
        occupied=occupied,
        known=occupied - unknown,
        dissatisfied=float(middle.mean()) * occupied if known.any() else None,
        lower=float(lower.sum()) + LEAST_DISSATISFIED * unknown,
        upper=float(upper.sum()) + ALL * unknown,
    )


def _votes(one: DeviceColumn, humid: DeviceColumn | None) -> tuple[Floats, Floats]:
    """Return between what the vote of each occupied hour lies; NaN without a temperature."""
    occupied = occupied_hours(one)
    air, begin = one.hours.value[occupied], one.edges[:-1][occupied]
    civil = (begin + offsets(begin, one.zone)).astype("datetime64[us]")
    month = civil.astype("datetime64[M]").astype(np.int64) % 12 + 1
    humidity = _humidity(humid, begin)
    unknown, clo = np.isnan(humidity), OFFICE.clothing(month)
    least, greatest = (
        predicted_mean_vote(air, air, OFFICE.speed, np.where(unknown, end, humidity), OFFICE.met, clo)
        for end in (_DRIEST, _DAMPEST)
    )
    return least, greatest


def _humidity(humid: DeviceColumn | None, begin: Instants) -> Floats:
    """Return the humidity of the hours that begin then; NaN where it is not known."""
    if humid is None or not len(humid.hours.value):
        return np.full(len(begin), np.nan)
    at = np.clip(np.searchsorted(humid.edges[:-1], begin), 0, len(humid.hours.value) - 1)
    found: Floats = np.where(humid.edges[:-1][at] == begin, humid.hours.value[at], np.nan)
    return np.minimum(found, _DAMPEST)
