"""Live events as server-sent events (WHATWG HTML, section 9.2)."""

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from kpi_engine.api.access import AnyCaller
from kpi_engine.api.live import Live

router = APIRouter(prefix="/live", tags=["live"])


@router.get(
    "",
    summary="Live events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "An endless stream of events."}},
)
async def live(request: Request, caller: AnyCaller) -> StreamingResponse:
    """Stream `devices`, `kpis` and `ledger` events (those the role may see) and a `heartbeat` after each look.

    `data` is `{"full": bool, "items": [...]}` with items as in the resources of the same name: all of them first
    (`full`), then those that changed, at most every 5 s. A heartbeat is `{"now", "problem"}`; with a `problem`, nothing
    seen so far may be shown as current, and so when no heartbeat comes for 15 s.
    """
    watched: Live = request.app.state.live
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(watched.watch(caller), media_type="text/event-stream", headers=headers)
