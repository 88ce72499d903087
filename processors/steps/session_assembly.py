"""Charging sessions from what a charging point reports: its register [kWh] and whether a vehicle is plugged in.

A session lies from the first reading at which a vehicle is plugged in to the first one at which none is. Nothing flows
while none is, so all that the register counted from the last reading without a vehicle to the first one after it is
the session's: the sessions of a register add up to what it counted. A session that began before the first reading, or
whose register readings cannot be told from another's, has no energy: nothing is invented. Nor has one during which the
meter was replaced, unless it is known what the old one read last and the new one first.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import nan

import numpy as np

from ingest.model.registers import RegisterContract, Scope, Swap
from ingest.model.session import Flag, Plug, Session, most_energy, own_flags
from ingest.model.succession import Succession
from ingest.model.time import isoformat, to_micros
from processors.steps.columns import Floats, Ints
from processors.steps.session_register import RESTART, SessionReadings, delivery

RatedPower = Callable[[int], float | None]  # kW, of an instant


@dataclass(frozen=True)
class Trace:
    """Readings in order of time, microseconds."""

    time: Ints
    value: Floats


@dataclass(frozen=True)
class Register:
    """What a register read, the contracts it is read by in time, and the replacements of its meter in order."""

    readings: Trace
    contracts: Succession[RegisterContract]
    swaps: Sequence[Swap] = ()

    @property
    def swapped(self) -> list[tuple[int, Swap]]:
        """Replacements between two readings, each with the first reading of the new meter."""
        firsts = ((int(np.searchsorted(self.readings.time, to_micros(swap.at))), swap) for swap in self.swaps)
        return [(first, swap) for first, swap in firsts if 0 < first < len(self.readings.time)]

    def between(self, begin: int, end: int) -> "Register":
        """Return the same register with a slice of its readings."""
        return replace(self, readings=Trace(self.readings.time[begin:end], self.readings.value[begin:end]))


@dataclass(frozen=True)
class Visit:
    """A vehicle at a point from ``begin`` to ``end``, None while it is there; ``free``: the last reading without one.

    ``next_begin``: when the next one came, None where none did.
    """

    free: int
    begin: int
    end: int | None
    next_begin: int | None


def assemble(plugged: Trace, register: Register, rated: RatedPower) -> list[Session]:
    """Return the sessions of one charging point in order, with their flags; a function of its readings alone.

    A session is read by the contract in force when its vehicle came.
    """
    return [part for visit in visits(plugged) for part in _sessions(visit, register, rated)]


def told_by(plug: Plug, readings: Trace) -> Trace:
    """Return what readings of ``plug`` tell: 1 while a vehicle is plugged in, 0 while none is."""
    tells = ~np.isin(readings.value, plug.silent)
    is_in = ~np.isin(readings.value[tells], plug.free)
    return Trace(readings.time[tells], is_in.astype(np.float64))


def visits(plugged: Trace) -> list[Visit]:
    """Return when vehicles were plugged in; one that was from the first reading on is left out."""
    is_in = plugged.value > 0
    changes = (np.flatnonzero(is_in[1:] != is_in[:-1]) + 1).tolist()
    times = plugged.time.tolist()
    begins = [change for change in changes if is_in[change]]
    ends = [times[change] for change in changes if not is_in[change] and begins and change > begins[0]]
    nexts = [times[begin] for begin in begins[1:]]
    return [
        Visit(
            free=times[begin - 1],
            begin=times[begin],
            end=ends[index] if index < len(ends) else None,
            next_begin=nexts[index] if index < len(nexts) else None,
        )
        for index, begin in enumerate(begins)
    ]


def _sessions(visit: Visit, register: Register, rated: RatedPower) -> Iterator[Session]:
    """Yield the session of a visit; several where a register that starts with each did so without a plug-out."""
    contract, times = register.contracts.at(visit.begin), register.readings.time
    first, last = _reach(visit, register.readings)
    starts = _restarts(register, first, last, visit) if contract.scope is Scope.SESSION else []
    for index, (begin, end) in enumerate(pairwise([first, *starts, last])):
        is_last = index == len(starts)
        at = visit.begin if index == 0 else int(times[begin])
        running = frozenset({Flag.RUNNING} if is_last and visit.end is None else ())
        session = Session(isoformat(at), at, visit.end if is_last else None, None, running)
        free = visit.free if index == 0 else int(times[begin - 1])
        found = delivery(_readings(session, free, register.between(begin, end), rated), contract)
        session = replace(session, energy_kwh=found.energy_kwh, flags=session.flags | found.flags)
        yield replace(session, flags=own_flags(session, most_energy(free, session.end, rated(at))))


def _reach(visit: Visit, register: Trace) -> tuple[int, int]:
    """Return the slice of readings that are a visit's: from the last one without a vehicle to the first one after it.

    A reading after another vehicle came is not this one's.
    """
    first = max(int(np.searchsorted(register.time, visit.free, side="right")) - 1, 0)
    if visit.end is None:
        return first, len(register.time)
    closing = int(np.searchsorted(register.time, visit.end)) + 1
    until = len(register.time)
    if visit.next_begin is not None:
        until = int(np.searchsorted(register.time, visit.next_begin, side="right"))
    return first, max(first, min(closing, until))


def _restarts(register: Register, first: int, last: int, visit: Visit) -> list[int]:
    """Return which readings begin another session: the register falls though it has counted and nobody left.

    One that falls before anybody knew of the vehicle began this session, not another; nor did another meter.
    """
    readings, of_others = register.readings, {at for at, _ in register.swapped}
    found, has_counted = [], False
    for left, right in pairwise(range(first, last)):
        before, after = readings.value[[left, right]].tolist()
        is_during = readings.time[right] > visit.begin and (visit.end is None or readings.time[right] < visit.end)
        if after < RESTART * before and has_counted and is_during and right not in of_others:
            found.append(right)
            has_counted = False
        has_counted = has_counted or (after > before and readings.time[right] > visit.free)
    return found


def _readings(session: Session, free: int, register: Register, rated: RatedPower) -> SessionReadings:
    """Return readings as what they are to a session; ``free``: the last instant before it."""
    time = register.readings.time
    inside = int(np.searchsorted(time, free, side="right"))
    meter, *replacing = _meters(register)
    return SessionReadings(
        opening=meter[inside - 1] if inside else None,
        inside=meter[inside:],
        reachable=most_energy(free, int(time[inside]) if inside < len(time) else free, rated(session.begin)),
        is_closed=session.end is None or bool((time >= session.end).any()),
        replacing=replacing,
    )


def _meters(register: Register) -> list[list[float]]:
    """Return what each meter behind a register showed, from its opening to its closing; NaN where nobody read it."""
    values: list[float] = register.readings.value.tolist()
    found: list[list[float]] = [[]]
    begin = 0
    for first, swap in register.swapped:
        found[-1] += [*values[begin:first], nan if swap.closing is None else swap.closing]
        found.append([nan if swap.opening is None else swap.opening])
        begin = first
    found[-1] += values[begin:]
    return found
