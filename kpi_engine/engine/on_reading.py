"""Figures computed when they are asked for: of spans that nobody keeps figures of. They have no revisions.

They are computed as kept ones are, from what is known now; ``inputs_hash`` tells whether two answers rest on the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.model.sentences import Sentence
from ingest.model.time import from_micros
from kpi_engine.engine.computed_range import horizon
from kpi_engine.evidence.figure_digest import inputs_hash, used_factors
from kpi_engine.figures.erased import ErasedSpan, spans
from kpi_engine.figures.figure_value import TracedValue
from kpi_engine.figures.named_spans import NamedSpan
from kpi_engine.figures.status import publication
from kpi_engine.indicator import Indicator
from kpi_engine.subjects.subject import Subject
from kpi_engine.window import Window
from kpi_engine.windows.loading import load
from kpi_engine.windows.plan import Request
from processors.storage.database import Connection


@dataclass(frozen=True)
class _OfSpan:
    """Of which indicator, subject and span of time."""

    kpi: str
    city: str
    site: str | None
    span: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class SpanFigure(TracedValue, _OfSpan):
    """What an indicator says of a span of time."""

    group: str | None = None


@dataclass(frozen=True)
class SpansOf:
    """Spans of a subject for which an indicator is asked for."""

    subject: Subject
    indicator: Indicator[Any]
    spans: Sequence[NamedSpan]


def figures_over(connection: Connection, asked: SpansOf, now: int) -> list[SpanFigure]:
    """Return the figure of each span that has begun by ``now`` (microseconds), in their order."""
    last = horizon(now, asked.subject.zone)
    begun = [span for span in asked.spans if span.start < last]
    requests = [Request(asked.subject, span.start, min(span.end, last), asked.indicator) for span in begun]
    windows = load(connection, requests)
    gone = spans(connection)
    return [
        _figure(asked.subject, asked.indicator, span, window, gone) for span, window in zip(begun, windows, strict=True)
    ]


def _figure(
    subject: Subject, indicator: Indicator[Any], span: NamedSpan, window: Window, gone: Sequence[ErasedSpan]
) -> SpanFigure:
    is_open = window.end < span.end
    inputs = indicator.select(window)
    if is_open and indicator.closed_only and not inputs.refused:
        inputs = inputs.model_copy(
            update={"refused": Sentence("the {span} has not ended, and no part stands for it").of(span=span.kind)}
        )
    if any(one.of(subject.key, indicator.name) and one.meets(span.start, span.end) for one in gone):
        inputs = inputs.model_copy(
            update={"refused": Sentence("readings that it would be computed from were erased").of()}
        )
    outcome = indicator.outcome(inputs)
    verdict = publication(outcome, is_open=is_open, limits=indicator.limits)
    factors, stored = used_factors(window), inputs.stored()
    return SpanFigure(
        indicator.name,
        subject.city.name,
        subject.site,
        span.kind.value,
        from_micros(span.start),
        from_micros(span.end),
        verdict.value,
        outcome.lower,
        outcome.upper,
        indicator.unit,
        outcome.coverage,
        outcome.estimated_share,
        verdict.status.value,
        verdict.reason,
        from_micros(window.end),
        factors,
        inputs_hash(stored, factors, indicator.rule_version),
        indicator.rule_version,
        subject.group,
    )
