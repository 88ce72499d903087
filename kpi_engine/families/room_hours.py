"""Occupied hours of rooms: how many of them are known, how many lie within a band, and what exceeds a limit.

Each indoor climate sensor stands for a room; shares are of all rooms together, hours over hours. What the air of a room
is at its sensor is taken for operative temperature.
"""

from collections.abc import Callable, Sequence
from math import fsum
from typing import Final

import numpy as np
from pydantic import Field

from ingest.model.calendar import offsets
from ingest.model.sentences import Sentence
from ingest.model.time import DAY, HOUR
from ingest.wording import first_of
from kpi_engine.evidence.amounts import LARGEST, LONGEST
from kpi_engine.formulas.gauge_hours import bounded_gauge
from kpi_engine.formulas.indoor_climate import OFFICE_HOURS, Band, Flags, degree_hours, within
from kpi_engine.formulas.time_share import covered, time_share
from kpi_engine.indicator import Entry, Inputs, Outcome
from kpi_engine.ports.device_hours import DeviceColumn, DeviceHours
from kpi_engine.window import Window

PERCENT: Final = 100.0
SENSORS: Final = ("indoor_climate_sensor",)
AIR: Final = DeviceHours("indoor_temperature", SENSORS)
CARBON_DIOXIDE: Final = DeviceHours("co2_concentration", SENSORS)
OCCUPIED: Final = (
    f"Occupied is Monday to Friday from 7 to 18 in civil time (policy {OFFICE_HOURS.name}), whatever the use of the "
    "building; holidays are not left out. An hour counts by its mean, each sensor stands for a room, and rooms count "
    "by their hours. Hours that are not known may have been either, and widen the bounds."
)
_THURSDAY: Final = 3  # 1 January 1970
_NAMED: Final = 3


class RoomHours(Entry):
    """Occupied hours of one room in a period; of the ``known`` ones, ``within`` lie in the band."""

    room: str
    occupied: float = Field(ge=0, le=LONGEST)
    known: float = Field(ge=0, le=LONGEST)
    within: float = Field(ge=0, le=LONGEST)


class RoomsInputs(Inputs):
    """The rooms, and the ``policy`` by which hours are occupied."""

    rooms: tuple[RoomHours, ...]
    policy: str = OFFICE_HOURS.name


class RoomExceedance(Entry):
    """What exceeds a limit in the occupied hours of one room [K.h], null where nothing is known, and its bounds.

    Without bounds it is exact.
    """

    room: str
    occupied: float = Field(ge=0, le=LONGEST)
    known: float = Field(ge=0, le=LONGEST)
    exceedance: float | None = Field(ge=0, le=LARGEST)
    lower: float | None = Field(default=None, ge=0, le=LARGEST)
    upper: float | None = Field(default=None, ge=0, le=LARGEST)


class ExceedanceInputs(Inputs):
    """The rooms, and the ``policy`` by which hours are occupied."""

    rooms: tuple[RoomExceedance, ...]
    policy: str = OFFICE_HOURS.name


def rooms_within(port: DeviceHours, band: Band) -> Callable[[Window], RoomsInputs]:
    """Return how the occupied hours of every room are counted that lie in a band of the port's gauge."""

    def inputs(window: Window) -> RoomsInputs:
        """Count the occupied hours of every room, and those within the band."""
        return RoomsInputs(rooms=tuple(_counted(one, band) for one in window.given(port)))

    return inputs


def exceedances(port: DeviceHours, above: float) -> Callable[[Window], ExceedanceInputs]:
    """Return how what exceeds a limit in the occupied hours of every room is added up."""

    def inputs(window: Window) -> ExceedanceInputs:
        """Add up what exceeds the limit in every room."""
        return ExceedanceInputs(rooms=tuple(_exceeded(one, above, port.quantity) for one in window.given(port)))

    return inputs


def share_within(inputs: RoomsInputs) -> Outcome:
    """Return the share of known occupied hours that lie within the band [%], over all rooms."""
    rooms = [one for one in inputs.rooms if one.occupied]
    occupied, known = fsum(one.occupied for one in rooms), fsum(one.known for one in rooms)
    if not rooms:
        return Outcome(None, 0.0, None, no_hours(inputs.rooms))
    found = time_share(fsum(one.within for one in rooms), known, occupied).scaled(PERCENT)
    return Outcome.of(found, covered([known], [occupied]), reason=lacking(rooms))


def _counted(one: DeviceColumn, band: Band) -> RoomHours:
    occupied, value = occupied_hours(one), one.hours.value
    return RoomHours(
        room=one.device,
        occupied=float(occupied.sum()),
        known=float((occupied & ~np.isnan(value)).sum()),
        within=float((occupied & within(value, band)).sum()),
    )


def _exceeded(one: DeviceColumn, above: float, quantity: str) -> RoomExceedance:
    occupied = occupied_hours(one)
    hours = bounded_gauge(one.hours.value, quantity)
    value, lower, upper = (side[occupied] for side in (one.hours.value, hours.lower, hours.upper))
    unknown = np.isnan(value)
    found = degree_hours(value, lower, upper, above)
    return RoomExceedance(
        room=one.device,
        occupied=float(len(value)),
        known=float((~unknown).sum()),
        exceedance=found.value,
        lower=found.lower if unknown.any() else None,
        upper=found.upper if unknown.any() else None,
    )


def occupied_hours(one: DeviceColumn) -> Flags:
    """Return which hours of a device are occupied."""
    begin = one.edges[:-1]
    civil = begin + offsets(begin, one.zone)
    return OFFICE_HOURS.covers((civil // DAY + _THURSDAY) % 7, civil % DAY / HOUR)


def lacking(rooms: Sequence[RoomHours | RoomExceedance]) -> str | None:
    """Say of which rooms hours are not known."""
    sentences = {f"{one.room}: {_occupied(one)}": None for one in rooms if one.known < one.occupied}
    return first_of(sentences, _NAMED, "; ") or None


def _occupied(one: RoomHours | RoomExceedance) -> str:
    counts = {"count": f"{one.occupied - one.known:g}", "all": f"{one.occupied:g}"}
    return Sentence("{count} of {all} occupied hours are not known").of(**counts)


def no_hours(rooms: Sequence[object]) -> str:
    """Say why no hour counts."""
    return (
        Sentence("no hour of this period is occupied").of()
        if rooms
        else Sentence("no indoor climate sensor stands in this period").of()
    )
