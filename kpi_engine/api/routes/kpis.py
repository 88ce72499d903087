"""Indicators: the catalogue, values as known now or then, and what stands behind one figure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request

from ingest.model import calendar
from ingest.model.sentences import Sentence
from ingest.model.time import from_micros, to_micros
from kpi_engine.api import applicability, kpis
from kpi_engine.api.access import EVERY_SITE, Access, Resource, seeing
from kpi_engine.api.boundary_readings import boundary_readings
from kpi_engine.api.cursors import AskedPart, Paging, by_name
from kpi_engine.api.errors import NotFoundError, invalid
from kpi_engine.api.figures_asked import figures_known, subject_names
from kpi_engine.api.hours import Subjects
from kpi_engine.api.instants import DayOrInstant
from kpi_engine.api.ranges import instant
from kpi_engine.api.representation import Items, Page
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.api.withheld_lineage import closed_off, is_closed_off
from kpi_engine.engine import days_on_reading, reload_inputs
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.errors import SubjectError
from kpi_engine.figures import store
from kpi_engine.figures.erased import sentence
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.figures.ranking import RankingOrder, ranking
from kpi_engine.figures.store import KnownFigure
from kpi_engine.indicators import INDICATORS
from kpi_engine.privacy.shown_figures import ShownFigures
from kpi_engine.subjects.subject import SubjectName

NO_DAY: Final = Sentence("there is no figure of {kpi} for {subject} in {city} on {day}")

router = APIRouter(prefix="/kpis", tags=["KPIs"])

Allowed = Annotated[Access, Depends(seeing(Resource.KPIS))]
KpiName = Annotated[str, Path(description="Name of an indicator, as in /kpis.", examples=["heat_delivered"])]


@dataclass(frozen=True)
class Ranked:
    """Which figures of sites are ranked, and how."""

    city: str
    start: Annotated[DayOrInstant, Query(description="An instant or a day of the period, such as its start.")]
    period: FigurePeriod = FigurePeriod.MONTH
    order: Annotated[
        RankingOrder | None,
        Query(description="Left out: those to look at first, by which way the indicator is to move."),
    ] = None
    as_of: Annotated[DayOrInstant | None, Query(description="Answer as was known then; a day: at its start.")] = None


@dataclass(frozen=True)
class DayAsked:
    """Whose day: that of a site, or of a group."""

    city: str
    site: str | None = None
    group: Annotated[str | None, Query(description="A group of the city, instead of a site.")] = None
    complete: Annotated[bool, Query(description="Inputs whole, not hours as a digest.")] = False


@dataclass(frozen=True)
class Beside:
    """What lineage is to read again beside what was stored with a figure."""

    complete: Annotated[bool, Query(description="Inputs whole: what is kept as a digest is read again.")] = False
    boundaries: Annotated[bool, Query(description="Also the readings around both edges of each register.")] = False


@router.get("", summary="The indicators")
def list_kpis(
    request: Request,
    access: Allowed,
    part: AskedPart,
    city: Annotated[str | None, Query(description="Say also what is missing for a figure of this city.")] = None,
) -> Page[kpis.Kpi]:
    """List every indicator with its definition, formula and citation."""
    paging = Paging(("kpis", city))
    if city is None:
        return paging.page(map(kpis.kpi, INDICATORS.values()), by_name, part)
    access.cities(city)
    subjects: Subjects = request.app.state.subjects
    subject = subjects.look_up(access.connection, SubjectName(city))
    words = access.viewing.words
    shown = [kpis.kpi(one, words(city, applicability.missing(one, subject))) for one in INDICATORS.values()]
    return paging.page(shown, by_name, part)


@router.get("/{kpi}", summary="One indicator")
def show_kpi(kpi: KpiName, _: Allowed) -> kpis.Kpi:
    """Return one indicator's definition."""
    return kpis.kpi(kpis.find(kpi))


@router.get("/{kpi}/ranking", dependencies=[EXPENSIVE], summary="Sites of a city by an indicator")
def rank_sites(
    kpi: KpiName, access: Allowed, request: Request, asked: Annotated[Ranked, Depends()]
) -> Items[kpis.RankedSite]:
    """List the figure of each site for one civil period, those to look at first before the others."""
    connection, period, found = access.connection, calendar.Period(asked.period), kpis.find(kpi)
    if not found.of_sites:
        raise NotFoundError(Sentence("{kpi} is a figure of a city alone: there are no sites to rank").of(kpi=kpi))
    access.cities(asked.city)
    zone = access.zone(asked.city)
    known_at, at = instant(asked.as_of, zone, "as_of"), instant(asked.start, zone, "start")
    assert zone is not None  # noqa: S101 - a registered city has one; tells the type checker
    assert at is not None  # noqa: S101 - asked for
    start = from_micros(calendar.floor(to_micros(at), period, zone))
    figures: Sequence[KnownFigure]
    if period is calendar.Period.DAY and known_at is None:
        scope = FiguresAsked(found, period, start, start + timedelta(microseconds=1))
        names = subject_names(connection, [asked.city], [EVERY_SITE], [])
        figures = figures_known(access, request, names, scope)
    else:
        figures = store.values_of_sites(connection, kpi, asked.city, period, start, known_at)
    order = asked.order or RankingOrder.worst_first(found.better)
    shown = ShownFigures(access.viewing)
    seen = shown.of(figures, is_former=known_at is not None)
    items = [kpis.RankedSite.model_validate(one) for one in ranking(seen, order)]
    return Items(items=items, withheld=shown.withheld)


@router.get("/{kpi}/values/{value_id}/lineage", dependencies=[EXPENSIVE], summary="What stands behind a figure")
def explain_value(
    kpi: KpiName,
    value_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    access: Allowed,
    request: Request,
    beside: Annotated[Beside, Depends()],
) -> kpis.KpiLineage:
    """Return the inputs, factors, versions and every revision of one figure."""
    found = store.lineage(access.connection, value_id)
    if found is None or found.value.kpi != kpi or not access.caller.token.covers(found.value.city):
        raise NotFoundError(Sentence("there is no value {number} of {kpi}").of(number=value_id, kpi=kpi))
    if is_closed_off(access, found):
        return closed_off(access, found)
    if said := sentence(found.inputs):
        erased = kpis.KpiLineage.model_validate(replace(found, inputs={}))
        return erased.model_copy(update={"inputs_withheld": f"what it was computed from was {said}"})
    try:
        whole = reload_inputs.with_inputs(access.connection, found) if beside.complete else found
    except SubjectError as error:
        raise NotFoundError(str(error)) from error
    shown = kpis.KpiLineage.model_validate(whole)
    subjects: Subjects = request.app.state.subjects
    around = boundary_readings(access.connection, subjects, found.value) if beside.boundaries else None
    return shown.model_copy(update={"left_out": kpis.left_out(access.connection, shown), "boundaries": around})


@router.get("/{kpi}/days/{day}/lineage", dependencies=[EXPENSIVE], summary="What stands behind a day that is not kept")
def explain_day(
    kpi: KpiName, day: date, access: Allowed, request: Request, figure: Annotated[DayAsked, Depends()]
) -> kpis.KpiLineage:
    """Compute the figure of a civil day again, and return its inputs, factors and versions."""
    connection, indicator = access.connection, kpis.find(kpi)
    access.cities(figure.city)
    name = SubjectName(figure.city, figure.site, figure.group)
    if (figure.site is None) == (figure.group is None):
        raise invalid("site", "expected a site or a group, and not both; days of the city are kept")
    subjects: Subjects = request.app.state.subjects
    subject = subjects.find(connection, name)
    start = from_micros(calendar.day_start(day, subject.zone))
    asked = FiguresAsked(indicator, calendar.Period.DAY, start, start + timedelta(microseconds=1))
    found = days_on_reading.lineage(connection, subjects.index, subject, asked)
    if found is None:
        raise NotFoundError(NO_DAY.of(kpi=kpi, subject=figure.site or figure.group, city=figure.city, day=day))
    if is_closed_off(access, found):
        return closed_off(access, found)
    whole = reload_inputs.with_inputs(connection, found) if figure.complete else found
    shown = kpis.KpiLineage.model_validate(whole)
    return shown.model_copy(update={"left_out": kpis.left_out(connection, shown)})
