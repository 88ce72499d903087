"""A charging point (one EVSE): its sessions since it was installed, and the registers [kWh, sessions] they add up to.

One vehicle at a time: whoever finds the point taken drives on. The sessions are worked out for whole years since the
installation, from the first one on, so that a value never depends on what was asked for. The meter counts whole Wh.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from ingest.model.time import DAY, HOUR
from simulators.device import Readings, since_installation
from simulators.ev_charging.charge import Charges
from simulators.ev_charging.visits import Habits, Visits
from simulators.noise import FloatColumn, IntColumn

_YEAR: Final = 366  # days
_PER_KWH: Final = 1000.0  # steps of the register


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
        }


class ChargingPoint:
    """One point and those who use it; registers begin at zero on the day it was installed."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits
        self._sessions = lru_cache(maxsize=1)(self._compute)

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times``; before installation is a SimulationError."""
        last = int(since_installation(times)[-1])
        return self._sessions(last // (_YEAR * DAY) + 1).at(times)

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
