"""A charging point (one EVSE): its sessions since it was installed, and the registers [kWh, sessions] they add up to.

One vehicle at a time: whoever finds the point taken drives on. The sessions are worked out for whole years since the
installation, from the first one on, so that a value never depends on what was asked for. The meter counts whole Wh.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.time import DAY, HOUR, SECOND
from simulators.device import Readings, since_installation
from simulators.ev_charging.charge import Charges
from simulators.ev_charging.visits import Habits, Visits
from simulators.noise import FloatColumn, IntColumn, derive, uniform

_YEAR: Final = 366  # days
_PER_KWH: Final = 1000.0  # steps of the register
_SHORTLY: Final = 30 * SECOND  # how long somebody handles the plug
_FAULTS_A_DAY: Final = 1 / 30
_STATES: Final = QUANTITIES["connector_status"].states

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Sessions:
    """Sessions by number, in order; ``before``: what was counted when each began."""

    begin: IntColumn
    end: IntColumn
    charges: Charges
    before: FloatColumn

    @classmethod
    def of(cls, visits: Visits) -> "_Sessions":
        charges = Charges.of(visits.demand, visits.power, visits.taper)
        count = np.arange(len(visits.arrival))
        taken = charges.energy(count, (visits.departure - visits.arrival) / HOUR)
        return cls(visits.arrival, visits.departure, charges, np.concatenate([[0.0], taken.cumsum()]))

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity."""
        begun = np.searchsorted(self.begin, times, side="right")
        session = np.maximum(begun - 1, 0)
        plugged_in = (begun > 0) & (times < self.end[session])
        hours = np.clip(times - self.begin[session], 0, self.end[session] - self.begin[session]) / HOUR
        energy = np.where(begun > 0, self.before[session] + self.charges.energy(session, hours), 0.0)
        return {
            "electricity_energy": np.floor(energy * _PER_KWH) / _PER_KWH,
            "charging_sessions": (begun - plugged_in).astype(np.float64),
            "electricity_power": np.where(plugged_in, self.charges.power_at(session, hours), 0.0),
            "plugged_in": plugged_in.astype(np.float64),
            "connector_status": self._status(times, session, plugged_in, hours),
        }

    def _status(self, times: IntColumn, session: IntColumn, plugged_in: Mask, hours: FloatColumn) -> FloatColumn:
        """Return the states of OCPP as a point goes through them; a battery that is full suspends the charge."""
        is_charging = self.charges.power_at(session, hours) > 0.0
        is_first = times - self.begin[session] < _SHORTLY
        is_last = self.end[session] - times <= _SHORTLY
        conditions = [~plugged_in, is_first, is_last, is_charging]
        states = ("Available", "Preparing", "Finishing", "Charging")
        return np.select(conditions, [_STATES.index(state) for state in states], _STATES.index("SuspendedEV")) + 0.0


class ChargingPoint:
    """One point and those who use it; registers begin at zero on the day it was installed."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits
        self._sessions = lru_cache(maxsize=1)(self._compute)

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times``; before installation is a SimulationError."""
        last = int(since_installation(times)[-1])
        values = self._sessions(last // (_YEAR * DAY) + 1).at(times)
        faulted = self._is_faulted(times) & (values["plugged_in"] == 0.0)
        return {**values, "connector_status": np.where(faulted, _STATES.index("Faulted"), values["connector_status"])}

    def _is_faulted(self, times: IntColumn) -> Mask:
        """Whether the point does not work: now and then, for up to some hours of a day."""
        day, since_midnight = np.divmod(times, DAY)
        chance, begin, length = (uniform(derive(self._habits.seed, name), day) for name in ("fault", "since", "lasts"))
        since = since_midnight / HOUR - 21.0 * begin
        return (chance < _FAULTS_A_DAY) & (since >= 0.0) & (since < 3.0 * length)

    def _compute(self, years: int) -> _Sessions:
        visits = self._habits.visits(years * _YEAR + 1)  # a day more: civil days begin before and after those of UTC
        return _Sessions.of(visits.select(_admitted(visits)))


def _admitted(visits: Visits) -> IntColumn:
    """Return the rows of those who find the point free."""
    admitted, free_from = [], 0
    for row, (arrival, departure) in enumerate(zip(visits.arrival.tolist(), visits.departure.tolist(), strict=True)):
        if arrival >= free_from:
            admitted.append(row)
            free_from = departure
    return np.array(admitted, dtype=np.int64)
