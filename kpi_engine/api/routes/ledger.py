"""The ledger, and the messages that were refused."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from ingest.reasons import Reason
from kpi_engine.api import ledger
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.database import fetch
from kpi_engine.api.representation import Answer, Items
from kpi_engine.api.turns import EXPENSIVE

router = APIRouter(tags=["ledger"])


class RefusedMessage(Answer):
    """A message in quarantine."""

    quarantine_id: int
    city: str | None
    device: str | None
    topic: str
    reason: str = Field(description=f"Stable code, such as {Reason.CLOCK_TOO_LATE}.")
    detail: str = Field(description="A sentence about what was wrong.")
    readings: int = Field(description="Readings it stands for.")
    occurrences: int = Field(description="How often the same message came.")
    first_received_at: datetime
    last_received_at: datetime
    payload: str | None = Field(
        description="As text; bytes that are none as \\xNN. Null for evaluators, and once expired."
    )


@router.get("/ledger", summary="The ledger of readings")
def list_ledger(
    access: Annotated[Access, Depends(seeing(Resource.LEDGER))],
    city: str | None = None,
) -> Items[ledger.LedgerEntry]:
    """List what became of every reading, per city and source."""
    return Items(items=ledger.read(access.connection, access.cities(city)))


@router.get("/quarantine", dependencies=[EXPENSIVE], summary="Refused messages")
def list_quarantine(
    access: Annotated[Access, Depends(seeing(Resource.QUARANTINE))],
    city: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Items[RefusedMessage]:
    """List refused messages, the newest first. Those of no known city are for tokens of every city."""
    show = access.caller.may(Resource.PAYLOADS)

    def message(payload: bytes | None, **facts: object) -> RefusedMessage:
        text = payload.decode(errors="backslashreplace") if show and payload is not None else None
        return RefusedMessage.model_validate(facts | {"payload": text})

    return Items(items=fetch(access.connection, message, "api_quarantine", cities=access.cities(city), limit=limit))
