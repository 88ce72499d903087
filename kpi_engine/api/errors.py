"""What the HTTP interface refuses: one class per kind of problem, each with its HTTP status."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from starlette.exceptions import HTTPException

from kpi_engine.errors import KpiError


@dataclass(frozen=True)
class FieldFault:
    """One field at fault; ``location`` is query, path, header, cookie or body."""

    field: str
    location: str
    detail: str


class ApiError(KpiError):
    """Base of what a client is told as a problem document; the message is its detail.

    A class states its HTTP status, the ``kind`` that the document names, and headers beside it.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    kind: ClassVar[str] = "internal-error"
    headers: Mapping[str, str] = {}

    def __init_subclass__(cls, *, status: HTTPStatus, kind: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init_subclass__()
        cls.status, cls.kind, cls.headers = status, kind, headers or {}

    def __init__(self, detail: str, *faults: FieldFault) -> None:
        self.faults = faults
        super().__init__(detail)


class InvalidRequestError(ApiError, status=HTTPStatus.UNPROCESSABLE_ENTITY, kind="invalid-request"):
    """A parameter or the body is not what was expected; the faults say which."""


class UnauthenticatedError(
    ApiError,
    status=HTTPStatus.UNAUTHORIZED,
    kind="unauthenticated",
    headers={"WWW-Authenticate": 'Bearer realm="pharos"'},
):
    """There is no valid token or session."""


class ForbiddenError(ApiError, status=HTTPStatus.FORBIDDEN, kind="forbidden"):
    """The token is good, but not for this."""


class WithheldError(ApiError, status=HTTPStatus.FORBIDDEN, kind="withheld"):
    """It would tell of single households, which are not for this role; the sentence says what to ask for instead."""


class NotFoundError(ApiError, status=HTTPStatus.NOT_FOUND, kind="not-found"):
    """There is no such thing, or none that this token may see."""


class ConflictError(ApiError, status=HTTPStatus.CONFLICT, kind="conflict"):
    """What is asked for contradicts what is there; nothing was changed."""


class UnsupportedMediaError(ApiError, status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, kind="unsupported-media-type"):
    """The body is not in a form that any resource takes."""


class NotSetUpError(ApiError, status=HTTPStatus.NOT_IMPLEMENTED, kind="not-set-up"):
    """The installation does not let the interface do it."""


class TooManyRequestsError(ApiError, status=HTTPStatus.TOO_MANY_REQUESTS, kind="too-many-requests"):
    """The caller asks for too much at the same time; asking again later helps."""

    def __init__(self, detail: str, retry_after: int = 2) -> None:
        super().__init__(detail)
        self.headers = {"Retry-After": str(retry_after)}


class UnavailableError(
    ApiError, status=HTTPStatus.SERVICE_UNAVAILABLE, kind="database-unavailable", headers={"Retry-After": "5"}
):
    """The database cannot answer now; asking again later may help."""


class BodyTooLargeError(HTTPException):
    """The body is larger than any resource takes; an exception of the framework, which hides others at this place."""

    kind: ClassVar[str] = "content-too-large"

    def __init__(self, most: int) -> None:
        super().__init__(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"expected a body of at most {most} bytes; it was not read"
        )


def invalid(field: str, detail: str, location: str = "query") -> InvalidRequestError:
    """Return the error of one field."""
    return InvalidRequestError(f"{field}: {detail}", FieldFault(field, location, detail))
