"""Alarms, and that somebody has seen them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from ingest.model.time import from_micros
from kpi_engine.alarms import journal
from kpi_engine.alarms.journal import AlarmFilter
from kpi_engine.api import alarms
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.cursors import Cursor, Paging
from kpi_engine.api.errors import NotFoundError
from kpi_engine.api.representation import Page
from kpi_engine.errors import AlarmError

router = APIRouter(prefix="/alarms", tags=["alarms"])


@dataclass(frozen=True)
class AlarmFilters:
    """Which alarms; what is None does not matter."""

    device: str | None = None
    rule: str | None = None
    is_open: Annotated[bool, Query(alias="open", description="Only those that are not cleared.")] = False
    unacknowledged: Annotated[bool, Query(description="Only those that nobody acknowledged.")] = False


@router.get("", summary="Alarms")
def list_alarms(
    access: Annotated[Access, Depends(seeing(Resource.ALARMS))],
    filters: Annotated[AlarmFilters, Depends()],
    city: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Cursor = None,
) -> Page[alarms.Alarm]:
    """List alarms, open and cleared ones, the newest first."""
    paging = Paging(("alarms", city, *vars(filters).values()))
    wanted = AlarmFilter(
        access.cities(city),
        filters.device,
        filters.rule,
        is_open=filters.is_open,
        is_unacknowledged=filters.unacknowledged,
        before=paging.after_numbered(cursor),
    )
    found = journal.read(access.connection, wanted, limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return Page(
        items=[alarms.alarm(one) for one in found[:limit]],
        next_cursor=paging.numbered(last.raised_at, last.alarm_id) if last else None,
    )


@router.post("/{alarm_id}/acknowledge", summary="Acknowledge an alarm")
def acknowledge_alarm(
    alarm_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    access: Annotated[Access, Depends(seeing(Resource.ACKNOWLEDGEMENTS))],
) -> alarms.Alarm:
    """Record that the caller has seen an alarm; who acknowledged it first stays, and it stays open until cleared."""
    who, scope = access.caller.token.name, access.cities(None)
    try:
        return alarms.alarm(journal.acknowledge(access.connection, alarm_id, who, from_micros(access.now), scope))
    except AlarmError as error:
        raise NotFoundError(f"there is no alarm {alarm_id}") from error
