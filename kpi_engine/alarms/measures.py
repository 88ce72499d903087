"""What each measure of an alarm rule comes to on the newest live readings: pure, many devices at once, one row each.

Times are microseconds, ABSENT where nothing live is known; heights of the sun are degrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ingest.model.alarm import (
    Falling,
    Imbalance,
    InState,
    Light,
    Measure,
    Reading,
    SharedBy,
    Silence,
    TemperatureDrop,
    Undelivered,
    Unmoved,
    Widespread,
)
from ingest.model.freshness import GRACE
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.sun import sun
from ingest.model.time import HOUR
from kpi_engine.alarms.hysteresis import Evidence
from processors.steps.columns import ABSENT, Floats, Ints, Mask

ALSO_READ: Final[Mapping[type, tuple[str, ...]]] = {Light: ("electricity_power",)}
"""Quantities that a measure takes into account where they are reported."""
RESTART: Final = 0.5  # of a register: who shows less than that of what it showed has started anew
STANDBY: Final = 0.002  # kW; the controller of a lamp that is off takes less, the smallest street lamp more


@dataclass(frozen=True)
class LiveReadings:
    """The newest readings of one quantity, as far as they are live."""

    time: Ints
    value: Floats


@dataclass(frozen=True)
class Snapshot:
    """What is known at ``now``. ``last_seen``: when a device was last heard on time, within its ``reach`` before now.

    ``listening``: since when its silence counts; ``widespread``: how many share its cause, by what that is.
    ``clear_at`` is the threshold that lets an alarm of the rule go.
    """

    now: int
    interval: Ints
    reach: Ints
    patience: Ints
    last_seen: Ints
    live: Mapping[str, LiveReadings]
    latitude: Floats
    longitude: Floats
    listening: Ints
    clear_at: Floats
    widespread: Mapping[SharedBy, Ints]


@dataclass(frozen=True)
class MeasureState:
    """The value a measure compares with (NaN: none), since when it holds, and the time of the last reading seen.

    ``count``: how often something has happened since.
    """

    held: Floats
    since: Ints
    evaluated: Ints
    count: Ints

    @classmethod
    def none(cls, rows: int) -> "MeasureState":
        """Return that nothing is remembered."""
        return cls(np.full(rows, np.nan), np.full(rows, ABSENT), np.full(rows, ABSENT), np.zeros(rows, np.int64))


def measured(measure: Measure, snapshot: Snapshot, memory: MeasureState) -> tuple[Evidence, MeasureState]:
    """Return what a measure comes to, and what it must remember for the next time."""
    match measure:
        case Unmoved(quantity):
            return _unmoved(snapshot.live[quantity], snapshot.patience, memory)
        case Falling(quantity):
            return _falling(snapshot.live[quantity], memory)
        case Undelivered():
            return _undelivered(snapshot, memory)
        case _:
            return _at_once(measure, snapshot), memory


def _at_once(  # noqa: PLR0911 - one case for each kind
    measure: Silence | Widespread | Reading | InState | TemperatureDrop | Light | Imbalance, snapshot: Snapshot
) -> Evidence:
    """Return what a measure comes to that remembers nothing."""
    match measure:
        case Silence():
            return _silence(snapshot)
        case Widespread(shared_by):
            count = snapshot.widespread[shared_by]
            return Evidence(np.full(len(count), snapshot.now), count.astype(np.float64))
        case Reading(quantity):
            return Evidence(snapshot.live[quantity].time, snapshot.live[quantity].value)
        case Imbalance(balance):
            return Evidence(snapshot.live[balance].time, snapshot.live[balance].value)
        case InState(quantity, states):
            return _in_state(snapshot.live[quantity], QUANTITIES[quantity].states, states)
        case TemperatureDrop(flow):
            return _drop(snapshot, flow)
        case Light(above, below):
            return _light(snapshot, above, below)


def _silence(snapshot: Snapshot) -> Evidence:
    last_seen = np.where(snapshot.last_seen == ABSENT, snapshot.now - snapshot.reach, snapshot.last_seen)
    missed = np.maximum(snapshot.now - last_seen - GRACE, 0) / snapshot.interval
    counted = np.maximum(snapshot.now - np.maximum(last_seen, snapshot.listening) - GRACE, 0) / snapshot.interval
    # Who was not listened to for long enough has neither fallen silent nor come back.
    is_open = (counted < missed) & (counted <= snapshot.clear_at)
    return Evidence(np.where(is_open, ABSENT, snapshot.now), counted)


def _in_state(live: LiveReadings, known: Sequence[str], states: Sequence[str]) -> Evidence:
    return Evidence(live.time, np.isin(live.value, [known.index(state) for state in states]).astype(np.float64))


def _drop(snapshot: Snapshot, flow: float) -> Evidence:
    supply, back, flowing = (snapshot.live[name] for name in ("supply_temperature", "return_temperature", "flow"))
    time = np.where(flowing.value >= flow, _together(supply, back, flowing), ABSENT)
    return Evidence(time, supply.value - back.value)


def _light(snapshot: Snapshot, above: float, below: float) -> Evidence:
    lamp, power = snapshot.live["dimming_level"], snapshot.live["electricity_power"]
    is_off = (power.time != ABSENT) & (power.value <= STANDBY)
    known = np.where(lamp.time == ABSENT, snapshot.now, lamp.time)
    height = np.degrees(np.arcsin(np.clip(sun(known, snapshot.longitude).height(snapshot.latitude), -1.0, 1.0)))
    counts = (lamp.time != ABSENT) & (height >= above) & (height <= below)
    return Evidence(np.where(counts, lamp.time, ABSENT), np.where(is_off, 0.0, lamp.value))


def _unmoved(live: LiveReadings, patience: Ints, memory: MeasureState) -> tuple[Evidence, MeasureState]:
    """Count from the first reading of a value; after a pause anew, since it may have moved and come back meanwhile."""
    is_new = (live.time != ABSENT) & (live.time > memory.evaluated)
    is_same = live.value == memory.held
    lasts = _lasts(live.time, patience, memory)
    counts = is_new & ~np.isnan(memory.held) & (lasts | ~is_same)
    hours = np.where(is_same, (live.time - memory.since) / HOUR, 0.0)
    evidence = Evidence(np.where(counts, live.time, ABSENT), hours)
    starts = is_new & ~(is_same & lasts)
    return evidence, _remembered(memory, live.value, live.time, starts, is_new)


def _falling(live: LiveReadings, memory: MeasureState) -> tuple[Evidence, MeasureState]:
    """Count falls from the first one after a rise; where it did not move, nothing has happened."""
    is_new = (live.time != ABSENT) & (live.time > memory.evaluated)
    falls = is_new & (live.value < memory.held) & (live.value >= RESTART * memory.held)
    begins_anew = is_new & ~falls & (live.value != memory.held)
    count = np.where(begins_anew, 0, memory.count + falls)
    since = np.where(falls & (memory.count == 0), live.time, np.where(begins_anew, ABSENT, memory.since))
    remembered = MeasureState(
        held=np.where(is_new, live.value, memory.held),
        since=since,
        evaluated=np.where(is_new, live.time, memory.evaluated),
        count=count,
    )
    return Evidence(np.where(is_new, live.time, ABSENT), count.astype(np.float64)), remembered


def _undelivered(snapshot: Snapshot, memory: MeasureState) -> tuple[Evidence, MeasureState]:
    """Compare with the register as it was while the point was free; where that was not seen, nothing is said."""
    plugged, energy = snapshot.live["plugged_in"], snapshot.live["electricity_energy"]
    time = _together(plugged, energy)
    is_new = (time != ABSENT) & (time > memory.evaluated)
    is_free, lasts = plugged.value < 0.5, _lasts(time, snapshot.patience, memory)
    counts = is_new & ~is_free & ~np.isnan(memory.held) & lasts
    hours = np.where(energy.value == memory.held, (time - memory.since) / HOUR, 0.0)
    evidence = Evidence(np.where(counts, time, ABSENT), hours)
    known = replace(memory, held=np.where(is_new & ~is_free & ~lasts, np.nan, memory.held))
    return evidence, _remembered(known, energy.value, time, is_new & is_free, is_new)


def _lasts(time: Ints, patience: Ints, memory: MeasureState) -> Mask:
    lasts: Mask = (memory.evaluated != ABSENT) & (time - memory.evaluated <= patience)
    return lasts


def _remembered(memory: MeasureState, value: Floats, time: Ints, starts: Mask, is_new: Mask) -> MeasureState:
    return replace(
        memory,
        held=np.where(starts, value, memory.held),
        since=np.where(starts, time, memory.since),
        evaluated=np.where(is_new, time, memory.evaluated),
    )


def _together(*readings: LiveReadings) -> Ints:
    """Return the time at which all were known: that of the oldest."""
    return np.asarray(np.minimum.reduce([reading.time for reading in readings]))
