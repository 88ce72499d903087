"""Registers in tests: rolled up through the steps, and counted again reading by reading, as a person would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from ingest.model.calendar import Period, ceil, edges, floor
from ingest.model.expected_interval import ExpectedInterval
from ingest.model.registers import RegisterContract, Scope, Swap, rescoped
from ingest.model.succession import Succession
from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros
from processors.steps.columns import Readings
from processors.steps.contracts import Starts, changes, contracts, swaps
from processors.steps.hours import Windows, hours
from processors.steps.interval_lengths import Kind, Lengths
from processors.steps.rollup import Rollup

SERIES = 7
ROUNDING = 1e-12
LIFETIME = RegisterContract()


@dataclass(frozen=True)
class Register:
    """A register of one series and how it is declared; times in microseconds. ``later``: contracts since when."""

    contract: RegisterContract = LIFETIME
    swaps: tuple[Swap, ...] = ()
    max_gap: int = 3 * HOUR
    zone: str = "Europe/Copenhagen"
    later: tuple[tuple[int, RegisterContract], ...] = ()

    def rollups(self, times: Sequence[int], values: Sequence[float]) -> list[Rollup]:
        """Return the hours of readings that are all known."""
        start, end = floor(times[0], Period.HOUR, self.zone), ceil(times[-1] + 1, Period.HOUR, self.zone)
        windows = Windows(
            series_id=np.array([SERIES]),
            start=np.array([start]),
            end=np.array([end]),
            max_gap=np.array([self.max_gap]),
            filling=np.array([0]),
            is_register=np.array([True]),
            is_gauge=np.array([False]),
            is_linear=np.array([True]),
            lengths=Lengths.of([Kind(ExpectedInterval(elapsed=HOUR), self.zone)], [MINUTE]),
            contracts=contracts([self.contract]),
        )
        readings = Readings(np.zeros(len(times), np.int64), np.array(times, np.int64), np.array(values, np.float64))
        days = edges(times[0] - DAY, times[-1] + DAY, Period.DAY, self.zone)
        dated = Succession(self.contract, self.later)
        starts = Starts(swaps([(SERIES, (*self.swaps, *rescoped(dated)))]), days, changes([(SERIES, dated)]))
        table = hours(readings, windows, edges(start, end, Period.HOUR, self.zone), starts)
        return [table.row(index) for index in range(len(table))]

    def total(self, times: Sequence[int], values: Sequence[float]) -> float:
        """Return what the hours of readings sum up to."""
        return sum(row.total or 0.0 for row in self.rollups(times, values))

    def counted(self, times: Sequence[int], values: Sequence[float]) -> float:
        """Return what was counted, reading by reading, where every fall is a restart."""
        total, last = 0.0, times[0]
        level: float | None = values[0]  # None: of a meter that nobody has read yet
        for index, time in enumerate(times[1:], start=1):
            if self._repeats_yesterday(times, values, index):
                continue
            value = values[index]
            for swap in self.swaps:
                if last < to_micros(swap.at) <= time:
                    if swap.closing is not None and level is not None:
                        total += self._counted(level, swap.closing, closes=True)
                    level = swap.opening
            if self._began_a_day(last, time) and not self._closes(last, time, level, value):
                level = 0.0
                if self._starts_a_day(time) and self._follows(last, time):
                    value = 0.0  # whatever it shows, nothing has been counted since midnight at midnight
            if level is None:
                level = value
            total += self._counted(level, value)
            level = max(level, value) if value >= level - self._tolerance(level) else value
            if self.contract.scope is Scope.DAY and self._starts_a_day(time):
                level = 0.0
            last = time
        return total

    def _repeats_yesterday(self, times: Sequence[int], values: Sequence[float], index: int) -> bool:
        """Whether a register that counts by the day still shows what the day before ended with; not so at midnight."""
        if self.contract.scope is not Scope.DAY or self._starts_a_day(times[index]):
            return False
        first, today = index, self._day(times[index])
        while first and values[first] == values[index] and self._counts_in(times, values, first) == today:
            first -= 1
        return values[first] == values[index] > 0 and self._counts_in(times, values, first) != today

    def _counts_in(self, times: Sequence[int], values: Sequence[float], index: int) -> object:
        """Return the day a reading counts in: one at midnight closes the day before, unless the register fell."""
        time, value = times[index], values[index]
        fell = bool(index) and self._follows(times[index - 1], time) and value < values[index - 1]
        return self._day(time - 1) if self._starts_a_day(time) and value > 0 and not fell else self._day(time)

    def _counted(self, level: float, value: float, *, closes: bool = False) -> float:
        if value >= level - self._tolerance(level):
            return max(value - level, 0.0)
        modulus = self.contract.modulus
        if modulus and level <= modulus and modulus - level + value <= modulus / 10:
            return modulus - level + value
        return 0.0 if closes else value

    def _tolerance(self, level: float) -> float:
        return self.contract.jitter + ROUNDING * abs(level)

    def _day(self, time: int) -> object:
        return self._local(time).date()

    def _local(self, time: int) -> datetime:
        return from_micros(time).astimezone(ZoneInfo(self.zone))

    def _began_a_day(self, last: int, time: int) -> bool:
        return self.contract.scope is Scope.DAY and self._day(time) != self._day(last)

    def _starts_a_day(self, time: int) -> bool:
        return self._day(time) != self._day(time - 1)

    def _closes(self, last: int, time: int, level: float | None, value: float) -> bool:
        """Whether a reading at midnight is the last of the day before."""
        follows = self._follows(last, time)
        return self._starts_a_day(time) and value > 0 and follows and level is not None and value >= level

    def _follows(self, last: int, time: int) -> bool:
        """Whether the day before ``time`` is that of the reading before."""
        return self._day(time - 1) == self._day(last)
