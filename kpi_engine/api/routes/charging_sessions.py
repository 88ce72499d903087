"""Charging sessions."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request

from ingest.model.catalogue import Catalogue
from ingest.model.time import DAY, from_micros, to_micros
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.charging_sessions import Catalogues, ChargingSession, answer
from kpi_engine.api.cursors import Cursor, Paging
from kpi_engine.api.errors import invalid
from kpi_engine.api.ranges import Asked
from kpi_engine.api.representation import Page
from kpi_engine.api.turns import EXPENSIVE
from processors.sessions.known import ChargingPoints, PointSession, known_sessions, points

router = APIRouter(prefix="/sessions", tags=["charging sessions"])

MAX_DAYS_OF_READINGS: Final = 92

Allowed = Annotated[Access, Depends(seeing(Resource.SESSIONS))]


@dataclass(frozen=True)
class SessionFilters:
    """Which points; what is None does not matter."""

    city: str | None = None
    site: str | None = None
    device: str | None = None


@dataclass(frozen=True)
class PageQuery:
    """Which part of the list."""

    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000
    cursor: Cursor = None


def _chosen(
    request: Request, access: Allowed, filters: Annotated[SessionFilters, Depends()]
) -> tuple[Catalogue, ChargingPoints]:
    catalogues: Catalogues = request.app.state.catalogues
    catalogue = catalogues.current(access.connection)
    return catalogue, points(catalogue, access.cities(filters.city), filters.site, filters.device)


@router.get("", dependencies=[EXPENSIVE], summary="Charging sessions")
def list_sessions(
    access: Allowed,
    chosen: Annotated[tuple[Catalogue, ChargingPoints], Depends(_chosen)],
    filters: Annotated[SessionFilters, Depends()],
    asked: Asked,
    part: Annotated[PageQuery, Depends()],
) -> Page[ChargingSession]:
    """List sessions that begin in [from, to) in order of their begin; without `from`, of one day.

    Points that send records answer with those; of others they are assembled from register and plug, at most 92 days.
    Sessions that begin at the same instant stand on the same page, which may be longer than `limit` for that.
    """
    catalogue, asked_for = chosen
    within = asked.within(access.now, DAY, access.zone(filters.city))
    if asked_for.read and (within.end - within.start) // DAY > MAX_DAYS_OF_READINGS:
        raise invalid("from", f"expected at most {MAX_DAYS_OF_READINGS} days where points send no records of sessions")
    paging = Paging(asked.ends)
    after = paging.after(part.cursor)
    start = within.start if after is None else to_micros(after) + 1
    found = known_sessions(access.connection, catalogue, asked_for, start, within.end)
    page = _page(found, part.limit)
    return Page(
        items=[answer(one) for one in page],
        next_cursor=paging.cursor(from_micros(page[-1].session.begin)) if len(page) < len(found) else None,
    )


def _page(found: list[PointSession], limit: int) -> list[PointSession]:
    """Return the first ``limit`` sessions and those that begin with the last of them."""
    if len(found) <= limit:
        return found
    last = found[limit - 1].session.begin
    return [one for one in found if one.session.begin <= last]
