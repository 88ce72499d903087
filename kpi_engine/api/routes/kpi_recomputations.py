"""Which figures were recomputed, when and why; its path comes before those of single indicators."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from ingest.model.time import from_micros
from kpi_engine.api import kpis
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.cursors import Cursor, Paging
from kpi_engine.api.errors import invalid
from kpi_engine.api.instants import Instant
from kpi_engine.api.ranges import Asked
from kpi_engine.api.representation import Page
from kpi_engine.engine.causes import Cause
from kpi_engine.figures import store
from kpi_engine.figures.figure_periods import FigurePeriod

router = APIRouter(prefix="/kpis", tags=["KPIs"])


@dataclass(frozen=True)
class RecomputationFilter:
    """Which recomputations; what is None does not matter."""

    city: str | None = None
    site: Annotated[str | None, Query(description="Only of this site.")] = None
    group: Annotated[str | None, Query(description="Only of this group.")] = None
    kpi: Annotated[str | None, Query(description="Only of this indicator.")] = None
    period: FigurePeriod | None = None
    cause: Annotated[Cause | None, Query(description="Only those with this cause.")] = None
    changed: Annotated[bool | None, Query(description="Only those of which a new revision came, or none.")] = None
    period_from: Annotated[Instant | None, Query(description="Only of periods that start then or later.")] = None
    period_to: Annotated[Instant | None, Query(description="Only of periods that start earlier.")] = None
    since: Annotated[Instant | None, Query(description="An older name of `from`.")] = None

    @property
    def key(self) -> tuple[str | bool | None, ...]:
        """What of it a cursor belongs to."""
        times = (self.period_from, self.period_to, self.since)
        named = (self.city, self.site, self.group, self.kpi, self.period, self.cause, self.changed)
        return (*named, *(None if time is None else time.isoformat() for time in times))


@router.get("/recomputations", summary="Recomputed periods")
def list_recomputations(
    access: Annotated[Access, Depends(seeing(Resource.KPIS))],
    asked: Asked,
    wanted: Annotated[RecomputationFilter, Depends()],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Cursor = None,
) -> Page[kpis.Recomputation]:
    """List which figures were recomputed in [from, to), when and why, the newest first; without `from`, of one day.

    A cursor names the last one seen, so what is recomputed meanwhile never shifts or repeats a page.
    """
    if wanted.kpi is not None:
        kpis.find(wanted.kpi)
    if wanted.since and asked.start:
        raise invalid("since", "expected `from` or `since`, which mean the same; not both")
    first, end = asked.instants(access.zone(wanted.city))
    start = wanted.since or first
    if start and end and start >= end:
        raise invalid("to", "expected `from` to be earlier than `to`")
    paging = Paging((*asked.ends, *wanted.key))
    chosen = store.Recomputed(
        start or (end or from_micros(access.now)) - timedelta(days=1),
        end,
        access.cities(wanted.city),
        wanted.site,
        wanted.kpi,
        wanted.period and wanted.period.value,
        wanted.cause and wanted.cause.value,
        wanted.changed,
        wanted.period_from,
        wanted.period_to,
        paging.after_numbered(cursor),
        wanted.group,
    )
    found = store.recomputations(access.connection, chosen, limit + 1)
    page = [kpis.Recomputation.model_validate(done) for done in found[:limit]]
    following = paging.numbered(page[-1].computed_at, page[-1].recomputation_id) if len(found) > limit else None
    seen, withheld = access.viewing.placed(page)
    for one in seen:
        one.cause_detail = access.viewing.words(one.city, one.cause_detail)
    return Page(items=seen, next_cursor=following, withheld=withheld)
