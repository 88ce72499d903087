"""What a baseline says of a period, as a report freezes it: savings, and everything that they were computed from."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from pydantic import BaseModel, ConfigDict

from ingest.model.city.baseline import IpmvpOption
from kpi_engine.baselines.adjustment import Adjustment
from kpi_engine.baselines.fitted import fit_baseline
from kpi_engine.baselines.methods import METHODS
from kpi_engine.baselines.savings import SavingsAccount, account
from kpi_engine.baselines.stored_model import baseline_of, days_of
from kpi_engine.baselines.worth import DailyRate
from kpi_engine.formulas.degree_days import DEGREE_DAYS

RATES: Final = ("cost", "emissions")


class FrozenPart(BaseModel):
    """What is frozen holds what it says and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


class FrozenAdjustment(FrozenPart):
    """A non-routine adjustment that held: ``amount`` [kWh] is added to the baseline of the days [first, last)."""

    number: int
    first: date
    last: date
    amount: float
    author: str
    reason: str
    entered_at: datetime


class FrozenFit(FrozenPart):
    """A model, with the days it was fitted to; ``result`` says why where there is none."""

    version: int
    fitted_at: datetime
    code_version: str
    method: str
    may_cool: bool
    days: dict[str, Any]
    result: dict[str, Any]


class FrozenRate(FrozenPart):
    """A price or an emission factor by day, null where there is none; ``names`` of what it is made of."""

    unit: str
    by_day: list[float | None]
    lacking: str
    names: list[str]

    @classmethod
    def of(cls, rate: DailyRate | None) -> "FrozenRate | None":
        """Return a rate as it is frozen; None for none."""
        if rate is None:
            return None
        by_day = [None if np.isnan(one) else float(one) for one in rate.by_day]
        return cls(unit=rate.unit, by_day=by_day, lacking=rate.lacking, names=list(rate.names))

    def rate(self) -> DailyRate:
        """Return it to compute with."""
        by_day = np.array([np.nan if one is None else one for one in self.by_day], np.float64)
        return DailyRate(self.unit, by_day, self.lacking, tuple(self.names))


class FrozenSavings(FrozenPart):
    """A line of ``savings.jsonl``: of the days [first, last), kWh.

    ``said``: savings with their bounds, money and emissions, null where ``disqualified`` says why.
    """

    id: str
    option: str
    boundary: str
    carrier: str | None
    first: date
    last: date
    confidence: float
    degree_days: str
    fit: FrozenFit | None
    days: dict[str, Any] | None
    is_open: bool
    adjustments: list[FrozenAdjustment]
    cost_rate: FrozenRate | None
    emissions_rate: FrozenRate | None
    said: dict[str, Any] | None
    disqualified: list[str]
    notes: list[str]

    @property
    def rates(self) -> list[str]:
        """The prices and factors used, with their sources."""
        return [name for rate in (self.cost_rate, self.emissions_rate) if rate for name in rate.names]

    def again(self) -> tuple[dict[str, Any] | None, list[str]]:
        """Return what comes out when model and savings are computed again: what is said, or why nothing is.

        Raises ValueError where the model is not the one of these days.
        """
        if self.fit is None or self.option == IpmvpOption.D:  # nothing is fitted
            return None, self.disqualified
        fitted_to = days_of(self.fit.days)
        found = fit_baseline(fitted_to, METHODS[self.fit.method], may_cool=self.fit.may_cool)
        if found.baseline is None:
            return None, list(found.reasons)
        if _plain(asdict(found.baseline.model)) != self.fit.result["model"]:
            raise ValueError("its days lead to another model")
        baseline = baseline_of(self.fit.result, fitted_to)
        if baseline is None or self.days is None:
            raise ValueError("it has no model, and its days lead to one")
        held = account(
            baseline,
            days_of(self.days),
            [Adjustment(**vars(one)) for one in self.adjustments],
            confidence=self.confidence,
            degree_days=DEGREE_DAYS[self.degree_days],
            is_open=self.is_open,
        )
        money, emitted = (one.rate() if one else None for one in (self.cost_rate, self.emissions_rate))
        return savings_document(held, self.first, self.last, money, emitted), []


def savings_document(
    held: SavingsAccount, first: date, last: date, money: DailyRate | None, emitted: DailyRate | None
) -> dict[str, Any]:
    """Return savings, and what they are worth, as JSON holds them."""
    saved = held.between(first, last)
    worth = [asdict(rate.worth(held, saved)) if rate else None for rate in (money, emitted)]
    return _plain({**asdict(saved), **dict(zip(RATES, worth, strict=True))})


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(document, default=str))
    return plain
