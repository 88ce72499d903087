"""Bills as periods of a model: civil months, of which every day has its month's mean (CalTRACK 2.0, monthly). Pure."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.observation import FloatColumn, IntColumn, Mask
from kpi_engine.baselines.days import EnergyDays, day_of_number

FIRST_YEAR: Final = 1970


@dataclass(frozen=True)
class BillingPeriods:
    """Which of the periods, in order, each day lies in, from 0 on; ``number`` tells periods that follow each other."""

    of: IntColumn
    number: IntColumn

    @classmethod
    def of_days(cls, day: IntColumn) -> "BillingPeriods":
        """Return the civil months that days lie in."""
        number, of = np.unique(month_numbers(day), return_inverse=True)
        return cls(of.reshape(-1).astype(np.int64), number.astype(np.int64))

    @property
    def days(self) -> FloatColumn:
        """How many days each period has: what it weighs."""
        return self.totals(np.ones(len(self.of)))

    def totals(self, column: FloatColumn) -> FloatColumn:
        """Return the sum over the days of each period."""
        totals: FloatColumn = np.bincount(self.of, weights=column, minlength=len(self.number)).astype(np.float64)
        return totals

    def means(self, column: FloatColumn) -> FloatColumn:
        """Return the mean over the days of each period."""
        means: FloatColumn = self.totals(column) / self.days
        return means

    def each_day(self, columns: FloatColumn) -> FloatColumn:
        """Return for each day the means of its period, of every column of a table of days."""
        means = np.column_stack([self.means(column) for column in columns.T])
        spread: FloatColumn = means[self.of]
        return spread


def month_numbers(day: IntColumn) -> IntColumn:
    """Return the civil months of days as numbers: months since 1970."""
    dates = [day_of_number(number) for number in day.tolist()]
    return np.array([(one.year - FIRST_YEAR) * 12 + one.month - 1 for one in dates], np.int64)


def month_label(number: int) -> str:
    """Return a month as 2026-03."""
    return f"{FIRST_YEAR + number // 12}-{number % 12 + 1:02d}"


def of_whole_months(days: EnergyDays, least_covered: float) -> Mask:
    """Return which days count: those of a month whose energy is known, and ``least_covered`` of its temperatures.

    A day of such a month that has no temperature does not count.
    """
    months = BillingPeriods.of_days(days.day)
    energy, temperature = (months.means(np.isfinite(one) * 1.0) for one in (days.energy, days.temperature))
    counts = (energy >= 1.0) & (temperature >= least_covered)
    return counts[months.of] & days.is_known
