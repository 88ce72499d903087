"""A baseline without a city: days of a period, and of one after it, as somebody writes them down. Pure.

For worked examples of standards and of other programs, and to check a model by its lineage.
"""

from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from ingest.model.city.baseline import USUAL_DEGREE_DAYS, USUAL_METHOD
from ingest.model.observation import FloatColumn
from kpi_engine.baselines.days import EPOCH, EnergyDays, in_order
from kpi_engine.baselines.fitted import Baseline, fit_baseline
from kpi_engine.baselines.methods import FREEZING_FAHRENHEIT, KELVIN_PER_FAHRENHEIT, METHODS, BalanceGrid, Method
from kpi_engine.baselines.savings import account
from kpi_engine.baselines.uncertainty import USUAL_CONFIDENCE
from kpi_engine.formulas.degree_days import DEGREE_DAYS
from kpi_engine.indicator import Entry

LONGEST: Final = 4_000  # days
Number = Annotated[float, Field(ge=-1e12, le=1e12)]


class DaysInput(Entry):
    """Days from ``first`` on, or those of ``day``: ``energy`` [kWh] and ``temperature`` of each; null: not known."""

    first: date | None = None
    day: tuple[date, ...] | None = None
    energy: tuple[Number | None, ...] = Field(min_length=1, max_length=LONGEST)
    temperature: tuple[Number | None, ...] = Field(max_length=LONGEST)

    @model_validator(mode="after")
    def _of_one_length(self) -> Self:
        if len(self.temperature) != len(self.energy) or len(self.day or self.energy) != len(self.energy):
            raise ValueError("expected as many temperatures, and days where they are given, as energies")
        if len(set(self.day or ())) < len(self.day or ()):
            raise ValueError("expected each day once")
        return self

    def days(self) -> EnergyDays:
        """Return the days in order."""
        first = self.first or date(2001, 1, 1)
        every = self.day or tuple(first + timedelta(days=place) for place in range(len(self.energy)))
        number = np.array([day.toordinal() - EPOCH for day in every], np.int64)
        energy, temperature = _column(self.energy), _column(self.temperature)
        return in_order(EnergyDays(number, energy, energy, energy, temperature, temperature, temperature))


class BalancePoints(Entry):
    """Balance points that are tried, in the unit of the temperatures."""

    first: Number
    last: Number
    step: Annotated[float, Field(gt=0.0, le=1e3)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.first <= self.last <= self.first + 200 * self.step:
            raise ValueError("expected first before last, and at most 201 balance points")
        return self


class WorkedExample(Entry):
    """What a baseline is fitted to, and the days it is held against.

    ``whole_year``: whether a period that is no year, or lacks more days than a year may, is disqualified.
    ``may_cool``: whether energy may serve cooling.
    """

    unit: Literal["degC", "degF"] = "degC"
    baseline: DaysInput
    reporting: DaysInput | None = None
    method: str = USUAL_METHOD
    balance_points: BalancePoints | None = None
    may_cool: bool = True
    whole_year: bool = True
    confidence: float = Field(default=USUAL_CONFIDENCE, ge=0.5, le=0.999)
    degree_days: str = USUAL_DEGREE_DAYS

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.method not in METHODS:
            raise ValueError(f"expected method one of {', '.join(METHODS)}")
        if self.degree_days not in DEGREE_DAYS:
            raise ValueError(f"expected degree_days one of {', '.join(DEGREE_DAYS)}")
        return self


def worked(example: WorkedExample) -> dict[str, Any]:
    """Return model, diagnostics and savings of an example, in the unit of its temperatures."""
    fit = fit_baseline(example.baseline.days(), _method(example), may_cool=example.may_cool)
    found = fit.baseline
    return {
        "reasons": list(fit.reasons),
        "flags": list(fit.sufficiency.flags),
        "days": fit.sufficiency.days,
        "missing_days": fit.sufficiency.missing,
        "model": found and asdict(found.model),
        "quality": found and found.quality.document(),
        "tried": [asdict(one) for one in fit.tried],
        "savings": _savings(example, found) if found and example.reporting else None,
    }


def _savings(example: WorkedExample, baseline: Baseline) -> dict[str, Any] | None:
    if example.reporting is None:
        return None
    days = example.reporting.days()
    definition = DEGREE_DAYS[example.degree_days]
    found = account(baseline, days, (), confidence=example.confidence, degree_days=definition)
    first, last = (date.fromordinal(int(days.day[place]) + EPOCH) for place in (0, -1))
    saved = asdict(found.between(first, last + timedelta(days=1)))
    if example.unit == "degF":  # degree days are defined in degC
        celsius = (days.temperature[days.is_known] - FREEZING_FAHRENHEIT) * KELVIN_PER_FAHRENHEIT
        saved["heating_degree_days"] = float(definition.heating(celsius).sum())
        saved["cooling_degree_days"] = float(definition.cooling(celsius).sum())
    return saved


def _method(example: WorkedExample) -> Method:
    """Return the method in the unit of the example's temperatures."""
    method = METHODS[example.method]
    if not example.whole_year:
        method = replace(method, baseline_days=(1, LONGEST), most_missing=LONGEST)
    if example.unit == "degF":
        grid = method.grid
        of_unit = grid if grid.is_fahrenheit else _fahrenheit(grid)
        method = replace(
            method, grid=replace(of_unit, is_fahrenheit=False), least_total=method.least_total / KELVIN_PER_FAHRENHEIT
        )
    if example.balance_points is not None:
        points = example.balance_points
        method = replace(method, grid=BalanceGrid(points.first, points.last, points.step))
    return method


def _fahrenheit(grid: BalanceGrid) -> BalanceGrid:
    def converted(celsius: float) -> float:
        return celsius / KELVIN_PER_FAHRENHEIT + FREEZING_FAHRENHEIT

    return BalanceGrid(converted(grid.first), converted(grid.last), grid.step / KELVIN_PER_FAHRENHEIT)


def _column(values: tuple[float | None, ...]) -> FloatColumn:
    return np.array([np.nan if value is None else value for value in values], np.float64)
