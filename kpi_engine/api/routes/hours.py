"""The hours behind an additive indicator."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request

from ingest.model.calendar import Period
from ingest.model.sentences import Sentence
from ingest.model.time import DAY
from kpi_engine.api import kpis
from kpi_engine.api.errors import NotFoundError, invalid
from kpi_engine.api.hours import Hour, Subjects, hours
from kpi_engine.api.ranges import Asked
from kpi_engine.api.representation import Items
from kpi_engine.api.routes.kpis import Allowed, KpiName
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.privacy.viewing import AskedFigure
from kpi_engine.subjects.subject import Subject, SubjectName

router = APIRouter(prefix="/kpis", tags=["KPIs"])

MAX_DAYS: Final = 92


def _subject(
    request: Request,
    access: Allowed,
    city: str,
    site: str | None = None,
    group: Annotated[str | None, Query(description="A group of the city, instead of a site.")] = None,
) -> Subject:
    access.cities(city)
    if site is not None and group is not None:
        raise invalid("group", "expected a site or a group, not both")
    subjects: Subjects = request.app.state.subjects
    return subjects.find(access.connection, SubjectName(city, site, group))


@router.get("/{kpi}/hours", dependencies=[EXPENSIVE], summary="Hours behind an additive indicator")
def list_kpi_hours(
    kpi: KpiName, access: Allowed, subject: Annotated[Subject, Depends(_subject)], asked: Asked
) -> Items[Hour]:
    """List how the amount is spread over the civil hours that overlap [from, to); without `from`, over one day."""
    indicator = kpis.find(kpi)
    if not indicator.is_sum:
        raise NotFoundError(Sentence("{kpi} is no sum of one quantity, so it has no hours").of(kpi=kpi))
    within = asked.within(access.now, DAY, subject.zone)
    access.require_shown(AskedFigure(subject.name, kpi, Period.HOUR, within.start, within.end))
    if (within.end - within.start) // DAY > MAX_DAYS:
        raise invalid("from", f"expected at most {MAX_DAYS} days; ask for a shorter range")
    return Items(items=hours(access.connection, subject, indicator, within, access.now))
