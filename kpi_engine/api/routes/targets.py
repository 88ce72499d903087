"""Targets of cities, sites and groups: where figures are to go, and whether they do."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from ingest.model.calendar import day_of, day_start
from kpi_engine.api import targets
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.cursors import AskedPart, Key, Paging
from kpi_engine.api.errors import NotFoundError, invalid
from kpi_engine.api.fetching import fetch
from kpi_engine.api.figures_asked import ABSENT
from kpi_engine.api.representation import Page
from kpi_engine.api.routes import cities
from kpi_engine.api.routes.cities import Site
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.privacy.viewing import AskedFigure
from kpi_engine.subjects.subject import SubjectName
from kpi_engine.targets import store
from kpi_engine.targets.store import DeclaredTarget

router = APIRouter(prefix="/targets", tags=["KPIs"])


@router.get("", dependencies=[EXPENSIVE], summary="Targets")
def list_targets(
    access: Annotated[Access, Depends(seeing(Resource.KPIS))],
    city: str,
    site: Annotated[
        str | None, Query(description="Only of this site; left out: of the city, all its sites and groups.")
    ] = None,
    group: Annotated[str | None, Query(description="Only of this group.")] = None,
    *,
    asked: AskedPart,
) -> Page[targets.KpiTarget]:
    """List the targets that a city file declares, each with its path year by year and what figures say of it now."""
    access.cities(city)
    if site is not None:
        sites = fetch(access.connection, Site, cities.SQL["api_sites"], city=city, vertical=None)
        if site not in {one.name for one in sites}:
            raise NotFoundError(ABSENT["site"].of(name=repr(site), city=city))
        access.require_site(city, site)
    if site is not None and group is not None:
        raise invalid("group", "expected a site or a group, not both")
    if group is not None and group not in {one.name for one in cities.groups_of(access.connection, city)}:
        raise NotFoundError(ABSENT["group"].of(name=repr(group), city=city))
    declared = store.declared(access.connection, [city], site, group)
    shown = [one for one in declared if _is_shown(access, one)]
    found = [targets.shown(one) for one in store.judgements(access.connection, shown, access.now)]
    for one in found:
        one.reason = access.viewing.words(city, one.reason)
    return Paging(("targets", city, site, group)).page(found, _key, asked, len(declared) - len(shown))


def _is_shown(access: Access, one: DeclaredTarget) -> bool:
    """Whether the caller sees the figures of a path, from its baseline to the month before this one."""
    zone = access.zone(one.city) or "UTC"
    first = day_start(date(one.target.baseline.year, 1, 1), zone)
    last = day_start(day_of(access.now, zone).replace(day=1), zone)
    name = SubjectName(one.city, one.site, one.group)
    span = min(first, last - 1), last
    return access.viewing.withheld(AskedFigure(name, one.target.indicator, None, *span)) is None


def _key(one: targets.KpiTarget) -> Key:
    return one.site or "", one.group or "", one.indicator, one.title, one.baseline.year
