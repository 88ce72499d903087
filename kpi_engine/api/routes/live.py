"""Live events as server-sent events (WHATWG HTML, section 9.2)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from kpi_engine.api.access import Access, AnyCaller
from kpi_engine.api.clock import Now
from kpi_engine.api.database import Database
from kpi_engine.api.live import Live

router = APIRouter(prefix="/live", tags=["live"])


def _city(caller: AnyCaller, connection: Database, now: Now, city: str | None = None) -> str | None:
    Access(caller, connection, now).cities(city)
    return city


@router.get(
    "",
    summary="Live events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "An endless stream of events."}},
)
async def live(request: Request, caller: AnyCaller, city: Annotated[str | None, Depends(_city)]) -> StreamingResponse:
    """Stream `devices`, `alarms`, `kpis` and `ledger` events (those the role may see), a `heartbeat` after each look.

    `data` is `{"full": bool, "items": [...]}`: all items first (`full`), then those that changed, at most every 5 s.
    Items of `kpis`, `ledger` and `alarms` (open ones) are those of their resources; items of `devices` say what changes
    of a device: `city`, `name`, `state`, `last_observed_at`, and `values` by quantity. A heartbeat is `{"now",
    "problem", "stuck", "notes"}`; with a `problem`, nothing seen so far may be shown as current, and so when no
    heartbeat comes for 15 s. `stuck` are sentences about what does not move, `notes` about what is under way.
    """
    watched: Live = request.app.state.live
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(watched.watch(caller, city), media_type="text/event-stream", headers=headers)
