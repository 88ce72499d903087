"""Serves the page at /docs: the interface's description, shown by Swagger UI from the installed ``fastapi-offline``.

The page and the script are for anyone, as the console's are; what they show, ``/openapi.json``, needs a login.
"""

from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.responses import FileResponse

from kpi_engine.api.console import FOLDER

LIBRARY: Final = Path(str(files("fastapi_offline"))) / "static"

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def page() -> FileResponse:
    """Return the page."""
    return FileResponse(FOLDER / "description.html")


@router.get("/docs/swagger-ui-bundle.js")
def script() -> FileResponse:
    """Return what shows descriptions."""
    return FileResponse(LIBRARY / "swagger-ui-bundle.js", media_type="text/javascript")


@router.get("/docs/swagger-ui.css")
def style() -> FileResponse:
    """Return how they look."""
    return FileResponse(LIBRARY / "swagger-ui.css", media_type="text/css")
