"""What the register of a charging point [kWh] counted in one session, whatever kind of register it proves to be.

The energy is what was counted, never what the register shows: one that was declared to start with each session and did
not, or the reverse, is recognised by what it does. Rules: a fall to less than half is a new start; a smaller one had
slipped ahead and counts nothing until it is made up for; a fall to zero and back in one step did not happen. Where the
meter was replaced, the old one counts up to its closing and the new one from its opening.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import fsum, isnan
from typing import Final

from ingest.model.registers import RegisterContract, Scope
from ingest.model.session import Flag

LARGEST_ROLLOVER: Final = 0.1  # of the modulus
RESTART: Final = 0.5  # of the reading before
ROUNDING: Final = 1e-9  # kWh


@dataclass(frozen=True)
class Delivery:
    """The energy [kWh] of a session, None where it is not known, and what its register did."""

    energy_kwh: float | None = None
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True)
class SessionReadings:
    """Readings of one session: the ``opening`` one before it, those ``inside`` up to the one that closes it.

    ``reachable``: the most that can have been delivered from the opening to the first one inside. ``is_closed``: the
    last one stands at or after the end, or the session still runs. ``replacing``: what each meter that came in the
    meantime showed from its opening on; the one before it ends with its closing. NaN where nobody read it.
    """

    opening: float | None
    inside: Sequence[float]
    reachable: float
    is_closed: bool
    replacing: Sequence[Sequence[float]] = ()


def delivery(readings: SessionReadings, contract: RegisterContract) -> Delivery:
    """Return what was delivered in a session."""
    if not readings.inside or any(map(isnan, chain(readings.inside, *readings.replacing))):
        return Delivery()
    if contract.scope is Scope.SESSION:
        first = _of_session_register(readings, contract)
        return _together([first, *(_of(_counted(meter, contract)) for meter in readings.replacing)])
    if readings.opening is None or not readings.is_closed:
        return Delivery()
    meters = [[readings.opening, *readings.inside], *readings.replacing]
    return _together([_of(_counted(meter, contract), Flag.SESSION_REGISTER) for meter in meters])


def _of(count: "_Count", *flags_of_new: Flag) -> Delivery:
    return Delivery(count.energy, count.flags.union(flags_of_new if count.is_new else ()))


def _together(parts: Sequence[Delivery]) -> Delivery:
    """Return what several meters counted, one after another."""
    return Delivery(
        fsum(part.energy_kwh or 0.0 for part in parts), frozenset(flag for part in parts for flag in part.flags)
    )


def _of_session_register(readings: SessionReadings, contract: RegisterContract) -> Delivery:
    """Count from zero where the register started anew, seen or not; from its opening where it cannot have."""
    inside = _counted(readings.inside, contract)
    first, opening = readings.inside[0], readings.opening
    if opening is not None:
        whole = _counted([opening, *readings.inside], contract)
        if whole.is_new or abs(opening) <= ROUNDING:
            return Delivery(whole.energy, whole.flags)
    is_held = opening is not None and first <= opening + contract.jitter + ROUNDING
    if not is_held and first <= readings.reachable:
        return Delivery(fsum((max(first, 0.0), inside.energy)), inside.flags)
    energy = inside.energy if opening is None else whole.energy
    return Delivery(energy, inside.flags | ({Flag.LIFETIME_REGISTER} if energy > 0 else set()))


@dataclass(frozen=True)
class _Count:
    energy: float
    is_new: bool
    flags: frozenset[Flag]


def _counted(values: Sequence[float], contract: RegisterContract) -> _Count:
    """Return what a register counted from the first of ``values`` to the last."""
    level, parts, is_new, slipped = values[0], [0.0], False, False
    for index, value in enumerate(values[1:], start=1):
        if value >= level:
            parts.append(value - level)
        elif value < 0.0 or value >= RESTART * level:
            slipped = slipped or value < values[0] - contract.jitter - ROUNDING
            continue
        elif _is_glitch(values[index:], level, contract):
            continue
        else:
            rolled = (contract.modulus or 0.0) - level + value
            rolls = contract.modulus is not None and 0.0 <= rolled <= LARGEST_ROLLOVER * contract.modulus
            parts.append(rolled if rolls else value)
            is_new = is_new or not rolls
        level = value
    return _Count(fsum(parts), is_new, frozenset({Flag.NEGATIVE_START} if slipped else ()))


def _is_glitch(values: Sequence[float], level: float, contract: RegisterContract) -> bool:
    """Whether a register that reads zero returns in one step to where it was; one that starts with sessions may not."""
    if contract.scope is Scope.SESSION or values[0] > ROUNDING:
        return False
    after = next((value for value in values if value > ROUNDING), None)
    return after is not None and after >= level - contract.jitter
