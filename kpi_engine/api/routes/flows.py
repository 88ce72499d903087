"""Flows of a city: from plant, grid and sun over networks to uses, as amounts that add up."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from ingest.model.calendar import Period
from ingest.model.time import from_micros, to_micros
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.charging_sessions import Catalogues
from kpi_engine.api.city_flows import CityFlows, answer, closed_off, kept_figures, span_of_period, through_of
from kpi_engine.api.hours import Subjects
from kpi_engine.api.instants import DayOrInstant
from kpi_engine.api.ranges import instant
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.export.period_labels import period_label
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.flows.loading import metered
from kpi_engine.indicators import INDICATORS
from kpi_engine.privacy.shown_figures import ShownFigures
from kpi_engine.subjects.subject import SubjectName

router = APIRouter(prefix="/cities", tags=["KPIs"])


@dataclass(frozen=True)
class FlowsAsked:
    """Flows of which period."""

    period: FigurePeriod = FigurePeriod.MONTH
    start: Annotated[
        DayOrInstant | None,
        Query(
            description="An instant or a day of the period; left out: the one that runs now, or the one before "
            "while there is no figure of that yet."
        ),
    ] = None


@router.get("/{city}/flows", dependencies=[EXPENSIVE], summary="Flows of energy through a city")
def show_flows(
    city: str,
    request: Request,
    access: Annotated[Access, Depends(seeing(Resource.KPIS))],
    asked: Annotated[FlowsAsked, Depends()],
) -> CityFlows:
    """Return heat and electricity of one civil period from sources over networks to uses, as amounts that add up.

    Every flow is what meters counted, those of the figures that it names, with bounds and coverage; what nobody
    metered is what the others leave over. `shown` is rounded so that what goes into a network comes out of it.
    """
    access.cities(city)
    subjects: Subjects = request.app.state.subjects
    catalogues: Catalogues = request.app.state.catalogues
    subject = subjects.find(access.connection, SubjectName(city))
    period, start = Period(asked.period), instant(asked.start, subject.zone, "start")
    span = span_of_period(access.now if start is None else to_micros(start), period, subject.zone)
    figures = kept_figures(access, city, period, span)
    if start is None and not figures:
        earlier = span_of_period(span[0] - 1, period, subject.zone)
        if figures := kept_figures(access, city, period, earlier):
            span = earlier
    through = through_of(figures, span, period_label(from_micros(span[0]), period, subject.zone))
    counted = metered(access.connection, catalogues.current(access.connection), subject, (span[0], through))
    hidden = {one.carrier: why for one in counted if (why := closed_off(access, subject, one.carrier))}
    seen = [one for one in counted if one.carrier not in hidden]
    titles = {name: one.title for name, one in INDICATORS.items()}
    links = {one.kpi: one for one in ShownFigures(access.viewing).of(figures.values())}
    return answer(subject, period, span, through, seen, hidden, links, titles)
