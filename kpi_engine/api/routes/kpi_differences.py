"""What differs between two answers about the same figures, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from ingest.model.calendar import Period
from ingest.model.time import to_micros
from kpi_engine.api import kpis
from kpi_engine.api.access import Access
from kpi_engine.api.cursors import AskedPart, Key, Paging
from kpi_engine.api.errors import invalid
from kpi_engine.api.figures_asked import kpis_asked, subject_names
from kpi_engine.api.hours import Subjects
from kpi_engine.api.instants import DayOrInstant
from kpi_engine.api.ranges import Asked, instant
from kpi_engine.api.representation import Answer, Page
from kpi_engine.api.routes.kpi_values import DEFAULT_LENGTH
from kpi_engine.api.routes.kpis import Allowed, KpiName
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.differences.compared import DifferingFigure, computed_apart, known_apart
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.errors import NotKeptError
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.privacy.shown_figures import ShownFigures

router = APIRouter(prefix="/kpis", tags=["KPIs"])


@dataclass(frozen=True)
class DifferencesAsked:
    """Which figures are compared, and with what: `before` or `method`."""

    city: str
    site: Annotated[tuple[str, ...], Query(description="Sites, * for every one; left out: the city as a whole.")] = ()
    group: Annotated[tuple[str, ...], Query(description="Groups of the city instead; * for every one.")] = ()
    period: FigurePeriod = FigurePeriod.MONTH
    before: Annotated[DayOrInstant | None, Query(description="As was known then ...")] = None
    after: Annotated[DayOrInstant | None, Query(description="... against as was known then; left out: now.")] = None
    method: Annotated[str | None, Query(description="Another indicator of the same thing, as known at `after`.")] = None


class KpiDifference(Answer):
    """One period of which the two do not say the same."""

    city: str
    site: str | None
    group: str | None
    period_start: datetime
    period_end: datetime
    before: kpis.KpiValue | None = Field(description="Null where nothing was known of it.")
    after: kpis.KpiValue | None = Field(description="Of the other method, or as known later; null: there is none.")
    change: float | None = Field(description="After less before; null where one of them has no value.")
    why: list[str] = Field(description="Each cause in a sentence.")


@router.get("/{kpi}/differences", dependencies=[EXPENSIVE], summary="What was known otherwise, and why")
def list_differences(  # noqa: PLR0913, PLR0917 - what is asked for, and which part of it
    kpi: KpiName,
    access: Allowed,
    request: Request,
    compared: Annotated[DifferencesAsked, Depends()],
    asked: Asked,
    part: AskedPart,
) -> Page[KpiDifference]:
    """List the figures of the civil periods that overlap [from, to) that differ, each with its causes.

    Either between two instants (`before` and `after`: as reported against as known), or between two methods.
    """
    if (compared.before is None) == (compared.method is None):
        raise invalid("before", "expected `before`, an instant, or `method`, another indicator; and not both")
    period = Period(compared.period)
    (indicator,) = kpis_asked(kpis.find(kpi).name, period)
    city = compared.city
    access.cities(city)
    zone = access.zone(city) or "UTC"
    names = subject_names(access.connection, [city], compared.site, compared.group)
    before, after = instant(compared.before, zone, "before"), instant(compared.after, zone, "after")
    if before and before >= (after or datetime.max.replace(tzinfo=before.tzinfo)):
        raise invalid("after", "expected `before` to be earlier than `after`")
    within = asked.within(access.now, DEFAULT_LENGTH[period], zone)
    scope = FiguresAsked.overlapping(indicator, period, (within.start, within.end), zone, after)
    subjects: Subjects = request.app.state.subjects
    index = subjects.current(access.connection)
    try:
        if before:
            found = known_apart(access.connection, index, names, scope, before)
        else:
            (other,) = kpis_asked(kpis.find(compared.method or "").name, period)
            found = computed_apart(access.connection, index, names, scope, other)
    except NotKeptError as error:
        raise invalid("before", str(error)) from error
    visible, withheld = _visible(access, found, is_former=before is not None or after is not None)
    query = (kpi, compared.period.value, str(before), str(after), compared.method, *asked.ends)
    return Paging((*query, list(compared.site), list(compared.group), city)).page(_shown(visible), _key, part, withheld)


def _visible(access: Access, found: Sequence[DifferingFigure], *, is_former: bool) -> tuple[list[DifferingFigure], int]:
    """Return the differences whose both figures are shown, and how many are not."""
    visible = []
    for one in found:
        shown = ShownFigures(access.viewing)
        sides = [side for side in (one.before, one.after) if side is not None]
        worded = iter(shown.of(sides, is_former=is_former))
        if not shown.withheld:
            before = next(worded) if one.before is not None else None
            after = next(worded) if one.after is not None else None
            why = tuple(access.viewing.words(one.name.city, each) or "" for each in one.why)
            visible.append(replace(one, before=before, after=after, why=why))
    return visible, len(found) - len(visible)


def _shown(found: Sequence[DifferingFigure]) -> list[KpiDifference]:
    return [
        KpiDifference(
            city=one.name.city,
            site=one.name.site,
            group=one.name.group,
            period_start=one.period_start,
            period_end=one.period_end,
            before=None if one.before is None else kpis.KpiValue.model_validate(one.before),
            after=None if one.after is None else kpis.KpiValue.model_validate(one.after),
            change=one.change,
            why=list(one.why),
        )
        for one in found
    ]


def _key(one: KpiDifference) -> Key:
    return one.site or "", one.group or "", to_micros(one.period_start)
