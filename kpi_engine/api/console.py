"""Serves the console: static files of this package, and the chart library from the installed ``plotly`` package.

Every page has an address and all of them are one document, which shows the page of the address; what it shows needs a
login. The chart library's address holds its version, so it may be kept for ever.
"""

from html import escape
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from kpi_engine.api.conditional import matches
from kpi_engine.api.library_files import FOR_EVER, library_file

FOLDER: Final = Path(str(files("kpi_engine"))) / "console"
PAGES: Final = (
    "/cities/{city}",
    "/cities/{city}/verticals/{vertical}",
    "/cities/{city}/indicators",
    "/cities/{city}/figures/{kpi}",
    "/cities/{city}/flows",
    "/cities/{city}/wall",
    "/cities/{city}/map",
    "/cities/{city}/sites",
    "/cities/{city}/sites/{site}",
    "/cities/{city}/devices",
    "/cities/{city}/devices/{device}",
    "/cities/{city}/alarms",
    "/cities/{city}/alarms/{alarm}",
    "/cities/{city}/inbox",
    "/cities/{city}/pipeline",
)
"""The addresses of pages, as in the console's ``router.js``."""
CHARTS: Final = f"/charts-{version('plotly')}.js"

router = APIRouter(include_in_schema=False)


@router.get("/")
def page(request: Request) -> Response:
    """Return the page, or that the caller has it."""
    document = FOLDER / "index.html"
    found = FileResponse(document, stat_result=document.stat())
    tag = found.headers["ETag"]
    if matches(request.headers.get("If-None-Match"), tag):
        return Response(status_code=304, headers={"ETag": tag})
    return found


for _path in PAGES:
    router.get(_path)(page)


@router.get("/cities/{unknown:path}")
def no_page(unknown: str) -> HTMLResponse:
    """Say in a sentence that there is no such page."""
    said = f"There is no page /cities/{escape(unknown)}. The console begins at <a href='/'>/</a>."
    return HTMLResponse(f"<!doctype html><html lang='en'><title>No such page</title><p>{said}</p></html>", 404)


@router.get("/charts.js")
def charts() -> RedirectResponse:
    """Lead to the chart library of the installed version."""
    return RedirectResponse(CHARTS)


@router.get(CHARTS)
def charts_of_this_version(request: Request) -> Response:
    """Return the chart library."""
    library = Path(str(files("plotly"))) / "package_data" / "plotly.min.js"
    return library_file(request, library, "text/javascript", FOR_EVER)


def static_files() -> StaticFiles:
    """Return the console's files as an application."""
    return StaticFiles(directory=FOLDER)
