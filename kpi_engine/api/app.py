"""The HTTP application: resources under /api/v1, the console at /, and what all of them share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Final

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from ingest.discovery import constants
from kpi_engine.api import (
    bodies,
    catalogues,
    conditional,
    console,
    database,
    description_page,
    notify,
    open_access,
    open_page,
    parameters,
    problems,
    rates,
    routes,
)
from kpi_engine.api.access import AnyCaller
from kpi_engine.api.administration import Administration
from kpi_engine.api.attempts import Attempts
from kpi_engine.api.bodies import BodyLimit
from kpi_engine.api.charging_sessions import Catalogues
from kpi_engine.api.clock import Clock, system_clock
from kpi_engine.api.conditional import AnswerTags, ConditionalRequests
from kpi_engine.api.head import HeadAsGet
from kpi_engine.api.headers import SecurityHeaders
from kpi_engine.api.hours import Subjects
from kpi_engine.api.live import INTERVAL, Live
from kpi_engine.api.progress_sentences import AskStanding, unknown
from kpi_engine.api.rates import RequestRates
from kpi_engine.api.request_metrics import RequestMetrics
from kpi_engine.api.turns import MESSAGES, Turns
from kpi_engine.export.formats import FORMATS, ExportFormat

COMPRESSED: Final = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    *(kind.media_type for name, kind in FORMATS.items() if name is not ExportFormat.CSV),
)
"""What is compressed already: to do it again costs more than to write it, and saves nothing."""
NOTHING_BESIDE: Final = Administration()
DESCRIPTION: Final = """\
What a lighthouse city's devices measured, and the indicators computed from it.

* Access: `Authorization: Bearer TOKEN` from `pharos token create`; a token has a role and may be limited to cities.
* Times are RFC 3339 in UTC, ranges half-open `[from, to)`; calendar buckets follow the civil time of the city.
* Parameters that a resource does not name are refused, never ignored.
* Absent is never zero: what is not known is null, with a coverage beside it.
* Errors are problem documents (RFC 9457) that name the field at fault.
"""


def create_app(  # noqa: PLR0913, PLR0917 - the world of an application
    database_url: str,
    clock: Clock = system_clock,
    poll_seconds: float = INTERVAL,
    max_body_bytes: int = bodies.MAX_BYTES,
    standing: AskStanding = unknown,
    administration: Administration = NOTHING_BESIDE,
) -> FastAPI:
    """Return the application on a database; it connects when it starts and waits for no database to do so.

    ``standing`` tells at once how the whole of Pharos stands; ``administration`` does what is more than reading.
    """
    app = FastAPI(
        title="Pharos",
        version=version("pharos-monitoring"),
        description=DESCRIPTION,
        openapi_url=None,
        redirect_slashes=False,  # a redirect would lead to whatever host the request names
        dependencies=[Depends(rates.check), Depends(parameters.check)],
        generate_unique_id_function=lambda route: route.name,  # the function's: unique, and for clients to keep
        lifespan=_lifespan,
    )
    answer_from(app, database_url, clock, poll_seconds, standing, administration)
    app.add_middleware(BodyLimit, most=max_body_bytes)
    app.add_middleware(ConditionalRequests)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=2, exclude_content_types=COMPRESSED)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestMetrics)
    app.add_middleware(HeadAsGet)
    problems.install(app)
    conditional.install(app)
    app.get("/health", tags=["health"], summary="Liveness")(health)
    app.get("/openapi.json", include_in_schema=False)(description)
    app.include_router(_resources(), prefix=parameters.PREFIX, responses=problems.RESPONSES)
    app.include_router(notify.router, responses=problems.RESPONSES)
    app.include_router(open_page.router, responses=problems.RESPONSES)
    app.include_router(console.router)
    app.include_router(catalogues.router)
    app.include_router(description_page.router)
    app.mount("/console", console.static_files())
    return app


def answer_from(  # noqa: PLR0913, PLR0917 - the world of an application
    app: FastAPI,
    database_url: str,
    clock: Clock = system_clock,
    poll_seconds: float = INTERVAL,
    standing: AskStanding = unknown,
    administration: Administration = NOTHING_BESIDE,
) -> None:
    """Give an application its database, with a pool that is closed, and forget what it knew of another one."""
    app.state.pool = database.pool(database_url)
    app.state.clock = clock
    app.state.subjects = Subjects()
    app.state.catalogues = Catalogues()
    app.state.attempts = Attempts()
    app.state.turns = Turns()
    app.state.intake_turns = Turns(MESSAGES // 2, MESSAGES)
    app.state.message_rates = RequestRates(rates.MESSAGES)
    app.state.request_rates = RequestRates(rates.REQUESTS)
    app.state.tags = AnswerTags()
    app.state.administration = administration
    app.state.open_rates = RequestRates(open_access.EVERYBODY)
    app.state.open_turns = open_access.open_turns()
    app.state.public_address = administration.public_address
    app.state.exports = Turns(each=2, together=2)  # for minutes each, on connections of their own
    app.state.live = Live(app.state.pool, clock, poll_seconds, standing)


def health() -> dict[str, str]:
    """Answer as long as the process runs; apart from the console's own files and open data, all else needs a token."""
    return {"status": "ok"}


def description(request: Request, _: AnyCaller) -> JSONResponse:
    """Return the description of every resource (OpenAPI 3.1)."""
    return JSONResponse(request.app.openapi())


def _resources() -> APIRouter:
    """Return the routers of every module of ``routes``."""
    api = APIRouter()
    for router in constants(routes.__name__, routes.__path__, "router", APIRouter).values():
        api.include_router(router)
    return api


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool.open(wait=False)
    yield
    app.state.pool.close()
