"""Worked examples of indicators of which half of the data is missing: what would be known of the same truth then.

A pattern says which of 24 equal steps of the time were read. What has no steps of its own (registers, states, figures)
is given a course that adds up to what the example says, and is then seen through the pattern.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import singledispatch
from random import Random
from typing import Any, Final

import numpy as np
from pydantic import BaseModel

from ingest.model.observation import FloatColumn, Mask
from ingest.model.time import SECOND
from kpi_engine.evidence.amount_entries import entry
from kpi_engine.evidence.amount_entry import MeterAmount
from kpi_engine.evidence.hour_numbers import HourNumbers
from kpi_engine.families.avoided_energy import AvoidedDay
from kpi_engine.families.hour_inputs import HourValues
from kpi_engine.families.hourly_emissions import HourlyEmissionsInputs
from kpi_engine.families.metered_or_billed import MeteredOrBilledInputs
from kpi_engine.families.outdoor_days import OutdoorDays
from kpi_engine.families.predicted_comfort import RoomDissatisfied
from kpi_engine.families.room_hours import RoomExceedance, RoomHours
from kpi_engine.families.session_inputs import SessionValues
from kpi_engine.families.uptime import PortTime
from kpi_engine.ports.lamps import LampTime
from kpi_engine.ports.levels import Level
from kpi_engine.ports.metric import MetricInput
from kpi_engine.ports.states import DeviceStates
from kpi_engine.window import Amount
from processors.steps.bounds import Count
from processors.steps.rollup import Rollup

STEPS: Final = 24
COURSE: Final = 1.0 + 0.8 * np.sin(np.arange(STEPS) / STEPS * 2 * np.pi)  # of what is counted: 0.2 to 1.8 of the mean
WARMER: Final = COURSE * (1.0 + 0.1 * np.cos(np.arange(STEPS) / STEPS * 2 * np.pi))  # of what comes by a tenth warmer
COLDEST, WARMEST = -60.0, 60.0  # degC: no day of any place has another mean


@dataclass(frozen=True)
class Pattern:
    """Which steps of the time were read; ``silent``: only this device was not, and it was not at all.

    ``course``: how what registers count goes on.
    """

    read: Mask
    silent: str | None = None
    course: FloatColumn = field(default_factory=lambda: COURSE)

    def within(self, name: str) -> "Pattern":
        """Return the pattern for a field of inputs: water is warmer at some times than at others."""
        return replace(self, course=WARMER) if name.endswith("_m3_degc") else self

    def over(self, count: int) -> Mask:
        """Return which of ``count`` steps were read."""
        return self.read[np.arange(count) * STEPS // count] if count < STEPS else np.resize(self.read, count)

    def of(self, device: str) -> Mask:
        """Return which steps were read of a device."""
        if self.silent is None:
            return self.read
        return np.full(STEPS, device != self.silent)

    def seen(self, lengths: Sequence[float], device: str) -> list[float]:
        """Return how much was seen of each of ``lengths``, which follow each other and fill the time."""
        edges = np.concatenate([[0.0], np.cumsum(lengths)])
        whole = edges[-1] or 1.0
        steps = np.linspace(0.0, whole, STEPS + 1)
        read = self.of(device)
        overlap = np.minimum(edges[1:, None], steps[None, 1:]) - np.maximum(edges[:-1, None], steps[None, :-1])
        found: list[float] = np.maximum(overlap, 0.0)[:, read].sum(axis=1).tolist()
        return found


_RANDOM: Final = np.isin(np.arange(STEPS), Random(12).sample(range(STEPS), STEPS // 2))
PATTERNS: Final[dict[str, Mask]] = {
    "every second interval": np.arange(STEPS) % 2 == 0,
    "first half": np.arange(STEPS) >= STEPS // 2,
    "last half": np.arange(STEPS) < STEPS // 2,
    "random half": ~_RANDOM,
}


def silent_device(inputs: BaseModel) -> str | None:
    """Return the first of several devices, meters, rooms or ports; None where there are not several."""
    names = sorted(set(_names(inputs)))
    return names[0] if len(names) > 1 else None


def _names(found: object) -> list[str]:
    if isinstance(found, MeterAmount):
        return [found.meter]
    if isinstance(found, RoomHours | RoomExceedance | RoomDissatisfied):
        return [found.room]
    if isinstance(found, DeviceStates | LampTime | Level):
        return [found.device]
    if isinstance(found, PortTime):
        return [found.port]
    if isinstance(found, BaseModel):
        return [name for field in type(found).model_fields for name in _names(getattr(found, field))]
    return [name for one in found for name in _names(one)] if isinstance(found, tuple) else []


@singledispatch
def thinned(found: object, pattern: Pattern) -> Any:  # noqa: ANN401 - what it was, as it is known then
    """Return what is known of ``found`` where only what a pattern reads was read."""
    if isinstance(found, BaseModel):
        fields = {name: thinned(getattr(found, name), pattern.within(name)) for name in type(found).model_fields}
        return type(found).model_construct(**fields)
    return tuple(thinned(one, pattern) for one in found) if isinstance(found, tuple) else found


@thinned.register
def _(one: MeterAmount, pattern: Pattern) -> MeterAmount:
    """Return what a register tells that was read at some of its steps; one that is not exact stays as it is."""
    if one.amount is None or one.amount < 0.0 or one.lower is not None or one.upper is not None or one.missing:
        return one
    steps = pattern.course / pattern.course.sum() * one.amount
    read, length = pattern.of(one.meter), one.seconds / STEPS
    places = np.flatnonzero(np.append(read, read[-1]))
    end = round(one.seconds * SECOND)
    count = Count(rate=2.0 * float(steps.max()) / (length / 3600.0))
    if len(places) < 2:
        return entry(one.meter, Amount(Rollup(0, end), count=count))
    first, last = (round(place * length * SECOND) for place in (places[0], places[-1]))
    last = end if places[-1] == STEPS else last
    rollup = Rollup(
        0,
        end,
        count=len(places),
        total=float(steps[places[0] : places[-1]].sum()),
        measured=(last - first) / SECOND,
        covered_from=first,
        covered_to=last,
        measured_from=first,
        measured_to=last,
    )
    return entry(one.meter, Amount(rollup, count=count))


@thinned.register
def _(one: HourValues, pattern: Pattern) -> HourValues:
    """Return hours of which some are anything from nothing to twice the most."""
    if pattern.silent is not None or not one.value or one.lower:
        return one
    value, read = one.value.column, pattern.over(len(one.value))
    most = 2.0 * float(np.nanmax(np.abs(value)))
    return HourValues(
        meters=one.meters,
        value=HourNumbers(np.where(read, value, np.nan)),
        lower=HourNumbers(np.where(read, value, min(0.0, float(np.nanmin(value))))),
        upper=HourNumbers(np.where(read, value, most)),
    )


@thinned.register
def _(one: HourlyEmissionsInputs, pattern: Pattern) -> HourlyEmissionsInputs:
    """Return a register that was read at both ends, and not in some of its hours."""
    read = pattern.over(len(one.hour_energy_kwh)).tolist() if pattern.silent is None else []
    hours = tuple(energy if is_read else None for energy, is_read in zip(one.hour_energy_kwh, read, strict=bool(read)))
    return one.model_copy(update={"hour_energy_kwh": hours}) if read else one


@thinned.register
def _(one: MetricInput, pattern: Pattern) -> MetricInput:
    """Return a figure that is a tenth too small, and known to a fifth."""
    if one.value is None or pattern.silent is not None:
        return one
    lower, upper = sorted((0.8 * one.value, 1.2 * one.value))
    return one.model_copy(update={"value": 0.9 * one.value, "lower": lower, "upper": upper, "coverage": 0.5})


@thinned.register
def _(one: MeteredOrBilledInputs, pattern: Pattern) -> MeteredOrBilledInputs:
    metered = thinned(MetricInput(kpi="heat_delivered", value=one.metered_kwh, coverage=1.0), pattern)
    ends = {"metered_lower_kwh": metered.lower, "metered_upper_kwh": metered.upper} if metered.lower else {}
    return one.model_copy(update={"metered_kwh": metered.value, **ends})


@thinned.register
def _(one: AvoidedDay, pattern: Pattern) -> AvoidedDay:
    if one.energy_kwh is None or pattern.silent is not None:
        return one
    value = {"energy_kwh": 0.9 * one.energy_kwh, "lower_kwh": 0.5 * one.energy_kwh, "upper_kwh": 1.5 * one.energy_kwh}
    return one.model_copy(update={**value, "coverage": 0.5})


@thinned.register
def _(one: OutdoorDays, pattern: Pattern) -> OutdoorDays:
    mean, lower, upper = one.columns
    if pattern.silent is not None or not len(mean):
        return one
    read = pattern.over(len(mean))
    stands = float(mean[read].mean()) if read.any() else None
    days = [value if is_read else stands for value, is_read in zip(mean.tolist(), read.tolist(), strict=True)]
    known: dict[str, Any] = {
        "mean_degc": tuple(days),
        "lower_degc": tuple(np.where(read, lower, COLDEST).tolist()),
        "upper_degc": tuple(np.where(read, upper, WARMEST).tolist()),
        "known_share": float(read.mean()),
        "incomplete_days": int((~read).sum()),
    }
    rest = {name: thinned(getattr(one, name), pattern) for name in type(one).model_fields if name not in known}
    return type(one).model_construct(**known, **rest)


@thinned.register
def _(one: RoomHours, pattern: Pattern) -> RoomHours:
    lengths = (one.within, one.known - one.within, one.occupied - one.known)
    within, outside, _ = pattern.seen(lengths, one.room)
    return one.model_copy(update={"known": within + outside, "within": within})


@thinned.register
def _(one: RoomExceedance, pattern: Pattern) -> RoomExceedance:
    """Return a room that may have been 20 K warmer while nobody looked."""
    if one.exceedance is None or one.lower is not None:
        return one
    unknown = one.occupied - one.occupied * float(pattern.of(one.room).mean())
    known = {"known": one.occupied - unknown, "exceedance": one.exceedance * (1.0 - unknown / one.occupied) or None}
    return one.model_copy(update={**known, "lower": 0.0, "upper": one.exceedance + 20.0 * unknown})


@thinned.register
def _(one: RoomDissatisfied, pattern: Pattern) -> RoomDissatisfied:
    """Return a room of which people may have thought anything while nobody looked."""
    if one.dissatisfied is None or one.known < one.occupied:
        return one
    share = float(pattern.of(one.room).mean())
    unknown = one.occupied * (1.0 - share)
    return one.model_copy(
        update={
            "known": one.occupied - unknown,
            "dissatisfied": one.dissatisfied if share else None,
            "lower": one.dissatisfied * share + 5.0 * unknown,
            "upper": one.dissatisfied * share + 100.0 * unknown,
        }
    )


@thinned.register
def _(one: DeviceStates, pattern: Pattern) -> DeviceStates:
    lengths = [*one.held.values(), max(one.seconds - one.known, 0.0)]
    seen = pattern.seen(lengths, one.device)
    return one.model_copy(update={"held": dict(zip(one.held, seen, strict=False))})


@thinned.register
def _(one: PortTime, pattern: Pattern) -> PortTime:
    excluded = min(one.excluded, one.outage)
    lengths = (excluded, one.outage - excluded, one.minutes - one.outage - one.unknown)
    out, counted, up = pattern.seen([*lengths, one.unknown], one.port)[:3]
    seen = {"outage": out + counted, "excluded": out, "unknown": max(one.minutes - out - counted - up, 0.0)}
    return one.model_copy(update=seen)


@thinned.register
def _(one: Level, pattern: Pattern) -> Level:
    """Return a level that was as far above its mean in the first half as below it in the second."""
    if one.mean is None or one.minimum is None or one.maximum is None:
        return one
    off = min(one.maximum - one.mean, one.mean - one.minimum)
    course = np.where(np.arange(STEPS) < STEPS // 2, one.mean + off, one.mean - off)
    read = pattern.of(one.device)
    if not read.any():
        return Level(device=one.device, seconds=one.seconds, known=0.0)
    return one.model_copy(update={"known": one.known * float(read.mean()), "mean": float(course[read].mean())})


@thinned.register
def _(one: LampTime, pattern: Pattern) -> LampTime:
    night = pattern.seen(
        [one.dark_night_h, one.lit_night_h, one.night_h - one.dark_night_h - one.lit_night_h], one.device
    )
    day = pattern.seen([one.lit_day_h, one.dark_day_h, one.day_h - one.lit_day_h - one.dark_day_h], one.device)
    if pattern.of(one.device).all():
        return one
    seen = {"dark_night_h": night[0], "lit_night_h": night[1], "lit_day_h": day[0], "dark_day_h": day[1]}
    return one.model_copy(update={**seen, "has_failed": False, "may_have_failed": True, "repairs": ()})


@thinned.register
def _(one: SessionValues, pattern: Pattern) -> SessionValues:
    """Return sessions of which some were not seen, since it was not known whether vehicles were there."""
    if pattern.silent is not None or not one.kwh:
        return one
    read = pattern.over(len(one.kwh)).tolist()
    columns = {
        name: tuple(value for value, is_read in zip(getattr(one, name), read, strict=True) if is_read)
        for name in ("kwh", "lower_kwh", "upper_kwh", "hours", "rated_kw")
        if getattr(one, name)
    }
    return one.model_copy(update={**columns, "known_seconds": one.known_seconds * sum(read) / len(read)})
