"""Figures of spans that nobody keeps figures of: rolling years, heating seasons, reporting years."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request

from ingest.model.sentences import Sentence
from ingest.model.time import DAY
from kpi_engine.api import kpis
from kpi_engine.api.errors import NotFoundError, WithheldError, invalid
from kpi_engine.api.hours import Subjects
from kpi_engine.api.ranges import Asked
from kpi_engine.api.representation import Items
from kpi_engine.api.routes.kpis import Allowed, KpiName
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.engine.on_reading import SpansOf, figures_over
from kpi_engine.figures.named_spans import MONTHS, SpanKind, months_asked, spans
from kpi_engine.privacy.viewing import AskedFigure
from kpi_engine.subjects.subject import SubjectName

router = APIRouter(prefix="/kpis", tags=["KPIs"])

MOST: Final = 24  # spans of one request: each is up to a year of hours
YEARS: Final = 3 * 366 * DAY


@dataclass(frozen=True)
class SpansAsked:
    """Which spans of which subject."""

    city: str
    kind: SpanKind
    site: Annotated[str | None, Query(description="Left out: the city as a whole.")] = None
    group: Annotated[str | None, Query(description="A group of the city instead.")] = None
    first_month: Annotated[int | None, Query(ge=1, le=MONTHS, description="Of a season or reporting year.")] = None
    end_month: Annotated[int | None, Query(ge=1, le=MONTHS, description="After the last month of a season.")] = None

    @property
    def months(self) -> tuple[int, int] | None:
        """The months as they are asked for; None where they are left out."""
        return months_asked(self.first_month, self.end_month)


class SpanAnswer(kpis.FigureAnswer):
    """The figure of one span, computed when it was asked for: it has no revisions."""

    span: str
    start: datetime
    end: datetime


@router.get("/{kpi}/spans", dependencies=[EXPENSIVE], summary="Figures of rolling years, seasons, reporting years")
def list_kpi_spans(
    kpi: KpiName, request: Request, access: Allowed, wanted: Annotated[SpansAsked, Depends()], asked: Asked
) -> Items[SpanAnswer]:
    """Compute the figure of each span that begins in [from, to), from what is known now; without `from`, of 3 years."""
    indicator = kpis.find(kpi)
    access.cities(wanted.city)
    subjects: Subjects = request.app.state.subjects
    if wanted.site is not None and wanted.group is not None:
        raise invalid("group", "expected a site or a group, not both")
    subject = subjects.find(access.connection, SubjectName(wanted.city, wanted.site, wanted.group))
    if indicator not in subject.indicators:
        whom = wanted.site or wanted.group or "the city as a whole"
        raise NotFoundError(
            Sentence("{kpi} is not computed for {subject} in {city}").of(kpi=kpi, subject=whom, city=wanted.city)
        )
    within = asked.within(access.now, YEARS, subject.zone)
    chosen = spans(wanted.kind, within.start, within.end, subject.zone, wanted.months)
    if len(chosen) > MOST and asked.start is not None:
        raise invalid("from", f"expected at most {MOST} spans; ask for a shorter range")
    newest = SpansOf(subject, indicator, chosen[-MOST:])
    withheld = {
        span: why
        for span in newest.spans
        if (why := access.viewing.withheld(AskedFigure(subject.name, kpi, None, span.start, span.end)))
    }
    if withheld and len(withheld) == len(newest.spans):
        raise WithheldError(f"{kpi} of {subject.name}: {next(iter(withheld.values()))}")
    shown = replace(newest, spans=[span for span in newest.spans if span not in withheld])
    found = figures_over(access.connection, shown, access.now)
    items = [SpanAnswer.model_validate(one) for one in found]
    for one in items:
        one.reason = access.viewing.words(wanted.city, one.reason)
    return Items(items=items, withheld=len(withheld))
