"""Indicators: the catalogue, values as known now or then, and what stands behind one figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request

from ingest.model import calendar
from ingest.model.time import DAY, from_micros, to_micros
from kpi_engine.api import applicability, kpis
from kpi_engine.api.access import EVERY_SITE, Access, Resource, seeing
from kpi_engine.api.boundary_readings import boundary_readings
from kpi_engine.api.database import fetch
from kpi_engine.api.errors import NotFoundError, invalid
from kpi_engine.api.hours import Subjects
from kpi_engine.api.instants import Instant
from kpi_engine.api.ranges import Asked, TimeRange
from kpi_engine.api.representation import Items
from kpi_engine.api.routes import cities
from kpi_engine.api.routes.cities import City, Site
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.engine import days_on_reading, reload_inputs
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.errors import NotKeptError, SubjectError
from kpi_engine.figures import store
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.figures.ranking import RankingOrder, ranking
from kpi_engine.figures.store import KnownFigure
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects.subject import SubjectName
from processors.storage.database import Connection

router = APIRouter(prefix="/kpis", tags=["KPIs"])

Allowed = Annotated[Access, Depends(seeing(Resource.KPIS))]
KpiName = Annotated[str, Path(description="Name of an indicator, as in /kpis.", examples=["heat_delivered"])]

MAX_VALUES: Final = 20_000
MAX_COMPUTED: Final = 4_000  # days of sites, which are computed when they are asked for
DEFAULT_LENGTH: Final = {
    calendar.Period.DAY: 92 * DAY,
    calendar.Period.MONTH: 730 * DAY,
    calendar.Period.YEAR: 3650 * DAY,
}


@dataclass(frozen=True)
class Figures:
    """Which figures of an indicator."""

    city: str
    site: Annotated[str | None, Query(description="Left out: the city as a whole; * for each of its sites.")] = None
    group: Annotated[str | None, Query(description="A group of the city instead; * for each of its groups.")] = None
    period: FigurePeriod = FigurePeriod.MONTH
    as_of: Annotated[Instant | None, Query(description="Answer as was known then.")] = None


@dataclass(frozen=True)
class Ranked:
    """Which figures of sites are ranked, and how."""

    city: str
    start: Annotated[Instant, Query(description="An instant of the period, such as its start.")]
    period: FigurePeriod = FigurePeriod.MONTH
    order: Annotated[
        RankingOrder | None,
        Query(description="Left out: those to look at first, by which way the indicator is to move."),
    ] = None
    as_of: Annotated[Instant | None, Query(description="Answer as was known then.")] = None


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
def catalogue(
    request: Request,
    access: Allowed,
    city: Annotated[str | None, Query(description="Say also what is missing for a figure of this city.")] = None,
) -> Items[kpis.Kpi]:
    """List every indicator with its definition, formula and citation."""
    every = [INDICATORS[name] for name in sorted(INDICATORS)]
    if city is None:
        return Items(items=[kpis.kpi(one) for one in every])
    access.cities(city)
    subjects: Subjects = request.app.state.subjects
    subject = subjects.look_up(access.connection, SubjectName(city))
    return Items(items=[kpis.kpi(one, applicability.missing(one, subject)) for one in every])


@router.get("/{kpi}", summary="One indicator")
def definition(kpi: KpiName, _: Allowed) -> kpis.Kpi:
    """Return one indicator's definition."""
    return kpis.kpi(kpis.find(kpi))


@router.get("/{kpi}/values", dependencies=[EXPENSIVE], summary="Values of an indicator")
def values(
    kpi: KpiName, access: Allowed, request: Request, figures: Annotated[Figures, Depends()], asked: Asked
) -> Items[kpis.KpiValue]:
    """List the figures of the civil periods that overlap [from, to), in order of time.

    Days of a site or group are computed when they are asked for: they have no `value_id` and no revisions, and what
    stands behind one is at `/kpis/{kpi}/days/{day}/lineage`. Those that a baseline measures by are kept as all others.
    """
    connection, city, period = access.connection, figures.city, calendar.Period(figures.period)
    if period not in kpis.find(kpi).periods:
        raise invalid("period", f"expected one of {', '.join(kpis.find(kpi).periods)}")
    access.cities(city)
    zone = fetch(connection, City, cities.SQL["api_cities"], cities=[city])[0].timezone
    within = asked.within(access.now, DEFAULT_LENGTH[period])
    whole = TimeRange(calendar.floor(within.start, period, zone), within.end)
    names = subject_names(connection, SubjectName(city, figures.site, figures.group))
    is_kept = names == [SubjectName(city)] or figures.as_of
    most = MAX_VALUES if is_kept else MAX_COMPUTED
    if (whole.end - whole.start) // DAY * len(names) > most and period is calendar.Period.DAY:
        raise invalid("from", f"expected at most {most} values; ask for a shorter range or fewer sites")
    scope = FiguresAsked(kpis.find(kpi), period, whole.start_time, whole.end_time, figures.as_of)
    found = _found(access, request, names, scope)
    return Items(items=[kpis.KpiValue.model_validate(value) for value in found])


@router.get("/{kpi}/ranking", dependencies=[EXPENSIVE], summary="Sites of a city by an indicator")
def sites_by_figure(
    kpi: KpiName, access: Allowed, request: Request, asked: Annotated[Ranked, Depends()]
) -> Items[kpis.RankedSite]:
    """List the figure of each site for one civil period, those to look at first before the others."""
    connection, period, found = access.connection, calendar.Period(asked.period), kpis.find(kpi)
    if not found.of_sites:
        raise NotFoundError(f"{kpi} is a figure of a city alone: there are no sites to rank")
    access.cities(asked.city)
    zone = fetch(connection, City, cities.SQL["api_cities"], cities=[asked.city])[0].timezone
    start = from_micros(calendar.floor(to_micros(asked.start), period, zone))
    figures: Sequence[KnownFigure]
    if period is calendar.Period.DAY and asked.as_of is None:
        scope = FiguresAsked(found, period, start, start + timedelta(microseconds=1))
        names = subject_names(connection, SubjectName(asked.city, EVERY_SITE))
        figures = _found(access, request, names, scope)
    else:
        figures = store.values_of_sites(connection, kpi, asked.city, period, start, asked.as_of)
    order = asked.order or RankingOrder.worst_first(found.better)
    return Items(items=[kpis.RankedSite.model_validate(one) for one in ranking(figures, order)])


@router.get("/{kpi}/values/{value_id}/lineage", dependencies=[EXPENSIVE], summary="What stands behind a figure")
def lineage(
    kpi: KpiName,
    value_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    access: Allowed,
    request: Request,
    beside: Annotated[Beside, Depends()],
) -> kpis.KpiLineage:
    """Return the inputs, factors, versions and every revision of one figure."""
    found = store.lineage(access.connection, value_id)
    if found is None or found.value.kpi != kpi or not access.caller.token.covers(found.value.city):
        raise NotFoundError(f"there is no value {value_id} of {kpi}")
    try:
        whole = reload_inputs.with_inputs(access.connection, found) if beside.complete else found
    except SubjectError as error:
        raise NotFoundError(str(error)) from error
    shown = kpis.KpiLineage.model_validate(whole)
    subjects: Subjects = request.app.state.subjects
    around = boundary_readings(access.connection, subjects, found.value) if beside.boundaries else None
    return shown.model_copy(update={"left_out": kpis.left_out(access.connection, shown), "boundaries": around})


@router.get("/{kpi}/days/{day}/lineage", dependencies=[EXPENSIVE], summary="What stands behind a day that is not kept")
def lineage_of_day(
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
        raise NotFoundError(f"there is no figure of {kpi} for {figure.site or figure.group} in {figure.city} on {day}")
    whole = reload_inputs.with_inputs(connection, found) if figure.complete else found
    shown = kpis.KpiLineage.model_validate(whole)
    return shown.model_copy(update={"left_out": kpis.left_out(connection, shown)})


def _found(access: Access, request: Request, names: Sequence[SubjectName], asked: FiguresAsked) -> list[KnownFigure]:
    subjects: Subjects = request.app.state.subjects
    index = subjects.current(access.connection)
    try:
        return days_on_reading.figures(access.connection, index, names, asked)
    except NotKeptError as error:
        raise invalid("as_of", str(error)) from error


def subject_names(connection: Connection, asked: SubjectName) -> list[SubjectName]:
    """Return whom is asked for: the city, a site or group of it, or each of its sites or groups (*)."""
    city, site, group = asked
    if site is not None and group is not None:
        raise invalid("group", "expected a site or a group, not both")
    if site is not None:
        sites = [found.name for found in fetch(connection, Site, cities.SQL["api_sites"], city=city, vertical=None)]
        return [SubjectName(city, one) for one in _chosen("site", sites, asked.site, city)]
    if group is not None:
        groups = [found.name for found in cities.groups_of(connection, city)]
        return [SubjectName(city, group=one) for one in _chosen("group", groups, asked.group, city)]
    return [asked]


def _chosen(kind: str, known: Sequence[str], asked: str | None, city: str) -> list[str]:
    if asked != EVERY_SITE and asked not in known:
        raise NotFoundError(f"there is no {kind} {asked!r} in {city}")
    return [name for name in known if asked in (EVERY_SITE, name)]
