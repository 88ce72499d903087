"""Baselines and savings as the interface shows them; the command line prints the same as JSON."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from kpi_engine.api.representation import Answer
from kpi_engine.baselines.adjustment import Adjustment
from kpi_engine.baselines.declared import DeclaredBaseline
from kpi_engine.baselines.report import SavingsReport, Valued
from kpi_engine.baselines.stored_model import StoredModel


class BaselineModel(Answer):
    """One fit of a baseline; it may be used unless it has reasons against it."""

    version: int
    fitted_at: datetime
    superseded_at: datetime | None = Field(description="When a later fit replaced it; null for the one that holds.")
    reasons: list[str] = Field(description="Why the data do not suffice for a model; empty where they do.")
    result: dict[str, Any] = Field(description="Coefficients, balance points [degC], diagnostics, what was tried.")
    inputs_hash: str = Field(description="Digest of the days it was fitted to, and of what was declared of them.")
    code_version: str


class BaselineAdjustment(Answer):
    """A non-routine adjustment: energy that is added to the adjusted baseline of [first, last)."""

    number: int
    first: date
    last: date
    amount: float = Field(description="kWh of the whole period.")
    author: str
    reason: str
    entered_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_for: str | None


class SiteBaseline(Answer):
    """A baseline that a site or a group declares, and the model of it that holds."""

    id: str = Field(description="City, site or group, and name, with dots between them.")
    city: str
    site: str | None = Field(description="Null where a group declares it.")
    group: str | None = Field(description="Null where a site declares it.")
    name: str
    carrier: str | None
    declaration: dict[str, Any] = Field(description="As the city file says: option, boundary, energy, periods, method.")
    model: BaselineModel | None = Field(description="Null where it was never fitted.")
    is_declared_otherwise: bool = Field(description="The city file says something else since it was fitted.")


class BaselineHistory(SiteBaseline):
    """The same with every fit and every adjustment, the oldest first."""

    models: list[BaselineModel]
    adjustments: list[BaselineAdjustment]


class BoundedNumber(Answer):
    """A number, and what it lies between at the declared confidence."""

    value: float | None = Field(description="Null where it can be wrong by too much; `reason` says why.")
    lower: float | None
    upper: float | None
    status: str = Field(description="final, provisional or insufficient.")
    reason: str | None


class SavingsOfDays(Answer):
    """What was avoided in the days [first, last); energies in kWh, of the days that count."""

    first: date
    last: date
    days: int
    counted: int = Field(description="Days of which energy and temperature are known; the others count nowhere.")
    predicted: float = Field(description="By the model, at the temperatures of these days.")
    adjustments: float = Field(description="Non-routine adjustments.")
    adjusted_baseline: float = Field(description="Predicted with adjustments: what would have been used.")
    measured: float
    measured_lower: float | None
    measured_upper: float | None
    avoided: BoundedNumber
    model_half_width: float | None = Field(description="How far the model may be off, at the declared confidence.")
    fractional_uncertainty: float | None = Field(description="The same over what was avoided (FSU).")
    heating_degree_days: float | None
    cooling_degree_days: float | None
    cost: BoundedNumber | None = Field(description="In `currency`; null where no price is declared.")
    emissions: BoundedNumber | None = Field(description="kg CO2e; null where the city names no factor.")


class DayNotCounted(Answer):
    """A day that counts on neither side, and why."""

    day: date
    reason: str


class NormalYear(Answer):
    """Energy of a normal year by the model of before and that of after [kWh]."""

    before: float
    after: float
    saved: BoundedNumber


class BaselineSavings(Answer):
    """What a baseline says of the days [first, last)."""

    id: str
    option: str
    boundary: str
    carrier: str | None
    model: int = Field(description="Version of the model.")
    method: str
    degree_days: str
    confidence: float
    first: date
    last: date = Field(description="Day after the last; earlier than asked for where days are not over.")
    disqualified: list[str] = Field(description="Why nothing can be told; `total` is null then.")
    notes: list[str]
    total: SavingsOfDays | None
    parts: list[SavingsOfDays] = Field(description="By civil month, or by day.")
    not_counted: list[DayNotCounted]
    adjustments: list[BaselineAdjustment]
    part_of_a_year: str | None = Field(description="Why this is not a year's saving; null where it is twelve months.")
    currency: str | None
    rates: list[str] = Field(description="The prices and emission factors used, with their sources.")
    normalised: NormalYear | None
    not_normalised: str | None = Field(description="Why there are no savings of a normal year.")


def site_baseline(declared: DeclaredBaseline, model: StoredModel | None) -> SiteBaseline:
    """Return a declared baseline with a model of it."""
    return SiteBaseline(**_declared(declared, model))


def history(
    declared: DeclaredBaseline, models: list[StoredModel], adjustments: list[Adjustment], shown: StoredModel | None
) -> BaselineHistory:
    """Return a declared baseline with the model ``shown``, and everything that ever was of it."""
    return BaselineHistory(
        **_declared(declared, shown),
        models=[BaselineModel.model_validate(one) for one in models],
        adjustments=[BaselineAdjustment.model_validate(one) for one in adjustments],
    )


def baseline_savings(declared: DeclaredBaseline, found: SavingsReport) -> BaselineSavings:
    """Return what a baseline says of some days."""
    declaration = declared.declaration
    return BaselineSavings(
        id=declared.id,
        option=declaration.option,
        boundary=declaration.boundary,
        carrier=declared.carrier,
        model=found.model.version,
        method=found.model.result["method"]["name"],
        degree_days=declared.degree_days.key,
        confidence=declaration.confidence,
        first=found.first,
        last=found.last,
        disqualified=found.disqualified,
        notes=found.notes,
        total=None if found.whole is None else _of_days(found.whole),
        parts=[_of_days(one) for one in found.parts],
        not_counted=[DayNotCounted(day=day, reason=reason) for day, reason in found.not_counted],
        adjustments=[BaselineAdjustment.model_validate(one) for one in found.adjustments],
        part_of_a_year=found.part_of_a_year,
        currency=found.currency,
        rates=found.rates,
        normalised=None if found.normalised is None else NormalYear.model_validate(found.normalised),
        not_normalised=found.not_normalised,
    )


def _declared(declared: DeclaredBaseline, model: StoredModel | None) -> dict[str, Any]:
    return {
        "id": declared.id,
        **declared.subject._asdict(),
        "name": declared.name,
        "carrier": declared.carrier,
        "declaration": declared.declaration.model_dump(mode="json"),
        "model": model and BaselineModel.model_validate(model),
        "is_declared_otherwise": model is not None and model.fitted_part != declared.fitted_part,
    }


def _of_days(one: Valued) -> SavingsOfDays:
    saved = one.savings
    worth = {"cost": one.cost, "emissions": one.emissions}
    bounded = {name: BoundedNumber.model_validate(bound) if bound else None for name, bound in worth.items()}
    columns = {name: getattr(saved, name) for name in SavingsOfDays.model_fields if name not in worth}
    return SavingsOfDays(**columns | {"avoided": BoundedNumber.model_validate(saved.avoided)} | bounded)
