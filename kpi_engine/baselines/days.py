"""Days of a building in columns: energy with its bounds, temperature, and why a day does not count. Pure.

Days are civil days of the city, in order, none left out; what is not known of one is NaN.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from ingest.model.observation import FloatColumn, IntColumn, Mask

EPOCH: Final = date(1970, 1, 1).toordinal()


def number_of(day: date) -> int:
    """Return a civil day as a number: days since 1970."""
    return day.toordinal() - EPOCH


def day_of_number(number: int) -> date:
    """Return the civil day of a number."""
    return date.fromordinal(number + EPOCH)


@dataclass(frozen=True)
class EnergyDays:
    """Energy [kWh] and temperature [degC] of days, by their numbers; ``coldest`` and ``warmest`` of each.

    ``lower`` and ``upper``: what the energy lies between; infinite where nothing bounds it. ``reasons``: by number,
    what its sources say of a day of which something is not known.
    """

    day: IntColumn
    energy: FloatColumn
    lower: FloatColumn
    upper: FloatColumn
    temperature: FloatColumn
    coldest: FloatColumn
    warmest: FloatColumn
    reasons: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many days there are."""
        return len(self.day)

    def where(self, chosen: Mask) -> "EnergyDays":
        """Return the days that are ``chosen``, with their reasons."""
        columns = {name: column[chosen] for name, column in self.columns().items()}
        kept = set(columns["day"].tolist())
        return EnergyDays(**columns, reasons={number: text for number, text in self.reasons.items() if number in kept})

    def between(self, first: date, last: date) -> "EnergyDays":
        """Return the days of [first, last)."""
        return self.where((self.day >= number_of(first)) & (self.day < number_of(last)))

    def with_zero_missing(self) -> "EnergyDays":
        """Return the days with energies of 0 taken for missing, as CalTRACK 2.0, 2.2.1.4, does of electricity."""
        empty = self.energy == 0.0
        if not empty.any():
            return self
        zeros = dict.fromkeys(self.day[empty].tolist(), "its energy is 0, which of electricity means: not measured")
        nothing = np.where(empty, np.nan, self.energy)
        return replace(self, energy=nothing, reasons={**self.reasons, **zeros})

    def columns(self) -> dict[str, Any]:
        """Return the columns by name."""
        names = ("day", "energy", "lower", "upper", "temperature", "coldest", "warmest")
        return {name: getattr(self, name) for name in names}

    @property
    def is_known(self) -> Mask:
        """Which days have energy and temperature."""
        return np.isfinite(self.energy) & np.isfinite(self.temperature)

    def reason(self, number: int) -> str:
        """Return why a day does not count."""
        at = int(np.searchsorted(self.day, number))
        lacking = [
            name
            for name, column in (("energy", self.energy), ("temperature", self.temperature))
            if np.isnan(column[at])
        ]
        verb = "is" if len(lacking) == 1 else "are"
        return self.reasons.get(number) or f"its {' and its '.join(lacking)} {verb} not known"


def in_order(days: EnergyDays) -> EnergyDays:
    """Return the days in order; raises ValueError where one stands twice."""
    order = np.argsort(days.day, kind="stable")
    found = EnergyDays(**{name: column[order] for name, column in days.columns().items()}, reasons=days.reasons)
    if (np.diff(found.day) == 0).any():
        raise ValueError("expected each day once")
    return found


def every_day(first: date, last: date) -> IntColumn:
    """Return the numbers of the days of [first, last)."""
    return np.arange(number_of(first), number_of(last), dtype=np.int64)


def months_of(day: IntColumn) -> float:
    """Return how many civil months so many consecutive days are: each day is its part of its month."""
    return float(sum(1.0 / _length(day_of_number(number)) for number in day.tolist()))


def year_after(day: date) -> date:
    """Return the day on which twelve months from ``day`` on have passed."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)


def _length(day: date) -> int:
    first = day.replace(day=1)
    return ((first + timedelta(days=31)).replace(day=1) - first).days
