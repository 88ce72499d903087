"""What the register of a charging point [kWh] counted in one session, whatever kind of register it proves to be.

The energy is what was counted, never what the register shows: one that was declared to start with each session and did
not, or the reverse, is recognised by what it does. What a fall means is decided by the steps of every register. What
only a session knows comes on top: nothing flows without a vehicle, so a register that starts anew as one comes has lost
nothing; and what a register slips back by is made up for before it counts again, since a session is the difference of
two readings. Where the meter was replaced, the old one counts up to its closing and the new one from its opening.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, inf
from typing import Final

import numpy as np

from ingest.model.registers import RegisterContract, Scope
from ingest.model.session import Flag, Session, most_energy
from processors.steps.charging_register import Register, Step
from processors.steps.counting import LARGEST_SLIP

DOUBTED: Final = 0.2  # of the energy: who may be wrong by more does not know it, as with every figure
ROUNDING: Final = 1e-9  # kWh


@dataclass(frozen=True)
class Delivery:
    """The energy [kWh] of a session, None where it is not known, and what its register did."""

    energy_kwh: float | None = None
    flags: frozenset[Flag] = frozenset()


def delivery(register: Register, session: Session, free: int, rated: float | None) -> Delivery:
    """Return what was delivered in a session to which nothing flowed before ``free``; ``rated`` power [kW] or None.

    ``register`` has one contract and the readings of the session that happened: the one before it, those within, and
    the one that closes it, as far as they exist.
    """
    time, contract = register.readings.time, register.contracts.first
    inside = int(np.searchsorted(time, free, side="right"))
    if inside == len(time) or not register.is_read_throughout:
        return Delivery()
    if contract.scope is Scope.SESSION:
        return _of_session_register(register, inside, most_energy(free, int(time[inside]), rated), rated)
    is_closed = session.end is None or bool((time >= session.end).any())
    if inside == 0 or not is_closed:
        return Delivery()
    count = _counted(register.steps(), contract, rated)
    return Delivery(count.energy, count.flags | ({Flag.SESSION_REGISTER} if count.is_new else set()))


def _of_session_register(register: Register, inside: int, reachable: float, rated: float | None) -> Delivery:
    """Count from zero where the register started anew, seen or not; from its opening where it cannot have.

    ``reachable``: the most that can have been delivered by the first reading ``inside``.
    """
    value, contract = register.readings.value, register.contracts.first
    later = _counted(register.between(inside, len(value)).steps(), contract, rated)
    first, opening = float(value[inside]), float(value[inside - 1]) if inside else None
    whole = later if opening is None else _counted(register.steps(), contract, rated)
    if opening is not None and (whole.is_new or abs(opening) <= ROUNDING):
        return Delivery(whole.energy, whole.flags)
    if first <= reachable and not (opening is not None and _holds(first, opening, contract)):
        energy = None if later.energy is None else fsum((max(first, 0.0), later.energy))
        return Delivery(energy, later.flags)
    is_lifetime = whole.energy is None or whole.energy > 0
    return Delivery(whole.energy, later.flags | ({Flag.LIFETIME_REGISTER} if is_lifetime else set()))


def _holds(first: float, opening: float, contract: RegisterContract) -> bool:
    """Whether a register shows with a vehicle what it showed before, up to its jitter and a slip."""
    tolerance = contract.jitter + ROUNDING
    return opening * (1.0 - LARGEST_SLIP) - tolerance <= first <= opening + tolerance


@dataclass(frozen=True)
class _Count:
    energy: float | None
    is_new: bool
    flags: frozenset[Flag]


def _counted(steps: Iterable[Step], contract: RegisterContract, rated: float | None) -> _Count:
    """Return what a register counted in some steps, one after another."""
    parts, doubts, owed, is_new, has_slipped = [0.0], [0.0], 0.0, False, False
    lowest: float | None = None
    for one in steps:
        lowest = one.before - contract.jitter - ROUNDING if lowest is None else lowest
        owed = 0.0 if one.is_new else owed + one.slip
        made_up = min(owed, max(one.amount, 0.0))
        owed -= made_up
        parts.append(one.amount - made_up)
        doubts.append(one.doubt if one.doubt == inf else min(one.doubt, most_energy(one.begin, one.end, rated)))
        is_new = is_new or one.is_new
        has_slipped = has_slipped or (one.slip > 0.0 and one.after < lowest)
    energy = fsum(parts)
    flags = frozenset({Flag.NEGATIVE_START} if has_slipped else ())
    return _Count(energy if fsum(doubts) <= DOUBTED * abs(energy) else None, is_new, flags)
