"""Charging sessions from what a charging point reports: its register [kWh] and whether a vehicle is plugged in.

A session lies from the first reading at which a vehicle is plugged in to the first one at which none is. Nothing flows
while none is, so all that the register counted from the last reading without a vehicle to the first one after it is
the session's: the sessions of a register add up to what it counted. A session that began before the first reading, or
whose register readings cannot be told from another's, has no energy: nothing is invented. Nor has one during which the
meter was replaced, unless it is known what the old one read last and the new one first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ingest.model.registers import Scope
from ingest.model.session import Plug, Session, SessionFlag, assessed, most_energy
from ingest.model.time import isoformat
from processors.steps.charging_register import Register, Trace, deciding
from processors.steps.session_register import delivery, lost

RatedPower = Callable[[int], float | None]  # kW, of an instant


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
    happened = register.believed()
    return [part for visit in visits(plugged) for part in _sessions(visit, happened, rated)]


def occupancy(plug: Plug, readings: Trace) -> Trace:
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
    register = _of_visit(visit, register)
    times = register.readings.time
    is_of_sessions = register.contracts.first.scope is Scope.SESSION
    starts = _restarts(register, visit, rated(visit.begin)) if is_of_sessions else {}
    for index, (begin, end) in enumerate(pairwise([0, *starts, len(times)])):
        is_last = index == len(starts)
        at = visit.begin if index == 0 else int(times[begin])
        running = frozenset({SessionFlag.RUNNING} if is_last and visit.end is None else ())
        session = Session(isoformat(at), at, visit.end if is_last else None, None, running)
        free = visit.free if index == 0 else int(times[begin - 1])
        found = delivery(register.between(begin, end), session, free, rated(at)).with_more(starts.get(end, 0.0))
        flags = session.flags | found.flags
        session = Session(session.transaction_id, at, session.end, found.energy_kwh, flags, found.lower, found.upper)
        yield assessed(session, most_energy(free, session.end, rated(at)))


def _of_visit(visit: Visit, register: Register) -> Register:
    """Return the readings that are a visit's, read by the contract in force when the vehicle came.

    A register that starts with each session knows nothing of other visits, so what happened is decided within one.
    """
    contract = register.contracts.at(visit.begin)
    own = register.between(*_reach(visit, register.readings))
    if contract.scope is not Scope.SESSION:
        return own.read_by(contract)
    before = int(np.searchsorted(own.readings.time, visit.free, side="right"))
    return own.read_by(deciding(contract)).believed(before)


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


def _restarts(register: Register, visit: Visit, rated: float | None) -> dict[int, float]:
    """Return which readings begin another session: the register starts anew though it has counted and nobody left.

    One that does so before anybody knew of the vehicle began this session, not another; nor did another meter. With
    each stands what it can have counted at the most after the reading before.
    """
    found: dict[int, float] = {}
    has_counted = False
    for one in register.steps():
        is_during = one.end > visit.begin and (visit.end is None or one.end < visit.end)
        if one.is_new and has_counted and is_during:
            found[int(np.searchsorted(register.readings.time, one.end))] = lost(one, register.contracts.first, rated)
            has_counted = False
        has_counted = has_counted or (one.after > one.before and one.end > visit.free)
    return found
