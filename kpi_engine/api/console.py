"""Serves the console: static files of this package, and the chart library from the installed ``plotly`` package.

The chart library's address holds its version, so it may be kept for ever.
"""

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from kpi_engine.api.library_files import FOR_EVER, library_file

FOLDER: Final = Path(str(files("kpi_engine"))) / "console"
CHARTS: Final = f"/charts-{version('plotly')}.js"

router = APIRouter(include_in_schema=False)


@router.get("/")
def page() -> FileResponse:
    """Return the page."""
    return FileResponse(FOLDER / "index.html")


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
