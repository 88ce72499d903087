"""Live events as server-sent events (WHATWG HTML, section 9.2)."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from kpi_engine.api.access import Access, AnyCaller
from kpi_engine.api.clock import Now
from kpi_engine.api.database import Database
from kpi_engine.api.live import Live

router = APIRouter(prefix="/live", tags=["live"])


def _city(caller: AnyCaller, connection: Database, now: Now, city: str | None = None) -> str | None:
    Access(caller, connection, now).cities(city)
    return city


def _kept_by_no_cache(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"  # the framework says "no-cache", which may be kept


@router.get(
    "",
    summary="Live events",
    response_class=EventSourceResponse,
    dependencies=[Depends(_kept_by_no_cache)],
    responses={200: {"description": "An endless stream of events."}},
)
async def watch(
    request: Request, caller: AnyCaller, city: Annotated[str | None, Depends(_city)]
) -> AsyncIterator[ServerSentEvent]:
    """Stream `devices`, `alarms`, `kpis` and `ledger` events (those the role may see), a `heartbeat` after each look.

    `data` is `{"full": bool, "items": [...]}`: all items first (`full`), then those that changed, at most every 5 s.
    Items of `kpis`, `ledger` and `alarms` (open ones) are those of their resources; items of `devices` say what changes
    of a device: `city`, `name`, `state`, `last_observed_at`, and `values` by quantity. A heartbeat is `{"now",
    "problem", "stuck", "notes"}`; with a `problem`, nothing seen so far may be shown as current, and so when no
    heartbeat comes for 15 s. `stuck` are sentences about what does not move, `notes` about what is under way.
    """
    watched: Live = request.app.state.live
    async for event in watched.watch(caller, city):
        yield event
