"""Which figures are due; its path comes before those of single indicators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.representation import Answer, Items
from kpi_engine.engine.queue_overview import queued

router = APIRouter(prefix="/kpis", tags=["KPIs"])


class DueFigures(Answer):
    """Figures of one indicator of a city, its sites and its groups that are due."""

    city: str
    kpi: str
    figures: int
    since: datetime = Field(description="When the oldest of them was noted.")
    cause: str = Field(description="That of the most urgent one.")
    shards: list[int] = Field(description="Parts of the queue in which they are; one process works on one at a time.")
    workers: list[str] = Field(description="Sessions of the database that work on one of the shards now.")
    failed_at: datetime | None = Field(description="When computing them failed last, since the oldest is due.")
    error: str | None = Field(description="Why it failed, for one of the figures that were computed together.")


@router.get("/queue", summary="Figures that are due")
def list_queue(
    access: Annotated[Access, Depends(seeing(Resource.QUEUE))], city: str | None = None
) -> Items[DueFigures]:
    """List what is due by city and indicator, what is computed first at the top."""
    found = queued(access.connection, access.cities(city))
    return Items(items=[DueFigures.model_validate(one, from_attributes=True) for one in found])
