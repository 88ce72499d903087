"""Avoided energy: the adjusted baseline less what was measured, by the day, with what it lies between. Pure.

avoided = predicted by the baseline's model at the temperatures of the reporting period + non-routine adjustments -
measured (IPMVP). A day of which energy or temperature is not known counts on neither side (CalTRACK 2.0, 3.5), and no
part of a year is scaled to a year (4.1.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import inf, isfinite

import numpy as np

from ingest.model.observation import FloatColumn, Mask
from kpi_engine.baselines.adjustment import Adjustment, per_day
from kpi_engine.baselines.avoided import LEAST_COUNTED, LIMITS, AvoidedSums
from kpi_engine.baselines.days import EnergyDays, day_of_number, months_of, number_of, year_after
from kpi_engine.baselines.fitted import Baseline
from kpi_engine.baselines.uncertainty import fractional_savings_uncertainty, of_model
from kpi_engine.figures.status import FigureStatus, publication
from kpi_engine.formulas.degree_days import DayTemperature, DegreeDays, middle


class SavingsPeriod(StrEnum):
    """What savings are told by."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class Bound:
    """A number that lies between two others, None where nothing bounds it, and how far it may be published.

    ``value`` is None where it can be wrong by too much or is not known; ``reason`` says why, and what is missing.
    """

    value: float | None
    lower: float | None
    upper: float | None
    status: FigureStatus
    reason: str | None


@dataclass(frozen=True)
class Savings:
    """What was avoided in the days [first, last), of which ``counted`` of ``days`` are known [kWh].

    ``model_half_width``: how far the model may be off at the declared confidence; ``fractional_uncertainty``: over what
    was avoided. ``measured_lower`` and ``measured_upper`` bound the measured energy.
    """

    first: date
    last: date
    days: int
    counted: int
    predicted: float
    adjustments: float
    measured: float
    measured_lower: float | None
    measured_upper: float | None
    avoided: Bound
    model_half_width: float | None
    fractional_uncertainty: float | None
    heating_degree_days: float | None
    cooling_degree_days: float | None

    @property
    def adjusted_baseline(self) -> float:
        """What would have been used without the measure, on the days that count [kWh]."""
        return self.predicted + self.adjustments

    @property
    def difference(self) -> float:
        """The adjusted baseline less what was measured, however far it may be off [kWh]."""
        return self.adjusted_baseline - self.measured


@dataclass(frozen=True)
class SavingsAccount:
    """The days of a reporting period with what the baseline says of them; ``adjustment`` by day [kWh].

    ``is_open``: more days may still come, or become known.
    """

    baseline: Baseline
    days: EnergyDays
    predicted: FloatColumn
    adjustment: FloatColumn
    confidence: float
    degree_days: DegreeDays
    is_open: bool = False

    @property
    def counts(self) -> Mask:
        """Which days count: those of which energy and temperature are known."""
        return self.days.is_known

    @property
    def avoided(self) -> FloatColumn:
        """What each day avoided [kWh]; NaN where it does not count."""
        return np.where(self.counts, self.predicted + self.adjustment - self.days.energy, np.nan)

    def between(self, first: date, last: date) -> Savings:
        """Return the savings of [first, last)."""
        inside = (self.days.day >= number_of(first)) & (self.days.day < number_of(last))
        return self._savings(first, last, inside, inside & self.counts)

    def by(self, period: SavingsPeriod) -> list[Savings]:
        """Return the savings of each civil day or month that has a day, in order of time."""
        first, last = (day_of_number(int(self.days.day[place])) for place in (0, -1))
        end = last + timedelta(days=1)
        days = [day_of_number(number) for number in self.days.day.tolist()]
        if period is SavingsPeriod.DAY:
            return [self.between(day, day + timedelta(days=1)) for day in days]
        months = dict.fromkeys(day.replace(day=1) for day in days)
        return [self.between(max(month, first), min(_next_month(month), end)) for month in months]

    def lacking(self) -> list[tuple[date, str]]:
        """Return the days that do not count, and why."""
        numbers = self.days.day[~self.counts].tolist()
        return [(day_of_number(number), self.days.reason(number)) for number in numbers]

    def worth(self, saved: Savings, rates: FloatColumn, lacking: str) -> Bound:
        """Return what savings are worth at a rate per kWh by day, money or emissions; NaN where there is none.

        How far it may be off is how far the energy may be, at the highest rate of its days.
        """
        inside = (self.days.day >= number_of(saved.first)) & (self.days.day < number_of(saved.last)) & self.counts
        if not inside.any():
            return saved.avoided
        used = rates[inside]
        if np.isnan(used).any():
            return Bound(None, None, None, FigureStatus.INSUFFICIENT, lacking)
        value, highest = float((self.avoided[inside] * used).sum()), float(np.abs(used).max())
        lower, upper = (
            None if end is None else value + (end - saved.difference) * highest
            for end in (saved.avoided.lower, saved.avoided.upper)
        )
        published = value if saved.avoided.value is not None else None
        return Bound(published, lower, upper, saved.avoided.status, saved.avoided.reason)

    def _savings(self, first: date, last: date, inside: Mask, chosen: Mask) -> Savings:
        days, counted = int(np.count_nonzero(inside)), self.days.where(chosen)
        predicted, adjusted = float(self.predicted[chosen].sum()), float(self.adjustment[chosen].sum())
        measured, low, high = (float(column.sum()) for column in (counted.energy, counted.lower, counted.upper))
        half_width = below = above = inf
        if len(counted):
            width = of_model(self.baseline.quality, self.confidence, months_of(counted.day), len(counted))
            half_width = width * abs(predicted)
            below, above = self.baseline.spread(counted.temperature)
        sums = AvoidedSums(predicted, adjusted, measured, low, high, half_width, below, above)
        value = sums.difference
        outcome = sums.outcome(len(counted) / days if days else 0.0, self._missing(inside, chosen))
        verdict = publication(outcome, is_open=self.is_open or len(counted) < days, limits=LIMITS)
        avoided = Bound(verdict.value, outcome.lower, outcome.upper, verdict.status, verdict.reason)
        fraction = value / (predicted + adjusted) if predicted + adjusted else 0.0
        relative = half_width / abs(predicted + adjusted) if predicted + adjusted else inf
        return Savings(
            first,
            last,
            days,
            len(counted),
            predicted,
            adjusted,
            measured,
            _finite(low),
            _finite(high),
            avoided,
            _finite(half_width),
            _finite(fractional_savings_uncertainty(relative, fraction)),
            *(_finite(float(column.sum())) for column in _degree_days(self.degree_days, counted)),
        )

    def _missing(self, inside: Mask, chosen: Mask) -> str | None:
        lacking = self.days.day[inside & ~chosen].tolist()
        if not lacking:
            return None
        first = f"{day_of_number(lacking[0])}: {self.days.reason(lacking[0])}"
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        whole = int(np.count_nonzero(inside))
        needed = "" if whole - len(lacking) >= LEAST_COUNTED * whole else f", {LEAST_COUNTED:.0%} are needed"
        return f"{whole - len(lacking)} of {whole} days count{needed}; those that do not: {first}{more}"


def account(  # noqa: PLR0913 - what savings are made of
    baseline: Baseline,
    days: EnergyDays,
    adjustments: Sequence[Adjustment],
    *,
    confidence: float,
    degree_days: DegreeDays,
    is_open: bool = False,
) -> SavingsAccount:
    """Hold the days of a reporting period, in order, against a baseline."""
    predicted = baseline.model.predict(days.temperature)
    return SavingsAccount(baseline, days, predicted, per_day(adjustments, days.day), confidence, degree_days, is_open)


def part_of_a_year(first: date, last: date) -> str | None:
    """Return why savings of [first, last) are not those of a year; None where they are those of twelve months."""
    if last == year_after(first):
        return None
    days = (last - first).days
    return (
        f"these are the savings of {days} days, from {first} to {last}, and not of twelve months: they are not scaled "
        "to a year, since a season's savings do not stand for the others (CalTRACK 2.0, 4.1.2)"
    )


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _degree_days(definition: DegreeDays, days: EnergyDays) -> tuple[FloatColumn, FloatColumn]:
    of_mean = definition.day is DayTemperature.MEAN
    temperature = days.temperature if of_mean else middle(days.coldest, days.warmest)
    return definition.heating(temperature), definition.cooling(temperature)


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
