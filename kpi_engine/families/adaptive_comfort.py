"""Adaptive comfort: occupied hours within the limits of EN 16798-1 that follow the weather of the week before."""

from datetime import date
from typing import Final

import numpy as np

from ingest.model.calendar import day_of, offsets
from ingest.model.time import DAY
from kpi_engine.families.room_hours import AIR, OCCUPIED, RoomHours, RoomsInputs, occupied_hours, share_within
from kpi_engine.formulas.thermal_comfort import (
    ADAPTIVE,
    LEAST_RUNNING,
    MOST_RUNNING,
    AdaptiveBand,
    Floats,
    comfort_temperature,
    running_mean,
)
from kpi_engine.indicator import Better, Indicator, Months, Outcome
from kpi_engine.ports.device_hours import DeviceColumn
from kpi_engine.ports.metric import Metric, MetricInput, MetricPeriod, Relation, every
from kpi_engine.window import Window

DAYS: Final = Metric("outdoor_mean_temperature", Relation.CITY, MetricPeriod.DAYS_AND_WEEK_BEFORE)
EPOCH: Final = date(1970, 1, 1).toordinal()
COLDEST, WARMEST = -60.0, 60.0  # degC: no day of any place has another mean


class AdaptiveRooms(RoomsInputs):
    """The rooms with the hours in which the limits hold, how many days the weather was read, and how many lack.

    The verdict of an hour rests on the running mean of its day, whose figures stand in the inputs of that day.
    """

    outdoor_days: int = 0
    outdoor_days_not_known: int = 0


def _ends(days: tuple[MetricInput, ...]) -> tuple[Floats, Floats]:
    """Return between what the running mean of each day of the window lies."""
    lower = np.array([COLDEST if one.value is None or one.lower is None else one.lower for one in days], np.float64)
    upper = np.array([WARMEST if one.value is None or one.upper is None else one.upper for one in days], np.float64)
    return running_mean(lower), running_mean(upper)


def _of_hours(running: tuple[Floats, Floats], one: DeviceColumn, start: int) -> tuple[Floats, Floats]:
    """Return between what the running mean of each hour's day lies; the first is that of the day of ``start``."""
    begin = one.edges[:-1]
    day = (begin + offsets(begin, one.zone)) // DAY - (day_of(start, one.zone).toordinal() - EPOCH)
    is_there = (day >= 0) & (day < len(running[0]))
    at = np.where(is_there, day, 0)
    least, most = (
        np.where(is_there, side[at], other) if len(side) else np.full(len(at), other)
        for side, other in zip(running, (COLDEST, WARMEST), strict=True)
    )
    return least, most


def hours_within(one: DeviceColumn, band: AdaptiveBand, least: Floats, most: Floats) -> RoomHours:
    """Count the occupied hours in which the limits hold, those of which the verdict is known, and those within.

    ``least`` and ``most``: between what the running mean of each hour's day lies.
    """
    occupied, value = occupied_hours(one), one.hours.value
    is_out = (most < LEAST_RUNNING) | (least > MOST_RUNNING)  # outside of what the limits are for, for sure
    is_in = (least >= LEAST_RUNNING) & (most <= MOST_RUNNING)
    low, high = comfort_temperature(least), comfort_temperature(most)
    within = (value >= high - band.below) & (value <= low + band.above)
    outside = (value < low - band.below) | (value > high + band.above)
    counted = occupied & ~is_out
    known = counted & is_in & (within | outside)
    return RoomHours(
        room=one.device,
        occupied=float(counted.sum()),
        known=float(known.sum()),
        within=float((known & within).sum()),
    )


def compute(inputs: AdaptiveRooms) -> Outcome:
    """Return the share of known hours that lie within the limits [%], over all rooms."""
    if inputs.rooms and not any(one.occupied for one in inputs.rooms):
        why = f"the running mean outdoor temperature lies outside of {LEAST_RUNNING:g} to {MOST_RUNNING:g} degC"
        return Outcome(None, 0.0, None, f"{why} in all occupied hours, or no hour is occupied")
    return share_within(inputs)


def adaptive_comfort(name: str, category: str) -> Indicator[AdaptiveRooms]:
    """Return the indicator of the hours in one category."""
    band = ADAPTIVE[category]

    def inputs(window: Window) -> AdaptiveRooms:
        """Count the occupied hours of every room."""
        days = every(window.given(DAYS))
        running = _ends(days)
        rooms = [hours_within(one, band, *_of_hours(running, one, window.start)) for one in window.given(AIR)]
        return AdaptiveRooms(
            rooms=tuple(rooms),
            outdoor_days=len(days),
            outdoor_days_not_known=sum(one.value is None for one in days),
        )

    return Indicator(
        name=name,
        title=f"Adaptive comfort hours, category {category}",
        unit="%",
        definition=f"Share of occupied hours whose temperature lies from {band.below:g} K below to {band.above:g} K "
        f"above the adaptive comfort temperature, category {category} of EN 16798-1 or better [%]: for buildings "
        "without mechanical cooling, where people may open windows and dress as they like. The comfort temperature "
        "follows the running mean of the daily mean outdoor temperatures of the seven days before. Hours with a "
        f"running mean outside of {LEAST_RUNNING:g} to {MOST_RUNNING:g} degC do not count: the limits do not hold "
        "there. What is not known of the weather widens the bounds. " + OCCUPIED,
        formula=f"C = hours with Tc - {band.below:g} <= T <= Tc + {band.above:g} / hours; Tc = 0.33 Trm + 18.8; "
        "Trm = sum over 7 days before of 0.8^(age - 1) Tm / sum of 0.8^(age - 1)",
        citation="EN 16798-1:2019, annex B.2.2, default adaptive criteria: read in pythermalcomfort, which cites it",
        frameworks=(f"EN 16798-1 adaptive category {category}",),
        better=Better.HIGHER,
        boundary="Rooms with an indoor climate sensor; the air at the sensor stands for operative temperature",
        interval="hour",
        inputs_model=AdaptiveRooms,
        inputs=inputs,
        compute=compute,
        ports=(AIR, DAYS),
        months=Months.SIDE_BY_SIDE,
    )
