"""Which methods a path has, for the Allow header of 405: the framework names those of the first route only."""

from typing import Final

from fastapi import FastAPI
from starlette.routing import Match, Mount

ASKED: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
OF_FILES: Final = ("GET",)


def allowed(app: FastAPI, path: str) -> str:
    """Return the methods of ``path`` as the header names them; where there is GET there is HEAD."""
    found = [method for method in ASKED if any(_takes(route, path, method) for route in app.routes)]
    return ", ".join([*found, *(["HEAD"] if "GET" in found else [])])


def _takes(route: object, path: str, method: str) -> bool:
    scope = {"type": "http", "path": path, "root_path": "", "method": method, "headers": []}
    if isinstance(route, Mount) and method not in OF_FILES:
        return False
    return route.matches(scope)[0] is Match.FULL  # type: ignore[attr-defined]  # every route has it
