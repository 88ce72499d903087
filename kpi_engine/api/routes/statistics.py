"""Statistics: what no device sends, as people gave it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from ingest.model.declarations.expected import one_of
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.cursors import Cursor, Paging
from kpi_engine.api.errors import NotFoundError, invalid
from kpi_engine.api.fetching import fetch
from kpi_engine.api.figures_asked import ABSENT
from kpi_engine.api.instants import DayOrInstant
from kpi_engine.api.ranges import instant
from kpi_engine.api.representation import Answer, Page
from kpi_engine.api.routes import cities
from kpi_engine.api.routes.cities import Site
from kpi_engine.factors.factor import CalorificBasis
from kpi_engine.statistics import store
from kpi_engine.statistics.catalogue import STATISTICS, StatisticKind
from kpi_engine.statistics.given import StoredValue
from kpi_engine.statistics.store import StatisticQuery

router = APIRouter(prefix="/statistics", tags=["KPIs"])


class StatisticValue(Answer):
    """One value that somebody gave."""

    number: int = Field(description="What `pharos data withdraw` takes.")
    statistic: str
    title: str
    kind: StatisticKind = Field(
        description="level: holds on each of its days; flow: an amount of them all, divided evenly by the day; "
        "one_off: an amount that is never divided."
    )
    city: str
    site: str | None = Field(description="Null for the city as a whole.")
    valid_from: date = Field(description="First civil day of the city that it is for.")
    valid_to: date | None = Field(description="Day after the last; null until further notice.")
    value: float
    lower: float | None = Field(description="The least it can be, as its source states; null where it does not.")
    upper: float | None = Field(description="The most it can be, as its source states; null where it does not.")
    unit: str = Field(description="As it was given.")
    calorific_basis: CalorificBasis | None = Field(description="Of energy of a fuel: net or gross calorific value.")
    source: str
    page: str
    revision: float | None = Field(
        description="Of several values for the same days the latest holds; a day is the number of its digits, 20250301."
    )
    note: str
    holds: bool = Field(description="Not withdrawn, and no value for the same days has a later revision.")
    known_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_for: str | None = Field(description="Why it was withdrawn.")


@dataclass(frozen=True)
class StatisticFilters:
    """Which values; what is None does not matter."""

    city: str | None = None
    site: Annotated[str | None, Query(description="Only of this site of the city.")] = None
    statistic: Annotated[str | None, Query(description="Only of this statistic.", examples=["population"])] = None
    as_of: Annotated[
        DayOrInstant | None, Query(description="Answer as was known then; a day: at its start, of the one `city`.")
    ] = None
    every_one: Annotated[
        bool, Query(alias="all", description="Also values that a later revision stands for, and withdrawn ones.")
    ] = False

    @property
    def key(self) -> tuple[str | bool | None, ...]:
        """What of it a cursor belongs to."""
        known_at = None if self.as_of is None else self.as_of.isoformat()
        return self.city, self.site, self.statistic, known_at, self.every_one


@router.get("", summary="Statistics")
def list_statistics(
    access: Annotated[Access, Depends(seeing(Resource.KPIS))],
    filters: Annotated[StatisticFilters, Depends()],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Cursor = None,
) -> Page[StatisticValue]:
    """List bills, populations, costs and other given values with their source, those given last first."""
    scope = access.cities(filters.city)
    _check(access, filters)
    paging = Paging(filters.key)
    after = paging.after_numbered(cursor)
    known_at = instant(filters.as_of, access.zone(filters.city), "as_of")
    chosen = (scope, filters.site, filters.statistic, known_at, filters.every_one)
    found = store.load(access.connection, StatisticQuery(*chosen, after and after[1], limit + 1))
    last = found[limit - 1] if len(found) > limit else None
    seen, withheld = access.viewing.placed([_shown(one) for one in found[:limit]])
    following = paging.numbered(last.known_at, last.number) if last else None
    return Page(items=seen, next_cursor=following, withheld=withheld)


def _check(access: Access, filters: StatisticFilters) -> None:
    """Refuse a statistic that does not exist, and a site that its city does not have."""
    if filters.statistic is not None and filters.statistic not in STATISTICS:
        raise invalid("statistic", one_of(STATISTICS, filters.statistic))
    if filters.site is None:
        return
    if filters.city is None:
        raise invalid("site", "expected `city` as well")
    access.require_site(filters.city, filters.site)
    sites = fetch(access.connection, Site, cities.SQL["api_sites"], city=filters.city, vertical=None)
    if filters.site not in {site.name for site in sites}:
        raise NotFoundError(ABSENT["site"].of(name=repr(filters.site), city=filters.city))


def _shown(one: StoredValue) -> StatisticValue:
    beside = {name: value for name, value in vars(one).items() if name != "given"}
    definition = one.given.definition
    return StatisticValue(**one.given.contents, **beside, title=definition.title, kind=definition.kind)
