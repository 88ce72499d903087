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
from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.baselines.adjustment import per_day
from kpi_engine.baselines.avoided import AvoidedSums
from kpi_engine.baselines.days import months_of, number_of
from kpi_engine.baselines.methods import METHODS
from kpi_engine.baselines.model_quality import ModelQuality
from kpi_engine.baselines.uncertainty import of_model
from kpi_engine.baselines.usage_per_day import UsageModel
from kpi_engine.evidence.amounts import LARGEST
from kpi_engine.families.of_figures import bounded_of
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.indicator import Better, Entry, Indicator, Inputs, Outcome
from kpi_engine.ports.metric import Metric, MetricInput, MetricPeriod, every
from kpi_engine.ports.model import BaselineDays, Model
from kpi_engine.window import Window

NAMED: Final = 3
COUNTED: Final = Sentence("{count} of {all} days count; {why}")
IN_PART: Final = Sentence("the energy of {count} of {all} days is measured in part")
PERCENT: Final = 100.0


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


class AvoidedEnergyInputs(Inputs):
    """The days since the measure, and the model; null, and ``lacking`` says why, where there is none."""

    days: tuple[AvoidedDay, ...]
    model: FittedModel | None = None
    lacking: str | None = None


def avoided_inputs(window: Window, energy: Metric, model: Model) -> AvoidedEnergyInputs:
    """Select the days of the reporting period that are over, and the model that holds."""
    given = window.given(model)
    figures = every(window.given(energy))[-len(given.days) :] if given.days else ()
    days = tuple(_days(given, figures))
    if given.model is None:
        return AvoidedEnergyInputs(
            days=days, lacking=Sentence("baseline {name} was never fitted (pharos baseline fit)").of(name=given.name)
        )
    fit = given.model.baseline
    if fit is None:
        return AvoidedEnergyInputs(days=days, lacking="; ".join(given.model.reasons))
    counted = np.array([day.temperature_degc for day in days if day.missing is None], np.float64)
    below, above = fit.spread(counted) if len(counted) else (0.0, 0.0)
    return AvoidedEnergyInputs(
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


def avoided(inputs: AvoidedEnergyInputs) -> Outcome:
    """Return what was avoided on the days that count; of less than 90 % of them there is no sum."""
    covered, why = _covered(inputs), inputs.lacking or _days_in_words(inputs.days)
    if (sums := _sums(inputs)) is None:
        return Outcome(None, covered, None, why)
    return replace(sums.outcome(_share(inputs), why), coverage=covered)


def avoided_share(inputs: AvoidedEnergyInputs) -> Outcome:
    """Return what was avoided over the adjusted baseline of the same days [%]."""
    found, sums = avoided(inputs), _sums(inputs)
    if found.value is None or sums is None:
        return found
    whole = sums.predicted + sums.adjusted
    if whole <= 0.0:
        return Outcome(
            None,
            found.coverage,
            None,
            Sentence("the baseline expects no energy, and nothing can be divided by it").of(),
        )
    measured = Bounded(sums.measured, sums.low, sums.high)
    expected = Bounded(whole, whole - sums.half_width - sums.below, whole + sums.half_width + sums.above)
    left = ratio(measured, expected, sums.measured / whole).scaled(-PERCENT)
    share = added((Bounded.exact(PERCENT), left))
    return replace(Outcome.of(share, found.coverage, reason=found.reason), scale=PERCENT)


def _counted(inputs: AvoidedEnergyInputs) -> list[AvoidedDay]:
    return [day for day in inputs.days if day.missing is None]


def _share(inputs: AvoidedEnergyInputs) -> float:
    return len(_counted(inputs)) / len(inputs.days) if inputs.days else 0.0


def _covered(inputs: AvoidedEnergyInputs) -> float:
    return sum(day.coverage for day in _counted(inputs)) / len(inputs.days) if inputs.days else 0.0


def _sums(inputs: AvoidedEnergyInputs) -> AvoidedSums | None:
    """Return the sums over the days that count; None without one, or without a model."""
    counted, model = _counted(inputs), inputs.model
    if model is None or not counted:
        return None
    temperature = np.array([day.temperature_degc for day in counted], np.float64)
    numbers = np.array([number_of(day.day) for day in counted])
    predicted = float(model.usage.predict(temperature).sum())
    measured = added(Bounded.between(day.energy_kwh, day.lower_kwh, day.upper_kwh) for day in counted)
    width = of_model(model.quality, model.confidence, months_of(numbers), len(counted))
    return AvoidedSums(
        predicted,
        sum(day.adjustment_kwh for day in counted),
        measured.value or 0.0,
        measured.lower,
        measured.upper,
        width * abs(predicted),
        model.below_kwh,
        model.above_kwh,
    )


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
            None
            if is_measured
            else Sentence("its {kpi} is measured to {share}").of(kpi=figure.kpi, share=f"{figure.coverage:.0%}"),
            Sentence("its energy is 0, which means: not measured").of() if is_zero else None,
            None if isfinite(temperature) else Sentence("its temperature is not known").of(),
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


def _days_in_words(days: Sequence[AvoidedDay]) -> str | None:
    if not days:
        return Sentence("no day of the reporting period is over").of()
    lacking = [f"{day.day}: {day.missing}" for day in days if day.missing]
    in_part = sum(day.missing is None and day.coverage < 1.0 for day in days)
    sentences = [
        COUNTED.of(count=len(days) - len(lacking), all=len(days), why=first_of(lacking, NAMED, "; "))
        if lacking
        else None,
        IN_PART.of(count=in_part, all=len(days)) if in_part else None,
    ]
    return "; ".join(filter(None, sentences)) or None


def days_of(kpi: str) -> Metric:
    """Return the daily figures by which a baseline measures."""
    return Metric(kpi, period=MetricPeriod.DAYS)


avoided_indicator: Final = partial(
    Indicator,
    better=Better.HIGHER,
    interval="day",
    periods=(Period.MONTH, Period.YEAR),
    inputs_model=AvoidedEnergyInputs,
)
"""What indicators of avoided energy share."""
