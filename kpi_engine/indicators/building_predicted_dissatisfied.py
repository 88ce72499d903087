"""Predicted dissatisfied [%]: how many people are, by ISO 7730, as the mean over occupied hours of rooms."""

from math import fsum
from typing import Final

from kpi_engine.families.predicted_comfort import ASSUMED, HUMIDITY, DissatisfiedInputs, rooms_dissatisfied
from kpi_engine.families.room_hours import AIR, OCCUPIED, no_hours
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.formulas.time_share import covered
from kpi_engine.indicator import Better, Indicator, Months, Outcome


def compute(inputs: DissatisfiedInputs) -> Outcome:
    """Return the sum over rooms and hours over the hours [%]."""
    rooms = [one for one in inputs.rooms if one.occupied]
    if not rooms:
        return Outcome(None, 0.0, None, no_hours(inputs.rooms))
    occupied, known = fsum(one.occupied for one in rooms), fsum(one.known for one in rooms)
    found = added(Bounded(one.dissatisfied, one.lower, one.upper) for one in rooms).scaled(1.0 / occupied)
    lacking = f"{occupied - known:g} of {occupied:g} occupied hours are not known" if known < occupied else None
    return Outcome.of(found, covered([known], [occupied]), reason=lacking)


INDICATOR: Final = Indicator(
    name="building_predicted_dissatisfied",
    title="Predicted percentage of dissatisfied",
    unit="%",
    definition="Predicted percentage of people dissatisfied with the warmth of a room (PPD) as the mean over occupied "
    "hours [%]; 5 % are the least. " + ASSUMED + OCCUPIED,
    formula="PPD = sum over rooms and occupied hours of (100 - 95 exp(-0.03353 PMV^4 - 0.2179 PMV^2)) / hours",
    citation="ISO 7730:2005, 4.1 and 5, equations 1 to 5 (recalled; held to 12 rows of table D.1, recalled)",
    frameworks=("ISO 7730",),
    better=Better.LOWER,
    boundary="Rooms with an indoor climate sensor that reports humidity; the air is taken for radiant temperature too",
    interval="hour",
    inputs_model=DissatisfiedInputs,
    inputs=rooms_dissatisfied,
    compute=compute,
    ports=(AIR, HUMIDITY),
    months=Months.SIDE_BY_SIDE,
)
