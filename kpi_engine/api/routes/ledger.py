"""The ledger."""

from typing import Annotated

from fastapi import APIRouter, Depends

from kpi_engine.api import ledger
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.representation import Items

router = APIRouter(tags=["ledger"])


@router.get("/ledger", summary="The ledger of readings")
def list_ledger(
    access: Annotated[Access, Depends(seeing(Resource.LEDGER))],
    city: str | None = None,
) -> Items[ledger.LedgerEntry]:
    """List what became of every reading, per city and source."""
    return Items(items=ledger.read(access.connection, access.cities(city)))
