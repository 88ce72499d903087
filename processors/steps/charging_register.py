"""The register of a charging point [kWh]: which of its readings happened, and what it counted from one to the next.

Both are decided by the steps of every register (``registers``), so that sessions agree with the hours of the register
they are read from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.registers import Decrease, RegisterContract, Swap
from ingest.model.succession import Succession
from ingest.model.time import to_micros
from processors.steps.columns import Floats, Ints, Readings
from processors.steps.contracts import Contracts, Starts, changes, contracts, swaps
from processors.steps.registers import Registers, rejected, steps


@dataclass(frozen=True)
class Trace:
    """Readings in order of time, microseconds."""

    time: Ints
    value: Floats


class RegisterStep(NamedTuple):
    """What was counted from ``begin`` to ``end``; ``before`` and ``after`` are what the register stood at.

    It lies between ``lower`` and ``upper``. ``is_known``: whether it was read, and rose no faster than it can.
    ``slip``: by how much it fell without having started anew. ``is_new``: whether it started from zero.
    """

    begin: int
    end: int
    before: float
    after: float
    amount: float
    lower: float
    upper: float
    is_known: bool
    slip: float
    is_new: bool


@dataclass(frozen=True)
class Register:
    """What a register read, the contracts it is read by in time, and the replacements of its meter in order.

    ``interval``: how often it is expected to be read; ``days``: the edges of civil days around its readings, needed
    where it counts by the day. Both in microseconds.
    """

    readings: Trace
    contracts: Succession[RegisterContract]
    swaps: Sequence[Swap] = ()
    interval: int = 0
    days: Instants = field(default_factory=lambda: np.empty(0, np.int64))

    def between(self, begin: int, end: int) -> "Register":
        """Return the same register with a slice of its readings."""
        return replace(self, readings=Trace(self.readings.time[begin:end], self.readings.value[begin:end]))

    def read_by(self, contract: RegisterContract) -> "Register":
        """Return the same register read by one contract all the time."""
        return replace(self, contracts=Succession(contract))

    def believed(self, first: int = 0) -> "Register":
        """Return it with those of its readings that happened; those before ``first`` decide nothing and stay."""
        later = self.between(first, len(self.readings.time))._readings
        kept = np.concatenate([np.ones(first, np.bool_), ~rejected(later, self._columns)])
        return replace(self, readings=Trace(self.readings.time[kept], self.readings.value[kept]))

    def steps(self) -> Iterator[RegisterStep]:
        """Yield what was counted from each reading, or opening of a meter, to the next one."""
        found, count = steps(self._readings, self._columns)
        before, after = found.before, found.after
        fell = found.is_read & (after < before)
        is_new = fell & (count.amount == after)
        slip = np.where(fell & ~is_new & (count.lower < 0.0), before - after, 0.0)
        begin, end = (found.points.time[row] for row in (found.left, found.left + 1))
        counted = (count.amount, count.lower, count.upper, count.is_known)
        columns = (begin, end, before, after, *counted, slip, is_new)
        yield from map(RegisterStep._make, zip(*(column.tolist() for column in columns), strict=True))

    @property
    def is_read_throughout(self) -> bool:
        """Whether somebody read the meters that were replaced among its readings, both the old one and the new one."""
        first, last = self.readings.time[0], self.readings.time[-1]
        among = [swap for swap in self.swaps if first < to_micros(swap.at) <= last]
        return all(swap.closing is not None and swap.opening is not None for swap in among)

    @property
    def _readings(self) -> Readings:
        time, value = self.readings.time, self.readings.value
        return Readings(np.zeros(len(time), np.int64), time, value)

    @property
    def _columns(self) -> Registers:
        alone, unmeasured = np.zeros(1, np.int64), np.zeros(1, np.int64)
        starts = Starts(swaps([(0, self.swaps)]), self.days, changes([(0, self.contracts)]))
        interval = np.array([self.interval], np.int64)
        return Registers(alone, unmeasured, unmeasured, interval, _contract(self.contracts.first), starts)


def deciding(contract: RegisterContract) -> RegisterContract:
    """Return the contract for the readings of one session: unless declared, the readings around a fall say what it was.

    A register that starts from zero with every session does not do so within one.
    """
    return contract if contract.on_decrease else contract.model_copy(update={"on_decrease": Decrease.DECIDE})


@lru_cache(maxsize=1024)
def _contract(contract: RegisterContract) -> Contracts:
    return contracts([contract])
