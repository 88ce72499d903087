"""Serves the page at /docs: the interface's description, shown by Swagger UI from the installed ``fastapi-offline``.

The page and the script are for anyone, as the console's are; what they show, ``/openapi.json``, needs a login.
"""

from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from kpi_engine.api.console import FOLDER
from kpi_engine.api.library_files import library_file

LIBRARY: Final = Path(str(files("fastapi_offline"))) / "static"

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def page() -> FileResponse:
    """Return the page."""
    return FileResponse(FOLDER / "description.html")


@router.get("/docs/swagger-ui-bundle.js")
def script(request: Request) -> Response:
    """Return what shows descriptions."""
    return library_file(request, LIBRARY / "swagger-ui-bundle.js", "text/javascript")


@router.get("/docs/swagger-ui.css")
def style(request: Request) -> Response:
    """Return how they look."""
    return library_file(request, LIBRARY / "swagger-ui.css", "text/css")
