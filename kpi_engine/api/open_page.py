"""The pages of open figures at /open: for everybody, as the console's are, and limited as all that is open."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from kpi_engine.api.clock import Now
from kpi_engine.api.open_access import ONCE, OpenAccess
from kpi_engine.open_data.page import render, render_list
from kpi_engine.open_data.recent import recent

router = APIRouter(include_in_schema=False)

Open = Annotated[OpenAccess, Depends(OpenAccess)]
HEADERS: Final = {
    "Cache-Control": "public, max-age=60",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
}


@router.get("/open", dependencies=list(ONCE))
def list_open_cities(access: Open) -> HTMLResponse:
    """Return the page that names the cities."""
    return HTMLResponse(render_list(access.cities()), headers=HEADERS)


@router.get("/open/{city}", dependencies=list(ONCE))
def open_city(city: str, access: Open, now: Now) -> HTMLResponse:
    """Return the page of a city."""
    one = access.city(city)
    return HTMLResponse(render(one, recent(access.connection, one, now)), headers=HEADERS)
