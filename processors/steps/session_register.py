"""What the register of a charging point [kWh] counted in one session, whatever kind of register it proves to be.

The energy is what was counted, never what the register shows: one that was declared to start with each session and did
not, or the reverse, is recognised by what it does. What a fall means is decided by the steps of every register. What
only a session knows comes on top: nothing flows without a vehicle, so a register that starts anew as one comes has lost
nothing; and what a register slips back by is made up for before it counts again, since a session is the difference of
two readings. Where the meter was replaced, the old one counts up to its closing and the new one from its opening.
What may have been counted otherwise is in the bounds: before a restart that was seen, and for a slip if it was none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import fsum, inf
from typing import Final

import numpy as np

from ingest.model.registers import RegisterContract, Scope
from ingest.model.session import Session, SessionFlag, most_energy
from processors.steps.charging_register import Register, RegisterStep
from processors.steps.counting import LARGEST_SLIP

DOUBTED: Final = 0.2  # of the energy: who may be wrong by more does not know it, as with every figure
ROUNDING: Final = 1e-9  # kWh


@dataclass(frozen=True)
class CountedEnergy:
    """The energy [kWh] of a session, None where it is not known, and what its register did.

    ``lower``, ``upper``: between what it lies; None where the register does not tell.
    """

    energy_kwh: float | None = None
    lower: float | None = None
    upper: float | None = None
    flags: frozenset[SessionFlag] = frozenset()

    def flagged(self, flags: Iterable[SessionFlag]) -> "CountedEnergy":
        """Return it with more flags."""
        return replace(self, flags=self.flags.union(flags))

    def with_more(self, most: float) -> "CountedEnergy":
        """Return it where up to ``most`` more was delivered that no reading shows."""
        return replace(self, upper=None if self.upper is None else self.upper + most)


def delivery(register: Register, session: Session, free: int, rated: float | None) -> CountedEnergy:
    """Return what was delivered in a session to which nothing flowed before ``free``; ``rated`` power [kW] or None.

    ``register`` has one contract and the readings of the session that happened: the one before it, those within, and
    the one that closes it, as far as they exist.
    """
    time, contract = register.readings.time, register.contracts.first
    inside = int(np.searchsorted(time, free, side="right"))
    if inside == len(time) or not register.is_read_throughout:
        return CountedEnergy()
    if contract.scope is Scope.SESSION:
        return _of_session_register(register, inside, free, rated)
    is_closed = session.end is None or bool((time >= session.end).any())
    if inside == 0 or not is_closed:
        return CountedEnergy()
    count = _counted(register, free, rated)
    return count.delivery.flagged({SessionFlag.SESSION_REGISTER} if count.is_new else ())


def lost(step: RegisterStep, contract: RegisterContract, rated: float | None) -> float:
    """Return the most that a register counted in a step beyond what it shows, as declared, else by its own rates."""
    if step.upper <= step.amount:
        return 0.0
    most = most_energy(step.begin, step.end, rated)
    is_declared = contract.max_increase_per_hour is not None
    limit = most if rated is not None and not is_declared else min(step.upper, most)
    return max(limit - step.amount, 0.0)


def _of_session_register(register: Register, inside: int, free: int, rated: float | None) -> CountedEnergy:
    """Count from zero where the register started anew, seen or not; from its opening where it cannot have."""
    time, value = register.readings.time, register.readings.value
    reachable = most_energy(free, int(time[inside]), rated)
    later = _counted(register.between(inside, len(value)), free, rated).delivery
    first, opening = float(value[inside]), float(value[inside - 1]) if inside else None
    whole = None if opening is None else _counted(register, free, rated)
    if whole is not None and (whole.is_new or abs(opening or 0.0) <= ROUNDING):
        return whole.delivery
    if first <= reachable and not (opening is not None and _holds(first, opening, register.contracts.first)):
        return _raised(later, max(first, 0.0))
    found = (whole or _counted(register, free, rated)).delivery
    is_lifetime = found.energy_kwh is None or found.energy_kwh > 0
    return replace(found, flags=later.flags).flagged({SessionFlag.LIFETIME_REGISTER} if is_lifetime else ())


def _raised(found: CountedEnergy, first: float) -> CountedEnergy:
    energy, lower, upper = (
        None if part is None else fsum((first, part)) for part in (found.energy_kwh, found.lower, found.upper)
    )
    return CountedEnergy(energy, lower, upper, found.flags)


def _holds(first: float, opening: float, contract: RegisterContract) -> bool:
    """Whether a register shows with a vehicle what it showed before, up to its jitter and a slip."""
    tolerance = contract.jitter + ROUNDING
    return opening * (1.0 - LARGEST_SLIP) - tolerance <= first <= opening + tolerance


@dataclass(frozen=True)
class _Count:
    delivery: CountedEnergy
    is_new: bool


def _counted(register: Register, free: int, rated: float | None) -> _Count:
    """Return what a register counted from its first reading to its last; nothing flowed before ``free``."""
    contract = register.contracts.first
    parts, doubts, below, above, owed = [0.0], [0.0], [0.0], [0.0], 0.0
    is_new = has_slipped = False
    is_known, lowest = True, inf
    for one in register.steps():
        lowest = one.before - contract.jitter - ROUNDING if lowest == inf else lowest
        owed = 0.0 if one.is_new else owed + one.slip
        made_up = min(owed, max(one.amount, 0.0))
        owed -= made_up
        parts.append(one.amount - made_up)
        # A register of sessions that starts anew as a vehicle comes has lost nothing; one that was declared to count
        # for ever may have. A slip that was none counted all the same.
        is_exact = one.is_new and one.begin <= free and contract.scope is Scope.SESSION
        above.append(made_up + (0.0 if is_exact else lost(one, contract, rated)))
        below.append(0.0 if is_exact or one.slip > 0.0 else one.amount - one.lower)
        doubts.append(
            0.0 if one.is_new or one.slip > 0.0 else lost(one, contract, rated)
        )  # of those the session's flags tell
        is_known = is_known and one.is_known
        is_new = is_new or one.is_new
        has_slipped = has_slipped or (one.slip > 0.0 and one.after < lowest)
    energy, less, more = fsum(parts), fsum(below), fsum(above)
    flags = frozenset({SessionFlag.NEGATIVE_START} if has_slipped else ())
    stated = energy if is_known and fsum(doubts) <= DOUBTED * abs(energy) else None
    least = energy - less if energy < 0.0 else max(energy - less, 0.0)
    return _Count(CountedEnergy(stated, least, energy + more, flags), is_new)
