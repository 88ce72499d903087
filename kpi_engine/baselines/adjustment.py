"""A non-routine adjustment (IPMVP): what changed in a building beside the measure, and how much energy it is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from ingest.model.observation import FloatColumn, IntColumn
from kpi_engine.baselines.days import number_of


@dataclass(frozen=True)
class Adjustment:
    """``amount`` [kWh] is added to the adjusted baseline of the days [first, last), the same on each of them.

    It is above zero where the building would have used more without the measure: a new wing, longer opening hours.
    """

    number: int
    first: date
    last: date
    amount: float
    author: str
    reason: str
    entered_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_for: str | None = None

    @property
    def per_day(self) -> float:
        """What falls on each of its days [kWh]."""
        return self.amount / (self.last - self.first).days


def per_day(adjustments: Iterable[Adjustment], day: IntColumn) -> FloatColumn:
    """Return what adjustments add to each day, by its number [kWh]."""
    found = np.zeros(len(day))
    for one in adjustments:
        holds = (day >= number_of(one.first)) & (day < number_of(one.last))
        found[holds] += one.per_day
    return found
