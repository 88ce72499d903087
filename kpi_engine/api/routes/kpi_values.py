"""Values of indicators: of one or of many, of cities, their sites and groups, as known now or then."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, NamedTuple

from fastapi import APIRouter, Depends, Path, Query, Request

from ingest.model.calendar import Period
from ingest.model.time import DAY, to_micros
from kpi_engine.api import kpis
from kpi_engine.api.access import Access
from kpi_engine.api.conditional import unless_known
from kpi_engine.api.cursors import AskedPart, Key, ListPart, Paging
from kpi_engine.api.errors import WithheldError, invalid
from kpi_engine.api.figures_asked import cities_asked, figures_known, figures_version, kpis_asked, subject_names
from kpi_engine.api.hours import Subjects
from kpi_engine.api.instants import DayOrInstant
from kpi_engine.api.ranges import Asked, RangeQuery, instant
from kpi_engine.api.representation import Page
from kpi_engine.api.routes.kpis import Allowed
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.figures.store import KnownFigure
from kpi_engine.indicator import Indicator
from kpi_engine.privacy.shown_figures import ShownFigures
from kpi_engine.subjects.subject import SubjectName

router = APIRouter(prefix="/kpis", tags=["KPIs"])

Names = tuple[str, ...]
KpiNames = Annotated[
    str,
    Path(description="An indicator, several with commas between, or * for all.", examples=["heat_delivered"]),
]
MOST: Final = 100_000
"""Values of one answer without `limit`."""
MOST_DAYS: Final = 20_000
"""Of days, of one city as a whole or as known then."""
MOST_COMPUTED: Final = 4_000
"""Of days of sites, which are computed when they are asked for."""
DEFAULT_LENGTH: Final = {Period.DAY: 92 * DAY, Period.MONTH: 730 * DAY, Period.YEAR: 3650 * DAY}
KEY: Final = (str, str, str, str, int)


@dataclass(frozen=True)
class Figures:
    """Which figures."""

    city: Annotated[Names, Query(min_length=1, description="Cities; * for every one that the token may see.")]
    site: Annotated[Names, Query(description="Sites, * for every one; left out: the cities as wholes.")] = ()
    group: Annotated[Names, Query(description="Groups of the cities instead; * for every one.")] = ()
    period: FigurePeriod = FigurePeriod.MONTH
    as_of: Annotated[DayOrInstant | None, Query(description="Answer as was known then; a day: at its start.")] = None


@dataclass(frozen=True)
class _Scope:
    """The figures of one indicator and subject."""

    name: SubjectName
    asked: FiguresAsked

    @property
    def key(self) -> Key:
        city, site, group = self.name
        return self.asked.indicator.name, city, site or "", group or ""

    @property
    def days(self) -> int:
        return (to_micros(self.asked.end) - to_micros(self.asked.start)) // DAY


class FiguresPart(NamedTuple):
    """Some of the figures asked for, the cursor of the next ones, and how many of these the caller may not see."""

    figures: list[KnownFigure]
    next_cursor: str | None
    withheld: int


@router.get("/{kpi}/values", dependencies=[EXPENSIVE], summary="Values of indicators")
def list_kpi_values(  # noqa: PLR0913, PLR0917 - what is asked for, and which part of it
    kpi: KpiNames,
    access: Allowed,
    request: Request,
    figures: Annotated[Figures, Depends()],
    asked: Asked,
    part: AskedPart,
) -> Page[kpis.KpiValue]:
    """List the figures of the civil periods that overlap [from, to): by indicator, subject and time.

    Days of a site or group are computed when they are asked for: they have no `value_id` and no revisions, and what
    stands behind one is at `/kpis/{kpi}/days/{day}/lineage`. Those that a baseline measures by are kept as all others.
    """
    found = figures_part(kpi, access, request, figures, asked, part)
    items = [kpis.KpiValue.model_validate(value) for value in found.figures]
    return Page(items=items, next_cursor=found.next_cursor, withheld=found.withheld)


def figures_part(  # noqa: PLR0913, PLR0917 - as it is asked for
    kpi: str, access: Access, request: Request, figures: Figures, asked: RangeQuery, part: ListPart
) -> FiguresPart:
    """Return a part of the figures asked for; raises NotModifiedError where the caller has them already."""
    period = Period(figures.period)
    chosen = kpis_asked(kpi, period)
    cities = cities_asked(access, figures.city)
    names = subject_names(access.connection, cities, figures.site, figures.group)
    scopes = _scopes(access, request, chosen, names, (figures, asked))
    _check(scopes, figures, part)
    query = (kpi, *map(list, (figures.city, figures.site, figures.group)), figures.period.value, str(figures.as_of))
    paging = Paging((*query, *asked.ends))
    after = paging.after_key(part.cursor, KEY)
    unless_known(request, access, _version(access, request, scopes, (figures, asked)))
    found: list[tuple[Key, KnownFigure]] = []
    most = MOST if part.limit is None else part.limit
    shown = ShownFigures(access.viewing)
    for one in _values(access, request, scopes, after, shown):
        found.append(one)
        if len(found) > most:
            break
    if part.limit is None and len(found) > most:
        raise invalid("limit", f"expected `limit`, since these are more than {most} values; or take them from /export")
    if shown.why and not found and after is None and len(scopes) == 1:
        raise WithheldError(shown.why)
    following = paging.keyed(found[most - 1][0]) if len(found) > most else None
    return FiguresPart([value for _, value in found[:most]], following, shown.withheld)


def _scopes(
    access: Access,
    request: Request,
    chosen: Sequence[Indicator[Any]],
    names: Sequence[SubjectName],
    wanted: tuple[Figures, RangeQuery],
) -> list[_Scope]:
    """Return what is asked for in the order of answers; of many indicators those that a subject has."""
    figures, asked = wanted
    subjects: Subjects = request.app.state.subjects
    index, period = subjects.current(access.connection), Period(figures.period)
    found = []
    zones = {city: access.zone(city) or "UTC" for city in {name.city for name in names}}
    for name in names:
        zone = zones[name.city]
        within = asked.within(access.now, DEFAULT_LENGTH[period], zone)
        known_at = instant(figures.as_of, zone, "as_of")
        subject = index.by_name.get(name)
        for indicator in chosen:
            if len(chosen) == 1 or (subject is not None and indicator in subject.indicators):
                span = (within.start, within.end)
                found.append(_Scope(name, FiguresAsked.overlapping(indicator, period, span, zone, known_at)))
    return sorted(found, key=lambda one: one.key)


def _check(scopes: Sequence[_Scope], figures: Figures, part: ListPart) -> None:
    """Refuse days that take too long to compute, or to tell."""
    if figures.period is not FigurePeriod.DAY:
        return
    is_kept = figures.as_of is not None or not (figures.site or figures.group)
    most = MOST_DAYS if is_kept else MOST_COMPUTED
    days = [one.days for one in scopes]
    if max(days, default=0) > most or (part.limit is None and sum(days) > most):
        raise invalid("from", f"expected at most {most} values; ask for a shorter range or fewer sites")


def _values(
    access: Access, request: Request, scopes: Sequence[_Scope], after: Key | None, shown: ShownFigures
) -> Iterator[tuple[Key, KnownFigure]]:
    """Yield the figures that follow a key, with their own keys, of those that are shown."""
    for scope in scopes:
        if after is not None and scope.key < after[: len(scope.key)]:
            continue
        known = figures_known(access, request, [scope.name], scope.asked)
        for value in shown.of(known, is_former=scope.asked.as_of is not None):
            key = (*scope.key, to_micros(value.period_start))
            if after is None or key > after:
                yield key, value


def _version(
    access: Access, request: Request, scopes: Sequence[_Scope], wanted: tuple[Figures, RangeQuery]
) -> Hashable | None:
    """Return what changes whenever the answer does; None where that rests on the clock too, or on more than figures."""
    figures, asked = wanted
    if asked.start is None or asked.end is None or figures.as_of is not None:
        return None
    if any(access.viewing.of(scope.name.city) for scope in scopes):  # what is shown rests on the clock
        return None
    subjects: Subjects = request.app.state.subjects
    period = Period(figures.period)
    for scope in scopes:
        subject = subjects.index.by_name.get(scope.name)
        if subject is not None and not subject.keeps(scope.asked.indicator, period):
            return None
    return figures_version(access.connection)
