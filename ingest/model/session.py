"""Charging sessions (OCPP transactions): what one is, and what is wrong with it, said by flags and never repaired.

A session is a record of its own, never a reading. Times are microseconds since 1970 UTC, energies kWh, powers kW.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from typing import Final

from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.time import DAY, HOUR, MINUTE

MOST_POWER: Final = 500.0  # kW, where no rated power is declared: 1,000 V at 500 A, the most of a CCS plug (recalled)
OVER_RATED: Final = 1.1  # of the rated power: the voltage of a public network may be a tenth above the nominal one
ENERGY: Final = "electricity_energy"
COUNT: Final = "charging_sessions"
SESSION_QUANTITIES: Final = (ENERGY, COUNT)  # what series may be made of sessions


@dataclass(frozen=True)
class Plug:
    """A quantity that tells whether a vehicle is plugged in: at which values none is, and which say nothing of it.

    Every other value says that one is.
    """

    quantity: str
    free: tuple[float, ...]
    silent: tuple[float, ...] = ()


def _status(*names: str) -> tuple[float, ...]:
    states = QUANTITIES["connector_status"].states
    return tuple(float(states.index(name)) for name in names)


PLUGS: Final = (
    Plug("plugged_in", (0.0,)),
    # From Preparing to Finishing a vehicle is there (OCPP 1.6, recalled); a point that does not work does not say.
    Plug("connector_status", _status("Available", "Reserved"), _status("Unavailable", "Faulted")),
)
"""What tells of vehicles; of a point that reports several, the first one is believed."""


class SessionFlag(StrEnum):
    """What is to be known of a session before it is believed; the codes are stable."""

    RUNNING = "running"  # the vehicle was plugged in at the last reading; no fault
    MISSING_PLUG_OUT = "missing_plug_out"  # nobody knows when it ended
    OVERLAP = "overlap"  # another session of a point that charges one vehicle at a time runs at the same time
    NEGATIVE_START = "negative_start"  # the register fell below the reading the session began with
    ZERO_ENERGY = "zero_energy"  # nothing was delivered
    UNKNOWN_ENERGY = "unknown_energy"  # nobody knows what was delivered
    IMPLAUSIBLE_ENERGY = "implausible_energy"  # more than the point can deliver in the time, or less than nothing
    LIFETIME_REGISTER = "lifetime_register"  # its register was declared to start with each session, and did not
    SESSION_REGISTER = "session_register"  # its register was declared to count for ever, and started anew


WITHOUT_ENERGY: Final = frozenset({SessionFlag.UNKNOWN_ENERGY, SessionFlag.IMPLAUSIBLE_ENERGY})


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a charging point: [begin, end), and the energy that was stated for it.

    ``end`` is None where the plug-out is missing, ``energy_kwh`` where no energy is stated. What was delivered lies
    between ``lower_kwh`` and ``upper_kwh`` (infinite where nothing bounds it); both are None where a register did not
    tell, until the session is ``assessed``.
    """

    transaction_id: str
    begin: int
    end: int | None
    energy_kwh: float | None
    flags: frozenset[SessionFlag] = frozenset()
    lower_kwh: float | None = None
    upper_kwh: float | None = None

    @property
    def counted_kwh(self) -> float | None:
        """The energy that sums may count; None where nobody knows it or what is stated cannot be."""
        return None if self.flags & WITHOUT_ENERGY else self.energy_kwh

    def amount(self, quantity: str) -> float | None:
        """Return what the session adds to a series of one of SESSION_QUANTITIES; None where nobody knows."""
        return 1.0 if quantity == COUNT else self.counted_kwh

    def between(self, quantity: str) -> tuple[float, float]:
        """Return between what that lies, of a session that is assessed."""
        if quantity == COUNT:
            return 1.0, 1.0
        return self.lower_kwh or 0.0, inf if self.upper_kwh is None else self.upper_kwh


def most_energy(begin: int, end: int | None, rated_power: float | None) -> float:
    """Return what a point can deliver from ``begin`` to ``end``; without an end, in a day.

    A minute is allowed for: records may be cut to whole minutes.
    """
    hours = (DAY if end is None else end - begin + MINUTE) / HOUR
    return hours * (MOST_POWER if rated_power is None else OVER_RATED * rated_power)


def own_flags(session: Session, most: float) -> frozenset[SessionFlag]:
    """Return what is wrong with a session by itself, and the flags it has; ``most``: what can have been delivered."""
    found = set(session.flags)
    if session.end is None and SessionFlag.RUNNING not in found:
        found.add(SessionFlag.MISSING_PLUG_OUT)
    if session.energy_kwh is None:
        found.add(SessionFlag.UNKNOWN_ENERGY)
    elif session.energy_kwh == 0.0:
        found.add(SessionFlag.ZERO_ENERGY)
    elif session.energy_kwh < 0.0:
        found |= {SessionFlag.IMPLAUSIBLE_ENERGY, SessionFlag.NEGATIVE_START}
    elif session.energy_kwh > most:
        found.add(SessionFlag.IMPLAUSIBLE_ENERGY)
    return frozenset(found)


def assessed(session: Session, most: float) -> Session:
    """Return a session with its flags and the bounds of its energy; ``most``: what can have been delivered.

    What nobody knows lies between nothing and the most of its time. One without an end has no such time.
    """
    session = replace(session, flags=own_flags(session, most))
    energy = session.counted_kwh
    if energy is not None:
        lower = energy if session.lower_kwh is None else min(session.lower_kwh, energy)
        upper = energy if session.upper_kwh is None else max(session.upper_kwh, energy)
        return replace(session, lower_kwh=lower, upper_kwh=upper)
    upper = inf if session.end is None else most
    is_unknown = session.energy_kwh is None  # what cannot be tells nothing, nor do its bounds
    if is_unknown and session.upper_kwh is not None:
        upper = min(upper, session.upper_kwh)
    lower = min(session.lower_kwh or 0.0, upper) if is_unknown else 0.0
    return replace(session, lower_kwh=lower, upper_kwh=upper)


def overlapping(sessions: Sequence[Session]) -> set[str]:
    """Return the transaction ids of sessions of one point that run at the same time as another.

    One that never ended is over when the next one begins: its own end is what is not known.
    """
    found: set[str] = set()
    running: list[Session] = []
    for session in sorted(sessions, key=lambda one: (one.begin, one.transaction_id)):
        running = [one for one in running if one.end is not None and one.end > session.begin]
        if running:
            found.update((session.transaction_id, *(one.transaction_id for one in running)))
        running.append(session)
    return found
