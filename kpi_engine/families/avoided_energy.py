"""Energy avoided against a fitted baseline: adjusted baseline less measured, on the days that are known on both sides.

The arithmetic and the bounds are those of ``pharos baseline savings``. Energy in kWh, temperatures in degC.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from math import isfinite
from typing import Final

import numpy as np
from pydantic import Field

from ingest.model.calendar import Period
from ingest.model.city.baseline import ZeroDay
from ingest.wording import first_of
from kpi_engine.baselines.adjustment import per_day
from kpi_engine.baselines.avoided import LIMITS, AvoidedSums
from kpi_engine.baselines.days import months_of, number_of
from kpi_engine.baselines.methods import METHODS
from kpi_engine.baselines.model_quality import ModelQuality
from kpi_engine.baselines.uncertainty import of_model
from kpi_engine.baselines.usage_per_day import UsageModel
from kpi_engine.evidence.amounts import LARGEST
from kpi_engine.families.of_figures import bounded_of
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.indicator import Better, Entry, Indicator, Inputs, Months, Outcome
from kpi_engine.ports.metric import Metric, MetricInput, MetricPeriod, every
from kpi_engine.ports.model import BaselineDays, Model
from kpi_engine.window import Window

NAMED: Final = 3


class FittedModel(Entry):
    """A fitted baseline: its model, how well it fits, and how far the bounds of its own days reach in the sum [kWh]."""

    baseline: str
    version: int
    usage: UsageModel
    quality: ModelQuality
    confidence: float = Field(gt=0, lt=1)
    below_kwh: float = Field(default=0.0, le=LARGEST)
    above_kwh: float = Field(default=0.0, ge=-LARGEST)


class AvoidedDay(Entry):
    """A civil day: energy in its bounds, mean temperature, what is added to it; ``missing``: why it does not count."""

    day: date
    energy_kwh: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    lower_kwh: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    upper_kwh: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    coverage: float = Field(default=1.0, ge=0)
    temperature_degc: float | None = None
    adjustment_kwh: float = 0.0
    missing: str | None = None


class AvoidedInputs(Inputs):
    """The days since the measure, and the model; null, and ``lacking`` says why, where there is none."""

    days: tuple[AvoidedDay, ...]
    model: FittedModel | None = None
    lacking: str | None = None


def avoided_inputs(window: Window, energy: Metric, model: Model) -> AvoidedInputs:
    """Select the days of the reporting period that are over, and the model that holds."""
    given = window.given(model)
    figures = every(window.given(energy))[-len(given.days) :] if given.days else ()
    days = tuple(_days(given, figures))
    if given.model is None:
        return AvoidedInputs(days=days, lacking=f"baseline {given.name} was never fitted (pharos baseline fit)")
    fit = given.model.baseline
    if fit is None:
        return AvoidedInputs(days=days, lacking="; ".join(given.model.reasons))
    counted = np.array([day.temperature_degc for day in days if day.missing is None], np.float64)
    below, above = fit.spread(counted) if len(counted) else (0.0, 0.0)
    return AvoidedInputs(
        days=days,
        model=FittedModel(
            baseline=given.name,
            version=given.model.version,
            usage=fit.model,
            quality=fit.quality,
            confidence=given.declaration.confidence,
            below_kwh=below,
            above_kwh=above,
        ),
    )


def avoided(inputs: AvoidedInputs) -> Outcome:
    """Return what was avoided on the days that count; of less than 90 % of them there is no sum."""
    counted = [day for day in inputs.days if day.missing is None]
    share = len(counted) / len(inputs.days) if inputs.days else 0.0
    covered = sum(day.coverage for day in counted) / len(inputs.days) if inputs.days else 0.0
    why = inputs.lacking or _said(inputs.days)
    if inputs.model is None or not counted:
        return Outcome(None, covered, None, why)
    model, temperature = inputs.model, np.array([day.temperature_degc for day in counted], np.float64)
    numbers = np.array([number_of(day.day) for day in counted])
    predicted = float(model.usage.predict(temperature).sum())
    measured = added(Bounded.between(day.energy_kwh, day.lower_kwh, day.upper_kwh) for day in counted)
    width = of_model(model.quality, model.confidence, months_of(numbers), len(counted))
    sums = AvoidedSums(
        predicted,
        sum(day.adjustment_kwh for day in counted),
        measured.value or 0.0,
        measured.lower,
        measured.upper,
        width * abs(predicted),
        model.below_kwh,
        model.above_kwh,
    )
    return replace(sums.outcome(share, why), coverage=covered)


def _days(given: BaselineDays, figures: Sequence[MetricInput]) -> "list[AvoidedDay]":
    least = METHODS[given.declaration.method].least_share
    added_to = per_day(given.adjustments, np.array([number_of(day) for day in given.days], np.int64))
    found = []
    for day, figure, temperature, more in zip(
        given.days, figures, given.temperature.tolist(), added_to.tolist(), strict=True
    ):
        is_measured = figure.value is not None and figure.coverage >= least
        is_zero = figure.value == 0.0 and given.declaration.zero is ZeroDay.MISSING
        faults = [
            None if is_measured else f"its {figure.kpi} is measured to {figure.coverage:.0%}",
            "its energy is 0, which means: not measured" if is_zero else None,
            None if isfinite(temperature) else "its temperature is not known",
        ]
        bounds = bounded_of(figure).published
        found.append(
            AvoidedDay(
                day=day,
                energy_kwh=figure.value,
                lower_kwh=bounds[0],
                upper_kwh=bounds[1],
                coverage=figure.coverage,
                temperature_degc=temperature if isfinite(temperature) else None,
                adjustment_kwh=more,
                missing="; ".join(filter(None, faults)) or None,
            )
        )
    return found


def _said(days: Sequence[AvoidedDay]) -> str | None:
    if not days:
        return "no day of the reporting period is over"
    lacking = [f"{day.day}: {day.missing}" for day in days if day.missing]
    in_part = sum(day.missing is None and day.coverage < 1.0 for day in days)
    sentences = [
        f"{len(days) - len(lacking)} of {len(days)} days count; {first_of(lacking, NAMED, '; ')}" if lacking else None,
        f"the energy of {in_part} of {len(days)} days is measured in part" if in_part else None,
    ]
    return "; ".join(filter(None, sentences)) or None


def days_of(kpi: str) -> Metric:
    """Return the daily figures by which a baseline measures."""
    return Metric(kpi, period=MetricPeriod.DAYS)


avoided_indicator: Final = partial(
    Indicator,
    unit="kWh",
    better=Better.HIGHER,
    interval="day",
    periods=(Period.MONTH, Period.YEAR),
    limits=LIMITS,
    months=Months.ADD_UP,
    inputs_model=AvoidedInputs,
    compute=avoided,
)
"""What indicators of avoided energy share."""
