"""Overheating of rooms [K.h]: what exceeds 26 degC in occupied hours, as the mean of all rooms."""

from math import fsum
from typing import Final

from kpi_engine.families.room_hours import (
    AIR,
    OCCUPIED,
    ExceedanceInputs,
    RoomExceedance,
    exceedances,
    lacking,
    no_hours,
)
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.formulas.indoor_climate import TEMPERATURES
from kpi_engine.formulas.time_share import covered
from kpi_engine.indicator import Better, Indicator, Outcome, StatusLimits

LIMIT: Final = TEMPERATURES["II"].most


def compute(inputs: ExceedanceInputs) -> Outcome:
    """Return the sum over rooms over the number of rooms with occupied hours."""
    rooms = [one for one in inputs.rooms if one.occupied]
    if not rooms:
        return Outcome(None, 0.0, None, no_hours(inputs.rooms))
    found = added(map(_bounded, rooms)).scaled(1 / len(rooms))
    share = covered([fsum(one.known for one in rooms)], [fsum(one.occupied for one in rooms)])
    return Outcome.of(found, share, reason=lacking(rooms))


def _bounded(one: RoomExceedance) -> Bounded:
    if one.exceedance is None or one.upper is not None:
        return Bounded(one.exceedance, one.lower or 0.0, *([] if one.upper is None else [one.upper]))
    return Bounded.exact(one.exceedance)


INDICATOR: Final = Indicator(
    name="building_overheating_degree_hours",
    title="Overheating of rooms in occupied hours",
    unit="K.h",
    definition="By how much rooms exceed 26 degC in occupied hours [K.h], the upper end of category II, as the mean "
    "over rooms: added up over the hours and divided by the number of rooms. A room that lacks hours counts as hot in "
    "them as in those known. " + OCCUPIED,
    formula="OH = sum over rooms and occupied hours of max(T - 26 degC, 0) x 1 h / number of rooms",
    citation="Degree hours criterion of EN 16798-2 (recalled); limit of EN 16798-1:2019, category II, cooling, read in "
    "code that cites it",
    frameworks=("EN 16798-1", "EN 16798-2"),
    better=Better.LOWER,
    boundary="Rooms with an indoor climate sensor; the air at the sensor stands for operative temperature",
    interval="hour",
    limits=StatusLimits(floor=10.0, reason="10 K.h a year are one warm afternoon"),
    inputs_model=ExceedanceInputs,
    inputs=exceedances(AIR, LIMIT),
    compute=compute,
    ports=(AIR,),
)
