"""Serves the console: static files of this package, and the chart library from the installed ``plotly`` package.

The chart library's address holds its version, so it may be kept for ever; it is compressed once, when first asked for.
"""

import gzip
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

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
    """Return the chart library, compressed where that is understood."""
    compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if compressed:
        headers["Content-Encoding"] = "gzip"
    body = _compressed_library() if compressed else _library()
    return Response(body, media_type="text/javascript", headers=headers)


def static_files() -> StaticFiles:
    """Return the console's files as an application."""
    return StaticFiles(directory=FOLDER)


def _library() -> bytes:
    return files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()


@cache
def _compressed_library() -> bytes:
    return gzip.compress(_library(), compresslevel=6, mtime=0)
