"""The description of the interface at /openapi.json, made once and only when a test asks: it takes as long as many."""

from functools import cache
from typing import Any

from kpi_engine.api.app import create_app


@cache
def document() -> dict[str, Any]:
    """Return it; nothing changes it."""
    return create_app("postgresql://nobody@127.0.0.1:1/nothing").openapi()


def operations() -> dict[str, dict[str, Any]]:
    """Return its operations, such as ``get /api/v1/cities``, by method and path."""
    return {
        f"{method} {path}": operation
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }
