"""The parameters of a request against the interface's own description: what it does not name is refused, not ignored.

A misspelt ``as_of`` that is ignored answers as of now; whoever asked would never know.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from fastapi import Request
from starlette.types import Scope

from kpi_engine.api.errors import FieldFault, InvalidRequestError

PREFIX = "/api/v1"


def check(request: Request) -> None:
    """Refuse a request with parameters that its resource does not take as they are given (InvalidRequestError)."""
    faults = [*_foreign(request), *_unstorable(request)]
    if faults:
        raise InvalidRequestError("; ".join(f"{fault.field}: {fault.detail}" for fault in faults), *faults)


def template(scope: Scope) -> str | None:
    """Return the path of the resource that a request has reached, its parameters by name; None where there is none."""
    route = scope.get("route")
    if route is None:
        return None
    path: str = getattr(route, "path_format", route.path)  # without kinds, as {number:int}
    is_resource = scope["path"].startswith(f"{PREFIX}/") and not path.startswith(PREFIX)
    return PREFIX + path if is_resource else path


def _foreign(request: Request) -> list[FieldFault]:
    """Return a fault for every query parameter that is not described, or given twice where one is expected."""
    described = _described(request)
    if described is None:
        return []
    faults = []
    for name in dict.fromkeys(request.query_params):
        if name not in described:
            faults.append(FieldFault(name, "query", _expected(name, list(described))))
        elif len(request.query_params.getlist(name)) > 1 and not described[name]:
            faults.append(FieldFault(name, "query", "expected once"))
    return faults


def _described(request: Request) -> Mapping[str, bool] | None:
    """Return the query parameters of a resource, and whether each may be repeated; None for what is not described."""
    document: dict[str, Any] = request.app.openapi()
    operation = document["paths"].get(template(request.scope), {}).get(request.method.lower())
    if operation is None:
        return None
    if operation.get("x-any-query"):
        return None  # webhooks bring what they like; what a binding asks for is looked at there
    asked = [one for one in operation.get("parameters", []) if one["in"] == "query"]
    return {one["name"]: _is_list(one["schema"]) for one in asked}


def _is_list(schema: Mapping[str, Any]) -> bool:
    return any(one.get("type") == "array" for one in (schema, *schema.get("anyOf", ())))


def _expected(name: str, known: list[str]) -> str:
    if not known:
        return "this resource takes no query parameters"
    guess = "".join(f"; did you mean {one}?" for one in get_close_matches(name, known, 1))
    return f"no such parameter; expected {', '.join(known)}{guess}"


def _unstorable(request: Request) -> list[FieldFault]:
    """Return a fault for every parameter with a NUL character: PostgreSQL's text has none, so nothing is called so."""
    asked = [("path", *item) for item in request.path_params.items()]
    asked += [("query", *item) for item in request.query_params.multi_items()]
    detail = "expected text without NUL characters"
    return [FieldFault(name, location, detail) for location, name, text in asked if "\0" in str(text)]
