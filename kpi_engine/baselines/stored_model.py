"""One fit of a baseline as it is kept: the model with its days and diagnostics, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from ingest.model.observation import FloatColumn
from kpi_engine.baselines.billing import of_whole_months
from kpi_engine.baselines.days import EnergyDays, day_of_number
from kpi_engine.baselines.fitted import Baseline
from kpi_engine.baselines.methods import METHODS
from kpi_engine.baselines.model_quality import ModelQuality
from kpi_engine.baselines.usage_per_day import ModelKind, UsageModel


@dataclass(frozen=True)
class StoredModel:
    """One fit as it is kept; ``result`` is the model with its diagnostics, or why there is none."""

    model_id: int
    version: int
    declaration: dict[str, Any]
    fitted_part: str
    result: dict[str, Any]
    inputs: dict[str, Any]
    inputs_hash: str
    code_version: str
    fitted_at: datetime
    superseded_at: datetime | None

    @property
    def reasons(self) -> list[str]:
        """Why it may not be used; none where it may."""
        return list(self.result["reasons"])

    @cached_property
    def days(self) -> EnergyDays:
        """The days it was fitted to, those that did not count too."""
        return days_of(self.inputs)

    @property
    def example(self) -> dict[str, Any]:
        """What ``pharos baseline compute`` takes to come to the same model: the days as they were then."""
        columns = self.inputs["columns"]
        days = {
            "day": [day_of_number(number).isoformat() for number in self.inputs["day"]],
            "energy": columns["energy"],
            "temperature": columns["temperature"],
        }
        return {"method": self.result["method"]["name"], "may_cool": self.result["may_cool"], "baseline": days}

    @property
    def baseline(self) -> Baseline | None:
        """The model with its days; None where the fit was disqualified."""
        return baseline_of(self.result, self.days)


def days_of(inputs: Mapping[str, Any]) -> EnergyDays:
    """Return days that are kept as columns of numbers, null for what is not known or not bounded."""
    columns = {name: _column(values) for name, values in inputs["columns"].items()}
    columns["lower"] = np.where(np.isnan(columns["lower"]), -np.inf, columns["lower"])
    columns["upper"] = np.where(np.isnan(columns["upper"]), np.inf, columns["upper"])
    said = {int(number): text for number, text in inputs["reasons"].items()}
    return EnergyDays(np.array(inputs["day"], np.int64), **columns, reasons=said)


def baseline_of(result: Mapping[str, Any], days: EnergyDays) -> Baseline | None:
    """Return the model of a kept result, with the days it was fitted to; None where the fit was disqualified."""
    model = result["model"]
    if model is None:
        return None
    usage = UsageModel(**{**model, "kind": ModelKind(model["kind"])})
    quality = ModelQuality(**result["quality"])
    method = METHODS.get(result["method"]["name"]) if quality.of_bills else None
    counts = of_whole_months(days, method.least_covered) if method else days.is_known
    return Baseline(usage, quality, days.where(counts))


def _column(values: list[float | None]) -> FloatColumn:
    return np.array([np.nan if value is None else value for value in values], np.float64)
