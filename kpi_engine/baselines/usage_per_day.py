"""Energy per day as a function of the day's temperature, and which of the possible functions fits best. Pure.

CalTRACK 2.0, 3.2 to 3.4: a base load, heating below one balance point, cooling above another one that is no lower.
Every combination of balance points is tried; one whose base load or slope is negative is rejected, and of the rest the
best adjusted R2 holds. Temperatures and balance points are in one unit, slopes in energy per degree day of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from ingest.model.observation import FloatColumn
from kpi_engine.baselines.billing import BillingPeriods
from kpi_engine.formulas.degree_days import above, below

_SINGULAR: Final = 1e-12  # of the product of variances: columns that say the same as each other
_CONSTANT: Final = 1e-24  # of the square of the mean: energy that does not vary beyond rounding


class ModelKind(StrEnum):
    """What energy depends on, simplest first."""

    INTERCEPT_ONLY = "intercept_only"
    HDD_ONLY = "hdd_only"
    CDD_ONLY = "cdd_only"
    HDD_CDD = "hdd_cdd"


class CandidateStatus(StrEnum):
    """What became of a candidate."""

    QUALIFIED = "qualified"
    REJECTED = "rejected"
    NOT_ATTEMPTED = "not attempted"


@dataclass(frozen=True)
class UsageModel:
    """Energy of a day: ``intercept`` + slopes times degree days at balance points; None where there is no slope."""

    kind: ModelKind
    intercept: float
    heating_slope: float = 0.0
    heating_balance: float | None = None
    cooling_slope: float = 0.0
    cooling_balance: float | None = None

    @property
    def variables(self) -> int:
        """Explanatory variables, without the intercept: CalTRACK's c."""
        return (self.heating_balance is not None) + (self.cooling_balance is not None)

    def heating(self, temperature: FloatColumn) -> FloatColumn:
        """Return the part of each day that heating takes."""
        if self.heating_balance is None:
            return np.zeros(len(temperature))
        return self.heating_slope * below(temperature, self.heating_balance)

    def cooling(self, temperature: FloatColumn) -> FloatColumn:
        """Return the part of each day that cooling takes."""
        if self.cooling_balance is None:
            return np.zeros(len(temperature))
        return self.cooling_slope * above(temperature, self.cooling_balance)

    def predict(self, temperature: FloatColumn) -> FloatColumn:
        """Return the energy of each day; NaN where a temperature that counts is not known."""
        return self.intercept + self.heating(temperature) + self.cooling(temperature)

    def design(self, temperature: FloatColumn) -> FloatColumn:
        """Return what the coefficients multiply, a row per day: 1 and the degree days."""
        columns = [np.ones(len(temperature))]
        if self.heating_balance is not None:
            columns.append(below(temperature, self.heating_balance))
        if self.cooling_balance is not None:
            columns.append(above(temperature, self.cooling_balance))
        return np.column_stack(columns)


@dataclass(frozen=True)
class Candidate:
    """One combination that was tried: its model and adjusted R2 where it was fitted, and why it was refused."""

    kind: ModelKind
    status: CandidateStatus
    heating_balance: float | None = None
    cooling_balance: float | None = None
    model: UsageModel | None = None
    adjusted_r2: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Requirements:
    """What a slope needs: days with degree days (0: not asked for, of bills), and degree days of all days together."""

    least_days: int = 10
    least_total: float = 20.0


@dataclass(frozen=True)
class Regression:
    """Coefficients of a least-squares fit, the intercept first, and its adjusted R2; NaN where that is not defined."""

    coefficients: tuple[float, ...]
    adjusted_r2: float


def fit(  # noqa: PLR0913 - days, and what is tried of them
    energy: FloatColumn,
    temperature: FloatColumn,
    balance_points: FloatColumn,
    required: Requirements,
    *,
    may_cool: bool = True,
    bills: BillingPeriods | None = None,
) -> list[Candidate]:
    """Return every candidate, in order of kind and balance points, fitted to days (ordinary least squares).

    ``may_cool``: whether cooling is considered, which heat and gas do not serve. ``bills``: the periods that days lie
    in; then means of these are fitted, weighted by their days.
    """
    points = balance_points.tolist()
    heating = {point: below(temperature, point) for point in points}
    cooling = {point: above(temperature, point) for point in points} if may_cool else {}
    weights = None
    if bills is not None:
        energy, weights = bills.means(energy), bills.days
        heating = {point: bills.means(days) for point, days in heating.items()}
        cooling = {point: bills.means(days) for point, days in cooling.items()}

    def tried(degree_days: dict[ModelKind, tuple[float, FloatColumn]]) -> Candidate:
        return candidate(energy, degree_days, required, weights)

    found = [intercept_only(energy, weights)]
    found += [tried({ModelKind.HDD_ONLY: (base, days)}) for base, days in heating.items()]
    found += [tried({ModelKind.CDD_ONLY: (base, days)}) for base, days in cooling.items()]
    found += [
        tried({ModelKind.HDD_ONLY: (low, cold), ModelKind.CDD_ONLY: (high, warm)})
        for low, cold in heating.items()
        for high, warm in cooling.items()
        if high >= low
    ]
    return found


def best(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the qualified candidate with the best adjusted R2, the first of several; None where none qualifies."""
    qualified = [one for one in candidates if one.status is CandidateStatus.QUALIFIED and one.adjusted_r2 is not None]
    return max(qualified, key=lambda one: one.adjusted_r2 or 0.0, default=None)


def intercept_only(energy: FloatColumn, weights: FloatColumn | None = None) -> Candidate:
    """Return the candidate that does not depend on the weather; its adjusted R2 is 0 by definition."""
    (mean,) = regress(energy, [], weights).coefficients
    model = UsageModel(ModelKind.INTERCEPT_ONLY, mean)
    status, reason = _status_of(model)
    return Candidate(ModelKind.INTERCEPT_ONLY, status, None, None, model, 0.0, reason)


def candidate(
    energy: FloatColumn,
    degree_days: dict[ModelKind, tuple[float, FloatColumn]],
    required: Requirements,
    weights: FloatColumn | None = None,
) -> Candidate:
    """Return one candidate: ``degree_days`` are balance point and mean degree days per day, by HDD_ONLY and CDD_ONLY.

    ``weights``: the days of each period where periods are bills; each row is a day without.
    """
    heating = degree_days.get(ModelKind.HDD_ONLY)
    cooling = degree_days.get(ModelKind.CDD_ONLY)
    kind = ModelKind.HDD_CDD if heating and cooling else next(iter(degree_days))
    balances = (heating and heating[0], cooling and cooling[0])
    columns = [one[1] for one in (heating, cooling) if one]
    days = np.ones(len(energy)) if weights is None else weights
    lacking = [
        sentence
        for word, one in (("heating", heating), ("cooling", cooling))
        if one
        for sentence in _lacking(word, *one, days, required)
    ]
    if lacking:
        return Candidate(kind, CandidateStatus.NOT_ATTEMPTED, *balances, reason="; ".join(lacking))
    found = regress(energy, columns, weights)
    if not np.isfinite(found.adjusted_r2):
        reason = "energy does not vary, or the degree days say the same as each other: nothing can be told apart"
        return Candidate(kind, CandidateStatus.NOT_ATTEMPTED, *balances, reason=reason)
    intercept, *slopes = found.coefficients
    model = UsageModel(
        kind,
        intercept,
        slopes[0] if heating else 0.0,
        balances[0],
        slopes[-1] if cooling else 0.0,
        balances[1],
    )
    status, reason_or_none = _status_of(model)
    return Candidate(kind, status, *balances, model, found.adjusted_r2, reason_or_none)


def regress(energy: FloatColumn, columns: Sequence[FloatColumn], weights: FloatColumn | None = None) -> Regression:
    """Return the weighted least-squares fit of ``energy`` by an intercept and at most two ``columns``.

    Columns are centred first, so that a base far from zero costs no digits. ValueError without rows.
    """
    if not len(energy):
        raise ValueError("there are no days to fit to")
    share = np.ones(len(energy)) if weights is None else weights
    whole = share.sum()
    mean = float((share * energy).sum() / whole)
    y = energy - mean
    total = float((share * y * y).sum())
    centres = [float((share * column).sum() / whole) for column in columns]
    centred = [column - centre for column, centre in zip(columns, centres, strict=True)]
    slopes = _slopes(y, centred, share)
    if slopes is None:
        return Regression((mean, *(0.0 for _ in columns)), np.nan)
    intercept = mean - sum(slope * centre for slope, centre in zip(slopes, centres, strict=True))
    left = y - sum((slope * column for slope, column in zip(slopes, centred, strict=True)), np.zeros(len(y)))
    free = len(energy) - len(columns) - 1
    is_defined = free > 0 and total > _CONSTANT * whole * mean * mean and total > 0.0
    adjusted = 1.0 - (float((share * left * left).sum()) / free) / (total / (len(energy) - 1)) if is_defined else np.nan
    return Regression((intercept, *slopes), adjusted)


def _slopes(y: FloatColumn, columns: Sequence[FloatColumn], weights: FloatColumn) -> tuple[float, ...] | None:
    """Return the slopes of centred columns; None where they cannot be told apart."""
    if not columns:
        return ()
    squares = [float((weights * column * column).sum()) for column in columns]
    along = [float((weights * column * y).sum()) for column in columns]
    if min(squares) <= 0.0:
        return None
    if len(columns) == 1:
        return (along[0] / squares[0],)
    cross = float((weights * columns[0] * columns[1]).sum())
    determinant = squares[0] * squares[1] - cross * cross
    if determinant <= _SINGULAR * squares[0] * squares[1]:
        return None
    return (
        (along[0] * squares[1] - along[1] * cross) / determinant,
        (along[1] * squares[0] - along[0] * cross) / determinant,
    )


def _lacking(
    word: str, base: float, degree_days: FloatColumn, days: FloatColumn, required: Requirements
) -> Iterator[str]:
    """Yield what ``degree_days`` lack to tell a slope."""
    some, whole = int(np.count_nonzero(degree_days > 0.0)), float((degree_days * days).sum())
    if some < required.least_days:
        yield f"{word} at {base:.4g} has {some} days with degree days; {required.least_days} are needed"
    if whole < required.least_total:
        yield f"{word} at {base:.4g} has {whole:.3g} degree days; {required.least_total:.4g} are needed"


def _status_of(model: UsageModel) -> tuple[CandidateStatus, str | None]:
    """Reject a model with a negative part, and say which."""
    negative = [
        f"its {name} is negative ({value:.6g})"
        for name, value in (
            ("base load", model.intercept),
            ("heating slope", model.heating_slope),
            ("cooling slope", model.cooling_slope),
        )
        if value < 0.0
    ]
    return (CandidateStatus.REJECTED, "; ".join(negative)) if negative else (CandidateStatus.QUALIFIED, None)
