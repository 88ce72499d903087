"""A fitted baseline: from days of a period to the model that describes them, or to why there is none. Pure."""

from dataclasses import dataclass, field, replace

import numpy as np

from ingest.model.observation import FloatColumn
from kpi_engine.baselines.billing import BillingPeriods, of_whole_months
from kpi_engine.baselines.days import EnergyDays
from kpi_engine.baselines.methods import Method
from kpi_engine.baselines.model_quality import ModelQuality, model_quality
from kpi_engine.baselines.sufficiency import Sufficiency, sufficiency
from kpi_engine.baselines.usage_per_day import (
    Candidate,
    CandidateStatus,
    ModelKind,
    Requirements,
    UsageModel,
    best,
    fit,
)


@dataclass(frozen=True)
class Tried:
    """What became of the candidates of one kind: how many, the best of those that qualified, why others did not."""

    kind: ModelKind
    tried: int
    qualified: int
    adjusted_r2: float | None
    reason: str | None


@dataclass(frozen=True)
class Baseline:
    """A model with its diagnostics and the days it was fitted to."""

    model: UsageModel
    quality: ModelQuality
    days: EnergyDays

    def spread(self, temperature: FloatColumn) -> tuple[float, float]:
        """Return how far below and above the sum predicted for days could lie, by the bounds of the baseline's energy.

        A prediction is a weighted sum of the energies it was fitted to, so their bounds bound it.
        """
        design = self.model.design(self.days.temperature)
        if self.quality.of_bills:
            design = BillingPeriods.of_days(self.days.day).each_day(design)
        sums = self.model.design(temperature).sum(axis=0)
        weights = design @ np.linalg.solve(design.T @ design, sums)
        down, up = self.days.energy - self.days.lower, self.days.upper - self.days.energy
        with np.errstate(invalid="ignore"):
            below = np.where(weights > 0.0, weights * down, -weights * up)
            above = np.where(weights > 0.0, weights * up, -weights * down)
        return float(np.nan_to_num(below, nan=0.0).sum()), float(np.nan_to_num(above, nan=0.0).sum())


@dataclass(frozen=True)
class Fit:
    """What a fit came to: ``baseline`` is None where ``reasons`` say why."""

    sufficiency: Sufficiency
    baseline: Baseline | None = None
    tried: tuple[Tried, ...] = ()
    reasons: tuple[str, ...] = field(default=())


def fit_baseline(days: EnergyDays, method: Method, *, may_cool: bool) -> Fit:
    """Fit the days of a baseline period, in order; days of which something is missing do not count.

    ``may_cool``: whether cooling is considered.
    """
    enough = sufficiency(days, method)
    if enough.disqualified:
        return Fit(enough, reasons=enough.disqualified)
    counted = days.where(of_whole_months(days, method.least_covered) if method.of_bills else days.is_known)
    bills = BillingPeriods.of_days(counted.day) if method.of_bills else None
    if not counted.energy.any():
        return Fit(enough, reasons=("no energy was used in the baseline period: nothing can be saved of it",))
    required = Requirements(method.least_days, method.least_total)
    candidates = fit(counted.energy, counted.temperature, method.grid.points, required, may_cool=may_cool, bills=bills)
    chosen, tried = best(candidates), tuple(_tried(candidates))
    if chosen is None or chosen.model is None:
        return Fit(enough, None, tried, (f"no model qualifies: {candidates[0].reason}",))
    model = chosen.model
    quality = _quality(counted, model, bills)
    if quality.cv_rmse_caltrack > method.most_cv_rmse:
        flag = (
            f"the model is poor: its CV(RMSE) is {quality.cv_rmse_caltrack:.0%}, {method.most_cv_rmse:.0%} is the limit"
        )
        enough = replace(enough, flags=(*enough.flags, flag))
    return Fit(enough, Baseline(model, quality, counted), tried)


def _quality(counted: EnergyDays, model: UsageModel, bills: BillingPeriods | None) -> ModelQuality:
    """Return how well a model fits its days, or the totals of its bills."""
    predicted = model.predict(counted.temperature)
    if bills is None:
        return model_quality(counted.day, counted.energy, predicted, model.variables + 1)
    measured, expected = bills.totals(counted.energy), bills.totals(predicted)
    return model_quality(bills.number, measured, expected, model.variables + 1, of_bills=True)


def _tried(candidates: list[Candidate]) -> list[Tried]:
    found = []
    for kind in ModelKind:
        of_kind = [one for one in candidates if one.kind is kind]
        if of_kind:
            qualified = [one for one in of_kind if one.status is CandidateStatus.QUALIFIED]
            refused = next((one.reason for one in of_kind if one.status is not CandidateStatus.QUALIFIED), None)
            r2 = max((one.adjusted_r2 for one in qualified if one.adjusted_r2 is not None), default=None)
            found.append(Tried(kind, len(of_kind), len(qualified), r2, refused))
    return found
