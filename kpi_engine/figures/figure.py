"""Figures: what an indicator says of a window, with everything that an evaluator needs to check it."""

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final, NamedTuple

from ingest.model.calendar import Period
from ingest.model.time import from_micros, isoformat
from kpi_engine.factors.factor import Factor
from kpi_engine.figures.status import publication
from kpi_engine.indicator import Indicator, InputsModel
from kpi_engine.ports.plant_fuels import factors_of
from kpi_engine.subjects.subject import SubjectId
from kpi_engine.window import Window

_HASHED: Final = {"name", "version", "value", "unit", "source", "page", "valid_from", "valid_to", "verified"}
_BESIDE: Final = {"carrier", "region", "method", "boundary", "view", "gwp", "calorific_basis", "year"}  # where stated


class FigureKey(NamedTuple):
    """Which figure: an indicator, a subject and a civil period; ``start`` in microseconds."""

    kpi: str
    subject: SubjectId
    period: Period
    start: int


@dataclass(frozen=True)
class Figure:
    """One computed figure, as a row of kpi_value would hold it.

    ``rests_from``: from when on hours before its period decide it too, where a meter is silent. ``rests_on_first``:
    hours that held no reading so far may as well, however early.
    """

    key: FigureKey
    end: int
    through: int
    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    coverage: float
    estimated_share: float | None
    status: str
    reason: str | None
    factors: list[dict[str, Any]]
    inputs: dict[str, Any]
    inputs_hash: str
    rule_version: str
    rests_from: int | None = None
    rests_on_first: bool = False

    @property
    def content(self) -> tuple[Any, ...]:
        """What makes one revision differ from the next; of an open period, also how far it was computed."""
        amount = (self.value, self.lower, self.upper)
        told = (self.coverage, self.estimated_share, self.status, self.reason, self.inputs_hash)
        return (*amount, *told, from_micros(self.through))


def figure(key: FigureKey, end: int, indicator: Indicator[Any], window: Window, known: Window | None = None) -> Figure:
    """Compute one figure for the period [key.start, end) from a window that reaches to its end or to the horizon.

    ``known`` is the window of an open period up to where all its meters are known, when one lags behind: the figure
    is computed from it, and its coverage is still that of the whole window.
    """
    inputs = selected(indicator, known or window, key.period, end)
    outcome = indicator.outcome(inputs)
    if known:
        share = (known.end - known.start) / (window.end - window.start)
        why = indicator.outcome(indicator.select(window)).reason
        reason = outcome.reason or f"known until {isoformat(known.end)}: {why}"
        outcome = replace(outcome, coverage=outcome.coverage * share, reason=reason)
    verdict = publication(outcome, is_open=window.end < end, limits=indicator.limits)
    factors, stored = used_factors(indicator, known or window), inputs.stored()
    return Figure(
        key=key,
        end=end,
        through=(known or window).end,
        value=verdict.value,
        lower=outcome.lower,
        upper=outcome.upper,
        unit=indicator.unit,
        coverage=outcome.coverage,
        estimated_share=outcome.estimated_share,
        status=verdict.status.value,
        reason=verdict.reason,
        factors=factors,
        inputs=stored,
        inputs_hash=inputs_hash(stored, factors, indicator.rule_version),
        rule_version=indicator.rule_version,
        rests_from=(known or window).rests_from,
        rests_on_first=(known or window).rests_on_first,
    )


def selected(indicator: Indicator[InputsModel], window: Window, period: Period, end: int) -> InputsModel:
    """Return the inputs of a figure whose period ends at ``end``; before, it is refused where no part stands for it."""
    inputs = indicator.select(window)
    if not indicator.closed_only or window.end >= end or inputs.refused:
        return inputs
    return inputs.model_copy(update={"refused": f"the {period} has not ended, and no part of it stands for it"})


def inputs_hash(inputs: dict[str, Any], factors: list[dict[str, Any]], rule_version: str) -> str:
    """Return the SHA-256 of inputs, factors and rule version as canonical JSON: sorted keys, floats as repr.

    Of a published factor, what figures said of it from the start: name and version stand for all else.
    """
    said = [{key: factor[key] for key in factor.keys() - _BESIDE} for factor in factors]
    document = {"factors": said, "inputs": inputs, "rule_version": rule_version}
    return sha256(canonical(document).encode()).hexdigest()


def canonical(document: object) -> str:
    """Return canonical JSON, in one line."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def used_factors(indicator: Indicator[Any], window: Window) -> list[dict[str, Any]]:
    """Return what the figure says of its factors: each dated one once, and the name of the hourly series."""
    used: list[dict[str, Any]] = []
    if indicator.needs.dated_factor:
        used += [_published(factor) for factor in dict.fromkeys(s.factor for s in window.stretches if s.factor)]
    used += [_published(factor) for factor in dict.fromkeys(factor for factor, *_ in factors_of(window))]
    if indicator.needs.hourly and window.hours:
        used.append({"series": window.hours.series})
    return used


def _published(factor: Factor) -> dict[str, Any]:
    beside = factor.model_dump(mode="json", include=_BESIDE, exclude_none=True)
    return factor.model_dump(mode="json", include=_HASHED) | beside
