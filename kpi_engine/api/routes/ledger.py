"""The ledger, and the messages that were refused."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from ingest.reasons import Reason
from kpi_engine.api import ledger
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.database import fetch
from kpi_engine.api.representation import Answer, Items
from kpi_engine.api.turns import EXPENSIVE
from processors.storage.statements import statements

SQL: Final = statements(__name__)

router = APIRouter(tags=["ledger"])


class RefusedMessage(Answer):
    """A message in quarantine."""

    quarantine_id: int
    city: str | None = Field(description="For evaluators null where nobody registered it, as device.")
    device: str | None
    topic: str | None = Field(description="Null for evaluators, and where it named no device once it has expired.")
    reason: str = Field(description=f"Stable code, such as {Reason.CLOCK_TOO_LATE}.")
    field: str | None = Field(description="What is at fault, by a name of the city file or of the format.")
    detail: str | None = Field(
        description="A sentence on what was wrong; it may quote the payload. Null for evaluators, and once expired."
    )
    readings: int = Field(description="Readings it stands for.")
    occurrences: int = Field(description="How often the same message came.")
    is_summary: bool = Field(
        description="Whether it stands for all messages of a device and reason beyond the quota, which are not kept."
    )
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

    def message(payload: bytes | None, **facts: object) -> RefusedMessage:
        text = None if payload is None else payload.decode(errors="backslashreplace")
        return RefusedMessage.model_validate(facts | {"payload": text})

    scope = {"cities": access.cities(city), "words": access.caller.may(Resource.PAYLOADS), "limit": limit}
    return Items(items=fetch(access.connection, message, SQL["api_quarantine"], **scope))
