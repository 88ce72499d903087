"""Errors as RFC 9457 problem documents: what was wrong, in which field, and what was expected there."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from ingest.errors import expectation
from ingest.model.sentences import Sentence
from ingest.wording import in_words
from kpi_engine.api import methods
from kpi_engine.api.errors import ApiError, BodyTooLargeError, FieldFault, InvalidRequestError, UnavailableError

MEDIA_TYPE: Final = "application/problem+json"

_log = structlog.get_logger(__name__)


class Fault(BaseModel):
    """One field at fault."""

    field: str = Field(description="The parameter, or the path inside the body.", examples=["from"])
    location: str = Field(description="Where it is: query, path, header, cookie or body.")
    detail: str = Field(description="What was expected.")


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field(description="Stable name of the kind.", examples=["urn:pharos:problem:not-found"])
    title: str = Field(description="The HTTP status in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="A sentence about this occurrence.")
    instance: str = Field(description="The path that was asked for.")
    errors: list[Fault] = Field(description="The fields at fault, where the request is.")


def _described(*statuses: tuple[int, str]) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"model": Problem, "description": meaning, "content": {MEDIA_TYPE: {}}} for status, meaning in statuses
    }


RESPONSES: Final = _described(
    (401, "No valid token or session."),
    (403, "The token is not good for this role's resource or this city."),
    (404, "There is no such thing, or none that the token may see."),
    (405, "The resource has no such method; `Allow` names those it has."),
    (413, "The body is larger than any resource takes."),
    (422, "A parameter is not what was expected; `errors` says which."),
    (429, "The token has too many requests of this kind under way; `Retry-After` says when to ask again."),
    (503, "The database cannot answer now."),
)
CONFLICT: Final = _described((409, "It contradicts what is there; nothing was changed."))
NOT_SET_UP: Final = _described((501, "This installation does not let the interface do it."))
COMPRESSED: Final = _described((415, "The body is compressed; it was not read."))


def install(app: FastAPI) -> None:
    """Make every error of ``app`` a problem document, those of the framework included."""
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(psycopg.OperationalError, _database_unavailable)
    app.add_exception_handler(Exception, _unexpected)


async def _api_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)  # noqa: S101 - registered for this class only; tells the type checker
    problem = _problem(request, error.kind, error.status, str(error))
    problem.errors = [Fault(field=f.field, location=f.location, detail=f.detail) for f in error.faults]
    return _response(problem, dict(error.headers))


async def _invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    faults = [_fault(fault["type"], fault["loc"], expectation(fault["msg"])) for fault in error.errors()]
    detail = "; ".join(f"{fault.field}: {fault.detail}" for fault in faults)
    return await _api_error(request, InvalidRequestError(detail, *faults))


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    if error.status_code == HTTPStatus.BAD_REQUEST and isinstance(error.__cause__, UnicodeDecodeError):
        detail = f"expected a JSON object in UTF-8, found another byte at {error.__cause__.start}"
        return await _api_error(request, InvalidRequestError(f"body: {detail}", FieldFault("body", "body", detail)))
    status = HTTPStatus(error.status_code)
    detail = f"{request.method} {request.url.path}: {error.detail}"
    kind = error.kind if isinstance(error, BodyTooLargeError) else status.phrase.lower().replace(" ", "-")
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = methods.allowed(request.app, request.scope["path"])
    return _response(_problem(request, kind, status, detail), headers)


async def _database_unavailable(request: Request, error: Exception) -> JSONResponse:
    _log.warning("database unavailable", path=request.url.path, cause=in_words(error))
    return await _api_error(
        request, UnavailableError(Sentence("the database cannot answer now; ask again in a few seconds").of())
    )


async def _unexpected(request: Request, _: Exception) -> JSONResponse:
    """Answer for an error of our own; the framework raises it on, and the server logs its traceback."""
    return await _api_error(request, ApiError(Sentence("an error of ours; it has been logged with its traceback").of()))


def _fault(kind: str, where: tuple[int | str, ...], expected: str) -> FieldFault:
    location, *path = where
    if kind == "json_invalid":  # whose path is the position at which the text stops being JSON
        return FieldFault("body", "body", f"expected a JSON object, but the text is no JSON at character {path[0]}")
    return FieldFault(".".join(str(part) for part in path) or str(location), str(location), expected)


def _problem(request: Request, kind: str, status: HTTPStatus, detail: str) -> Problem:
    return Problem(
        type=f"urn:pharos:problem:{kind}",
        title=status.phrase,
        status=status,
        detail=detail,
        instance=request.url.path,
        errors=[],
    )


def _response(problem: Problem, headers: Mapping[str, str]) -> JSONResponse:
    return JSONResponse(problem.model_dump(), problem.status, headers, MEDIA_TYPE)
