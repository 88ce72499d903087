"""Figures: what an indicator says of a window, with everything that an evaluator needs to check it."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from ingest.model.calendar import Period
from ingest.model.sentences import Sentence
from ingest.model.time import from_micros, isoformat
from kpi_engine.evidence.findings import Findings, findings
from kpi_engine.figures.figure_value import FigureValue
from kpi_engine.figures.status import publication
from kpi_engine.indicator import Indicator, InputsModel
from kpi_engine.subjects.subject import SubjectId
from kpi_engine.window import Window


class FigureKey(NamedTuple):
    """Which figure: an indicator, a subject and a civil period; ``start`` in microseconds."""

    kpi: str
    subject: SubjectId
    period: Period
    start: int


@dataclass(frozen=True)
class Figure(FigureValue):
    """One computed figure, as a row of kpi_value would hold it.

    ``document``: its inputs as canonical JSON. ``rests_from``: from when on hours before its period decide it too,
    where a meter is silent. ``rests_on_first``: hours that held no reading so far may as well, however early.
    """

    key: FigureKey
    end: int
    through: int
    factors: list[dict[str, Any]]
    document: str
    inputs_hash: str
    rule_version: str
    rests_from: int | None = None
    rests_on_first: bool = False

    @property
    def inputs(self) -> dict[str, Any]:
        """Its inputs as they are stored."""
        found: dict[str, Any] = json.loads(self.document)
        return found

    @cached_property
    def factors_document(self) -> str | None:
        """The factors as they are stored; None where none was used."""
        return json.dumps(self.factors, ensure_ascii=False) if self.factors else None

    @property
    def content(self) -> tuple[Any, ...]:
        """What makes one revision differ from the next; of an open period, also how far it was computed."""
        amount = (self.value, self.lower, self.upper)
        told = (self.coverage, self.estimated_share, self.status, self.reason, self.inputs_hash)
        return (*amount, *told, from_micros(self.through))


def figure(  # noqa: PLR0913, PLR0917 - what a figure is made of
    key: FigureKey,
    end: int,
    indicator: Indicator[Any],
    window: Window,
    known: Window | None = None,
    before: Findings | None = None,
) -> Figure:
    """Compute one figure for the period [key.start, end) from a window that reaches to its end or to the horizon.

    ``known`` is the window of an open period up to where all its meters are known, when one lags behind: the figure
    is computed from it, and its coverage is still that of the whole window. ``before``: what was found before in the
    window that it is computed from, for those that take the figure.
    """
    if before is None or _is_refused(indicator, known or window, end):
        before = findings(indicator, known or window, selected(indicator, known or window, key.period, end))
    outcome = before.outcome
    if known:
        share = (known.end - known.start) / (window.end - window.start)
        why = indicator.outcome(indicator.select(window)).reason
        reason = outcome.reason or Sentence("known until {end}: {why}").of(end=isoformat(known.end), why=why)
        outcome = replace(outcome, coverage=outcome.coverage * share, reason=reason)
    verdict = publication(outcome, is_open=window.end < end, limits=indicator.limits)
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
        factors=before.factors,
        document=before.document,
        inputs_hash=before.inputs_hash,
        rule_version=indicator.rule_version,
        rests_from=(known or window).rests_from,
        rests_on_first=(known or window).rests_on_first,
    )


def selected(indicator: Indicator[InputsModel], window: Window, period: Period, end: int) -> InputsModel:
    """Return the inputs of a figure whose period ends at ``end``; before, it is refused where no part stands for it."""
    inputs = indicator.select(window)
    if not _is_refused(indicator, window, end) or inputs.refused:
        return inputs
    why = Sentence("the {period} has not ended, and no part of it stands for it").of(period=period)
    return inputs.model_copy(update={"refused": why})


def _is_refused(indicator: Indicator[Any], window: Window, end: int) -> bool:
    """Whether no part of a period stands for it, and it has not ended."""
    return indicator.closed_only and window.end < end
